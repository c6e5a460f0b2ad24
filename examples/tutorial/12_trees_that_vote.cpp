// A forest: trees that vote, and what their votes depend on.
#include <plait/ml.h>
#include <plait/plait.h>

#include <iostream>

int main() {
  auto numbers = plait::random::default_rng(12);
  const plait::Array plots = numbers.uniform(0, 1, plait::Shape{40'000, 4}, plait::chunks({10'000, 4}));
  const plait::Array wet = plots[{plait::all, 0}] - 0.5, sunny = plots[{plait::all, 1}] - 0.5;
  const plait::Array grows = (wet * wet + sunny * sunny < 0.1).astype(plait::DType::int64);

  const plait::ml::ForestOptions how{.classes = 2, .n_estimators = 10, .max_features = 2, .max_depth = 10, .seed = 12};
  plait::ml::save("garden.model",
                  plait::ml::grow_forest(plots[{plait::slice(0, 30'000)}], grows[{plait::slice(0, 30'000)}], {}, how));

  const auto forest = plait::ml::load<plait::ml::Forest>("garden.model");
  const plait::Array said = plait::ml::forest_values(plots[{plait::slice(30'000, {})}], forest).argmax(1);
  const plait::Array truth = grows[{plait::slice(30'000, {})}];
  const auto [right, counts] = plait::compute((said == truth).mean(), plait::ml::confusion(truth, said, 2));
  std::cout << "Accuracy: " << right << '\n';
  std::cout << "wet, sunny, height, slope: " << plait::round(plait::from_array(forest.importances).mean(0), 2).compute()
            << '\n';
  std::cout << "rows by true and by predicted class:\n" << counts << '\n';
}
