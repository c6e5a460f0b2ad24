// A pipeline: what is done with which column, and the model behind it, fitted and kept as one.
#include <plait/ml.h>
#include <plait/plait.h>

#include <iostream>
#include <string>
#include <tuple>

namespace {

using plait::Array;

// Guests and hours on one scale, and a column of ones and zeros for each of four menus.
class Pipeline {
 public:
  Pipeline(const Array& rows, const Array& truth)
      : scale_(plait::ml::column_moments(measured(rows))),
        model_(plait::ml::fit_glm(features(rows), truth, {}, {.squared_penalty = 1, .penalty_per_sum = true})) {}
  explicit Pipeline(const std::string& path) {
    std::tie(scale_, model_) = plait::ml::load<plait::ml::ColumnMoments, plait::ml::GlmModel>(path);
  }
  void save(const std::string& path) const { plait::ml::save(path, scale_, model_); }

  Array features(const Array& rows) const {
    const Array menus = rows[{plait::all, plait::slice(2, 3)}] == plait::array("[0., 1., 2., 3.]");
    return plait::hstack({plait::ml::standardized(measured(rows), scale_), menus.astype(plait::DType::float64)});
  }
  Array predict(const Array& rows) const {
    return plait::ml::apply_linear(features(rows), model_.coefficients, model_.intercepts, "labels",
                                   plait::array("[0, 1]"));
  }

 private:
  static Array measured(const Array& rows) { return rows[{plait::all, plait::slice(0, 2)}]; }

  plait::ml::ColumnMoments scale_;
  plait::ml::GlmModel model_;
};

}  // namespace

int main() {
  auto numbers = plait::random::default_rng(13);
  const auto drawn = [&](int low, int high) {
    return numbers.integers(low, high, plait::Shape{20'000, 1}, plait::chunks({5'000, 1}))
        .astype(plait::DType::float64);
  };
  const Array guests = drawn(1, 9), hour = drawn(11, 23), menu = drawn(0, 4);
  const Array noise = numbers.normal(0, 0.5, plait::Shape{20'000, 1}, plait::chunks({5'000, 1}));
  const Array rows = plait::hstack({guests, hour, menu});
  const Array tips = (guests / 4 + 2 * (menu == 3) + noise > 2).ravel().astype(plait::DType::int64);
  const auto parts = plait::ml::split_rows({rows, tips}, {.seed = 13, .num_test = 5'000, .num_train = 15'000});

  Pipeline(parts[0].train, parts[1].train).save("tips.model");
  const Pipeline pipeline("tips.model");
  std::cout << "3 columns become " << pipeline.features(rows).shape()[1] << '\n';
  std::cout << "Accuracy: " << (pipeline.predict(parts[0].test) == parts[1].test).mean().compute() << '\n';
}
