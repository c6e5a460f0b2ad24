#include <gmock/gmock.h>

#include "plait/bag.h"
#include "plait/ml/linear_model.h"
#include "plait/ml/text.h"

namespace plait::ml {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

Bag<std::string> documents(std::int64_t npartitions) {
  return from_sequence(std::vector<std::string>{"Bb aa bb", "cc the bb!", "", "été aa"}, {.npartitions = npartitions});
}

TEST(Vocabulary, IsTheSameWhateverThePartitions) {
  for (const std::int64_t npartitions : {1, 2, 4}) {
    const Vocabulary found = learn_vocabulary(documents(npartitions), {.stop_words = {"the"}});
    EXPECT_THAT(found.terms, ElementsAre("aa", "bb", "cc", "été"));
    EXPECT_EQ(to_string(found.documents), "[2 2 1 1]");
    EXPECT_EQ(found.num_documents, 4);
  }
}

TEST(Vocabulary, KeepsTheTermsThatAreAskedFor) {
  EXPECT_THAT(learn_vocabulary(documents(2), {}, {.fewest_documents = 2}).terms, ElementsAre("aa", "bb"));
  EXPECT_THAT(learn_vocabulary(documents(2), {}, {.most_documents = 1}).terms, ElementsAre("cc", "the", "été"));
  EXPECT_THAT(learn_vocabulary(documents(2), {}, {.most_terms = 1}).terms, ElementsAre("bb"));
  EXPECT_THAT([] { learn_vocabulary(documents(2), {}, {.fewest_documents = 9}); },
              ThrowsMessage<Error>(HasSubstr("none of the 5 terms of 4 documents is left")));
  EXPECT_THAT([] { learn_vocabulary(documents(2), {.fewest_words = 2}); },
              ThrowsMessage<Error>(HasSubstr("terms of 2 to 1 words")));
}

TEST(CountedTerms, AreRowsOfTheDocuments) {
  const TermOptions terms{.stop_words = {"the"}};
  const Vocabulary vocabulary = learn_vocabulary(documents(2), terms);
  const Array rows = dense_rows(counted_terms(documents(3), vocabulary, terms));
  EXPECT_EQ(to_string(rows.compute()), "[[1. 2. 0. 0.]\n [0. 1. 1. 0.]\n [0. 0. 0. 0.]\n [1. 0. 0. 1.]]");
}

TEST(HashedTerms, EachCountInOneColumn) {
  const Array rows = dense_rows(hashed_terms(documents(2), 16, {}, false));
  EXPECT_EQ(to_string(rows.sum({1}).compute()), "[3. 3. 0. 2.]");
  EXPECT_THAT([] { hashed_terms(documents(2), 0); }, ThrowsMessage<Error>(HasSubstr("0 columns")));
}

TEST(WeightedTerms, HaveTheLengthOneAndCountRareTermsMore) {
  const Vocabulary vocabulary = learn_vocabulary(documents(2));
  const Array rows = dense_rows(weighted_terms(counted_terms(documents(2), vocabulary), vocabulary));
  EXPECT_EQ(to_string((rows * rows).sum({1}).compute()), "[1. 1. 0. 1.]");
  const NdArray last = rows.compute();
  // "été" is in one document, "aa" in two.
  EXPECT_GT(last.data<double>()[3 * 5 + 4], last.data<double>()[3 * 5 + 0]);
}

TEST(CountedTerms, AreLearntFromByLinearModels) {
  const auto reviews =
      from_sequence(std::vector<std::string>{"good film", "bad film", "good", "bad"}, {.npartitions = 2});
  const Vocabulary vocabulary = learn_vocabulary(reviews);
  const Array rows = counted_terms(reviews, vocabulary);
  const GlmModel model =
      fit_glm(rows, from_array(array("[1., 0., 1., 0.]"), chunks({2})), {}, {.squared_penalty = 1e-3});
  const Array labels = apply_linear(rows, model.coefficients, model.intercepts, "labels", array("[0, 1]"));
  EXPECT_EQ(to_string(labels.compute()), "[1 0 1 0]");
}

}  // namespace
}  // namespace plait::ml
