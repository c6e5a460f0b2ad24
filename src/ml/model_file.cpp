#include "plait/ml/model_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <type_traits>

#include "base/record_file.h"
#include "base/value.h"

namespace plait::ml {
namespace {

// A file is a record that begins so, then the version, and of each model its kind and its members.
constexpr char kMagic[16] = "plait ml models";
constexpr std::uint32_t kVersion = 1;
// In the order of Model.
constexpr std::array<const char*, std::variant_size_v<Model>> kKinds = {
    "moments of columns", "least squares", "generalized linear model", "k-means", "forest", "vocabulary"};

// Calls f with all members of a model: a list that misses one does not compile.
template <class M, class F>
void with_members(M& model, F&& f) {
  using Type = std::remove_const_t<M>;
  if constexpr (std::is_same_v<Type, ColumnMoments>) {
    auto& [count, mean, variance, minimum, maximum] = model;
    f(count, mean, variance, minimum, maximum);
  } else if constexpr (std::is_same_v<Type, LeastSquares>) {
    auto& [coefficients, intercepts, rank, singular_values] = model;
    f(coefficients, intercepts, rank, singular_values);
  } else if constexpr (std::is_same_v<Type, GlmModel>) {
    auto& [coefficients, intercepts, iterations, is_converged, objective, slope] = model;
    f(coefficients, intercepts, iterations, is_converged, objective, slope);
  } else if constexpr (std::is_same_v<Type, KMeans>) {
    auto& [centers, inertia, iterations, has_converged] = model;
    f(centers, inertia, iterations, has_converged);
  } else if constexpr (std::is_same_v<Type, Vocabulary>) {
    auto& [terms, documents, num_documents] = model;
    f(terms, documents, num_documents);
  } else {
    static_assert(std::is_same_v<Type, Forest>);
    auto& [starts, feature, threshold, left, value, rows, impurity, importances, keys] = model;
    f(starts, feature, threshold, left, value, rows, impurity, importances, keys);
  }
}

void write_member(Encoder& to, const NdArray& array) { value_type<NdArray>().encode(to, &array); }
template <class T>
void write_member(Encoder& to, const T& number) {
  encode(to, number);
}

void read_member(Decoder& from, NdArray& array) {
  array = *static_cast<const NdArray*>(value_type<NdArray>().decode(from).get());
}
template <class T>
void read_member(Decoder& from, T& number) {
  number = decode<T>(from);
}

void require(const char* what, const NdArray& array, DType dtype, const Shape& shape) {
  if (array.dtype() == dtype && array.shape() == shape) return;
  throw value_error(fmt::format("its {} are a {} array of shape {}, expected {} of shape {}", what, name(array.dtype()),
                                to_string(array.shape()), name(dtype), to_string(shape)));
}
void require_axes(const char* what, const NdArray& array, int axes) {
  if (array.ndim() == axes) return;
  throw value_error(
      fmt::format("its {} have {} axes, expected {}: it is no model that a fit has given", what, array.ndim(), axes));
}

// That the parts of a model fit together: what predicts relies on it.
void check(const ColumnMoments& model) {
  require_axes("counts", model.count, 1);
  for (const NdArray* each : {&model.count, &model.mean, &model.variance, &model.minimum, &model.maximum})
    require("moments", *each, DType::float64, model.count.shape());
}

void check_linear(const NdArray& coefficients, const NdArray& intercepts) {
  require_axes("coefficients", coefficients, 2);
  require("coefficients", coefficients, DType::float64, coefficients.shape());
  require("intercepts", intercepts, DType::float64, {coefficients.shape()[0]});
}
void check(const LeastSquares& model) {
  check_linear(model.coefficients, model.intercepts);
  require("singular values", model.singular_values, DType::float64, {model.coefficients.shape()[1]});
}
void check(const GlmModel& model) { check_linear(model.coefficients, model.intercepts); }

void check(const KMeans& model) {
  require_axes("centers", model.centers, 2);
  require("centers", model.centers, DType::float64, model.centers.shape());
}

// Every inner node leads to two nodes of its tree that stand behind it, so that each walk ends in a leaf.
void check_nodes(const Forest& model) {
  const NdArray starts = model.starts.contiguous(), features = model.feature.contiguous(),
                lefts = model.left.contiguous();
  const auto* start = starts.data<std::int64_t>();
  const std::int64_t trees = starts.size() - 1, num_features = model.importances.shape()[1];
  if (start[0] != 0 || start[trees] != features.size() ||
      std::adjacent_find(start, start + trees + 1, std::greater_equal{}) != start + trees + 1)
    throw value_error("its trees do not stand one after the other");
  for (std::int64_t tree = 0; tree < trees; ++tree) {
    const std::int64_t size = start[tree + 1] - start[tree];
    for (std::int64_t node = 0; node < size; ++node) {
      const std::int32_t feature = features.data<std::int32_t>()[start[tree] + node];
      const std::int64_t left = lefts.data<std::int32_t>()[start[tree] + node];
      if (feature >= num_features || (feature >= 0 && (left <= node || left + 1 >= size)))
        throw value_error(fmt::format("node {} of tree {} asks for what is not there", node, tree));
    }
  }
}
void check(const Forest& model) {
  require_axes("starts", model.starts, 1);
  require_axes("features", model.feature, 1);
  require_axes("values", model.value, 2);
  require_axes("importances", model.importances, 2);
  const std::int64_t nodes = model.feature.size(), trees = model.starts.size() - 1;
  if (trees < 1) throw value_error("it has no trees");
  require("starts", model.starts, DType::int64, {trees + 1});
  require("features", model.feature, DType::int32, {nodes});
  require("thresholds", model.threshold, DType::float64, {nodes});
  require("children", model.left, DType::int32, {nodes});
  require("values", model.value, DType::float64, {nodes, model.value.shape()[1]});
  require("rows", model.rows, DType::int64, {nodes});
  require("impurities", model.impurity, DType::float64, {nodes});
  require("importances", model.importances, DType::float64, {trees, model.importances.shape()[1]});
  require("keys", model.keys, DType::uint64, {trees});
  check_nodes(model);
}

void check(const Vocabulary& model) {
  require("numbers of documents", model.documents, DType::int64, {std::ssize(model.terms)});
}

void write_model(Encoder& to, const Model& model) {
  encode<std::string>(to, kKinds[model.index()]);
  std::visit([&](const auto& held) { with_members(held, [&](const auto&... each) { (write_member(to, each), ...); }); },
             model);
}

template <std::size_t kIndex = 0>
Model read_model(Decoder& from, const std::string& kind) {
  if constexpr (kIndex == std::variant_size_v<Model>) {
    throw io_error(fmt::format("it holds a model of kind '{}', which this program does not know", kind));
  } else {
    if (kind != kKinds[kIndex]) return read_model<kIndex + 1>(from, kind);
    std::variant_alternative_t<kIndex, Model> model;
    with_members(model, [&](auto&... each) { (read_member(from, each), ...); });
    check(model);
    return model;
  }
}

std::vector<Model> read_record(const Record& record) {
  Decoder from(record);
  char magic[sizeof(kMagic)] = {};
  if (from.num_bytes_left() >= sizeof(magic)) from.read_bytes(magic, sizeof(magic));
  if (std::memcmp(magic, kMagic, sizeof(magic)) != 0) throw io_error("it holds no models, but something else of Plait");
  const auto version = decode<std::uint32_t>(from);
  if (version != kVersion)
    throw io_error(
        fmt::format("its models have version {} of the format, this program reads version {}; save them with "
                    "the Plait that loads them",
                    version, kVersion));
  std::vector<Model> models;
  for (auto left = decode<std::uint64_t>(from); left > 0; --left)
    models.push_back(read_model(from, decode<std::string>(from)));
  if (from.num_bytes_left() != 0) throw io_error("it does not end where its last model does: it is damaged");
  return models;
}

std::string kinds_of(const std::vector<std::size_t>& models) {
  std::vector<std::string> kinds;
  for (const std::size_t each : models) kinds.push_back(fmt::format("'{}'", kKinds.at(each)));
  return fmt::format("{}", fmt::join(kinds, ", "));
}

}  // namespace

void detail::write_models(const std::string& path, const std::vector<Model>& models) {
  Encoder to;
  to.write_bytes(kMagic, sizeof(kMagic));
  encode(to, kVersion);
  encode<std::uint64_t>(to, models.size());
  for (const Model& model : models) {
    try {
      std::visit([](const auto& held) { check(held); }, model);
    } catch (const Error& error) {
      throw Error(error.kind(), fmt::format("save: the {} cannot be saved: {}", kKinds[model.index()], error.what()));
    }
    write_model(to, model);
  }
  write_record_file(path, to.take(), "save");
}

std::vector<Model> detail::read_models(const std::string& path, const std::vector<std::size_t>& expected) {
  const Record record = read_record_file(path);
  std::vector<Model> models;
  try {
    models = read_record(record);
  } catch (const Error& error) {
    throw io_error(fmt::format("cannot read {}: {}", path, error.what()));
  }
  std::vector<std::size_t> found;
  for (const Model& model : models) found.push_back(model.index());
  if (found != expected)
    throw value_error(fmt::format("load: {} holds {}, expected {}", path, kinds_of(found), kinds_of(expected)));
  return models;
}

}  // namespace plait::ml
