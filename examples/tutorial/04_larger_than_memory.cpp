// Statistics of an array that is far larger than the memory: blocks are made, reduced and forgotten.
#include <plait/plait.h>

#include <iostream>

int main() {
  const plait::Array readings =
      plait::random::default_rng(4).random({20'000, 20'000, 10}, plait::chunks({1'000, 1'000, 10}));
  std::cout << readings.npartitions() << " blocks, " << readings.num_bytes() / 1e9
            << " GB if they were all there at once\n";

  // One pass for all three: what they share is made once.
  const auto [mean, deviation, most] = plait::compute(readings.mean(), readings.std(), readings.max());
  std::cout << "mean " << mean << ", standard deviation " << deviation << ", maximum " << most << '\n';
}
