#include "plait/ml/model_file.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/record_file.h"
#include "plait/plan_file.h"

namespace plait::ml {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

Array rows() {
  return from_array(array("[[-2., 1.], [-1., 0.], [0., 3.], [1., 1.], [2., 2.], [3., 5.]]"), chunks({4, 2}));
}
Array numbers() { return from_array(array("[0.5, 1., 2.5, 2., 4., 7.]"), chunks({6})); }
Array classes() { return from_array(array("[0, 0, 1, 0, 1, 1]"), chunks({3})); }

ColumnMoments moments() { return column_moments(rows()); }
LeastSquares line() { return fit_least_squares(rows(), numbers()); }
GlmModel logistic() { return fit_glm(rows(), classes(), {}, {.squared_penalty = 0.1}); }
KMeans clusters() { return fit_kmeans(rows(), {}, {.clusters = 2, .seed = 3}); }
Forest forest() { return grow_forest(rows(), classes(), {}, {.classes = 2, .n_estimators = 3, .seed = 1}); }

std::string path_of(const std::string& name) { return testing::TempDir() + "model_file_test." + name; }

// Texts and numbers of two models of one kind, member for member.
void expect_same(const NdArray& a, const NdArray& b) {
  EXPECT_EQ(a.dtype(), b.dtype());
  EXPECT_EQ(to_string(a), to_string(b));
}

std::vector<char> bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
void write_bytes(const std::string& path, const std::vector<char>& bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

TEST(ModelFile, GivesMomentsBack) {
  const std::string path = path_of("moments");
  save(path, moments());
  const auto found = load<ColumnMoments>(path);
  const ColumnMoments expected = moments();
  expect_same(found.count, expected.count);
  expect_same(found.mean, expected.mean);
  expect_same(found.variance, expected.variance);
  expect_same(found.minimum, expected.minimum);
  expect_same(found.maximum, expected.maximum);
}

TEST(ModelFile, GivesVocabulariesBack) {
  const std::string path = path_of("vocabulary");
  save(path, learn_vocabulary(from_sequence(std::vector<std::string>{"bb aa", "bb"})));
  const auto found = load<Vocabulary>(path);
  EXPECT_EQ(found.terms, (std::vector<std::string>{"aa", "bb"}));
  EXPECT_EQ(to_string(found.documents), "[1 2]");
  EXPECT_EQ(found.num_documents, 2);
}

TEST(ModelFile, GivesLeastSquaresBack) {
  const std::string path = path_of("line");
  const LeastSquares expected = line();
  save(path, expected);
  const auto found = load<LeastSquares>(path);
  EXPECT_EQ(found.rank, 2);
  expect_same(found.singular_values, expected.singular_values);
  expect_same(apply_linear(rows(), found.coefficients, found.intercepts).compute(),
              apply_linear(rows(), expected.coefficients, expected.intercepts).compute());
}

TEST(ModelFile, GivesLinearModelsBack) {
  const std::string path = path_of("glm");
  const GlmModel expected = logistic();
  save(path, expected);
  const auto found = load<GlmModel>(path);
  EXPECT_EQ(found.iterations, expected.iterations);
  EXPECT_TRUE(found.is_converged);
  EXPECT_EQ(found.objective, expected.objective);
  EXPECT_EQ(found.slope, expected.slope);
  expect_same(apply_linear(rows(), found.coefficients, found.intercepts, "probabilities").compute(),
              apply_linear(rows(), expected.coefficients, expected.intercepts, "probabilities").compute());
}

TEST(ModelFile, GivesCentersBack) {
  const std::string path = path_of("kmeans");
  const KMeans expected = clusters();
  save(path, expected);
  const auto found = load<KMeans>(path);
  EXPECT_EQ(found.inertia, expected.inertia);
  EXPECT_EQ(found.iterations, expected.iterations);
  EXPECT_EQ(found.has_converged, expected.has_converged);
  expect_same(nearest_centers(rows(), found.centers).compute(), nearest_centers(rows(), expected.centers).compute());
}

TEST(ModelFile, GivesForestsBack) {
  const std::string path = path_of("forest");
  const Forest expected = forest();
  save(path, expected);
  const auto found = load<Forest>(path);
  expect_same(found.rows, expected.rows);
  expect_same(found.impurity, expected.impurity);
  expect_same(found.importances, expected.importances);
  expect_same(forest_values(rows(), found).compute(), forest_values(rows(), expected).compute());
  expect_same(out_of_bag_values(rows(), found, 1).compute(), out_of_bag_values(rows(), expected, 1).compute());
}

TEST(ModelFile, HoldsSeveralModelsThatBelongTogether) {
  const std::string path = path_of("several");
  save(path, moments(), logistic());
  const auto [scale, model] = load<ColumnMoments, GlmModel>(path);
  expect_same(scale.mean, moments().mean);
  expect_same(model.coefficients, logistic().coefficients);
  EXPECT_THAT([&] { load<GlmModel>(path); },
              ThrowsMessage<Error>(AllOf(HasSubstr(path), HasSubstr("holds 'moments of columns', 'generalized linear "
                                                                    "model', expected 'generalized linear model'"))));
}

TEST(ModelFile, RefusesAnotherModel) {
  const std::string path = path_of("other");
  save(path, clusters());
  EXPECT_THAT([&] { load<Forest>(path); },
              ThrowsMessage<Error>(AllOf(HasSubstr(path), HasSubstr("holds 'k-means', expected 'forest'"))));
}

TEST(ModelFile, RefusesAModelThatNoFitHasGiven) {
  EXPECT_THAT(
      [] { save(path_of("none"), GlmModel{}); },
      ThrowsMessage<Error>(HasSubstr("the generalized linear model cannot be saved: its coefficients have 0 axes")));
  EXPECT_FALSE(std::filesystem::exists(path_of("none")));
}

TEST(ModelFile, RefusesFilesThatAreDamagedAnywhere) {
  const std::string path = path_of("damaged");
  const GlmModel expected = logistic();
  save(path, expected);
  const std::vector<char> whole = bytes_of(path);
  std::size_t num_refused = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::vector<char> damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    write_bytes(path, damaged);
    try {
      // What lies between the pieces of a file, to align them, counts for nothing.
      expect_same(load<GlmModel>(path).coefficients, expected.coefficients);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::io);
      EXPECT_THAT(error.what(), HasSubstr(path));
      ++num_refused;
    }
  }
  EXPECT_GT(num_refused, 100);
}

TEST(ModelFile, RefusesFilesThatEndTooEarly) {
  const std::string path = path_of("short");
  const KMeans expected = clusters();
  save(path, expected);
  const std::vector<char> whole = bytes_of(path);
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    write_bytes(path, {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
    try {
      expect_same(load<KMeans>(path).centers, expected.centers);
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("cannot read " + path));
    }
  }
}

TEST(ModelFile, RefusesWhatIsNoModelFile) {
  EXPECT_THAT([] { load<Forest>("nowhere.model"); }, ThrowsMessage<Error>(HasSubstr("cannot read nowhere.model")));
  const std::string text = path_of("text"), plan = path_of("plan"), next = path_of("next");
  write_bytes(text, std::vector<char>(500, 'a'));
  EXPECT_THAT([&] { load<Forest>(text); },
              ThrowsMessage<Error>(AllOf(HasSubstr(text), HasSubstr("does not start as a record"))));
  save_plan(plan, rows());
  EXPECT_THAT([&] { load<Forest>(plan); }, ThrowsMessage<Error>(AllOf(HasSubstr(plan), HasSubstr("holds no models"))));

  save(next, clusters());
  Record record = read_record_file(next);
  record.head[16] = std::byte{2};
  write_record_file(next, record, "save");
  EXPECT_THAT([&] { load<KMeans>(next); },
              ThrowsMessage<Error>(AllOf(HasSubstr(next), HasSubstr("have version 2 of the format, this program reads "
                                                                    "version 1"))));
}

// Files with right checksums, made by somebody else: no walk through their trees leaves them.
TEST(ModelFile, RefusesForestsWhoseNodesLeadNowhere) {
  const std::string path = path_of("walks");
  Forest tree = forest();
  const auto refuses = [&](const char* why) {
    EXPECT_THAT([&] { save(path, tree); }, ThrowsMessage<Error>(HasSubstr(why)));
  };
  tree.left = NdArray::zeros(DType::int32, tree.left.shape());
  refuses("asks for what is not there");
  tree = forest();
  tree.importances = NdArray::zeros(DType::float64, {3, 0});
  refuses("asks for what is not there");
  tree = forest();
  tree.starts = array("[0, 0, 0, 0]");
  refuses("its trees do not stand one after the other");
  tree = forest();
  tree.threshold = array("[1.]");
  refuses("its thresholds are a float64 array of shape (1,), expected float64 of shape");
}

TEST(Predictions, RefuseRowsOfOtherColumns) {
  const Array narrow = from_array(array("[[1.], [2.]]"), chunks({2, 1}));
  EXPECT_THAT([&] { forest_values(narrow, forest()); },
              ThrowsMessage<Error>(HasSubstr("the rows have shape (2, 1), but the forest has learnt from 2 columns")));
  EXPECT_THAT([&] { nearest_centers(narrow, clusters().centers); },
              ThrowsMessage<Error>(HasSubstr("the rows have shape (2, 1), but the centers have shape (2, 2)")));
}

}  // namespace
}  // namespace plait::ml
