// Fitted models as files: one, or several that belong together, such as what scales the columns and what learnt of
// them.
//
//   plait::ml::save("late.model", moments, model);
//   auto [moments, model] = plait::ml::load<ColumnMoments, GlmModel>("late.model");
//
// A file says that it holds models, in which version of their format, and of which kinds; every byte that counts has a
// checksum. A model that is loaded predicts what it predicted before, to the last bit.
#pragma once

#include <cstddef>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "plait/export.h"
#include "plait/ml/forest.h"
#include "plait/ml/kmeans.h"
#include "plait/ml/linear_model.h"
#include "plait/ml/scaling.h"
#include "plait/ml/text.h"

namespace plait::ml {

using Model = std::variant<ColumnMoments, LeastSquares, GlmModel, KMeans, Forest, Vocabulary>;

namespace detail {

PLAIT_API void write_models(const std::string& path, const std::vector<Model>& models);
// `expected`: of each model, which alternative it is.
PLAIT_API std::vector<Model> read_models(const std::string& path, const std::vector<std::size_t>& expected);

}  // namespace detail

// The file has its name only when it is complete. Throws Error(io) if it cannot be written, and Error(value) for a
// model that no fit has given.
template <class... Models>
void save(const std::string& path, const Models&... models) {
  detail::write_models(path, {Model(models)...});
}

// One model, or a tuple of several. Throws Error(file_not_found) if there is no such file, Error(io) if it is damaged,
// holds no models or has another version, and Error(value) if it holds other models than these. All name the file.
template <class First, class... Others>
auto load(const std::string& path) {
  std::vector<Model> models = detail::read_models(path, {Model(First{}).index(), Model(Others{}).index()...});
  if constexpr (sizeof...(Others) == 0) {
    return std::get<First>(std::move(models[0]));
  } else {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return std::tuple<First, Others...>(std::get<First>(std::move(models[0])),
                                          std::get<Others>(std::move(models[I + 1]))...);
    }(std::index_sequence_for<Others...>{});
  }
}

}  // namespace plait::ml
