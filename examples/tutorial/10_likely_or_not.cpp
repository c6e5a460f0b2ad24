// A logistic model: how likely is it, and how good is the answer?
#include <plait/ml.h>
#include <plait/plait.h>

#include <iostream>

int main() {
  auto numbers = plait::random::default_rng(10);
  const plait::Array weather = numbers.normal(0, 1, plait::Shape{60'000, 3}, plait::chunks({10'000, 3}));
  const plait::Array noise = numbers.logistic(0, 1, plait::Shape{60'000}, plait::chunks({10'000}));
  const plait::Array is_rain =
      (2 * weather[{plait::all, 0}] - weather[{plait::all, 1}] + noise > 1).astype(plait::DType::int64);

  const plait::Array past = weather[{plait::slice(0, 50'000)}], future = weather[{plait::slice(50'000, {})}];
  const plait::ml::GlmModel model =
      plait::ml::fit_glm(past, is_rain[{plait::slice(0, 50'000)}], {}, {.squared_penalty = 1, .penalty_per_sum = true});

  // What was learnt goes through a file, as to a program that only predicts.
  plait::ml::save("rain.model", model);
  const auto loaded = plait::ml::load<plait::ml::GlmModel>("rain.model");
  const plait::Array truth = is_rain[{plait::slice(50'000, {})}];
  const plait::Array likely = plait::ml::apply_linear(future, loaded.coefficients, loaded.intercepts, "probabilities");
  const plait::Array said = likely[{plait::all, 1}] > 0.5;

  const auto [right, sums] = plait::compute((said == truth).mean(), plait::ml::log_loss_sums(truth, likely, 1e-15));
  std::cout << "Accuracy: " << right << "; log loss: " << sums.at<double>({0}) / sums.at<double>({1}) << '\n';
  std::cout << "Coefficients: " << plait::round(plait::from_array(model.coefficients), 1).compute()
            << ", those of the data: 2, -1, 0\n";
}
