// Exercise: what is printed before and after compute().
#include <plait/plait.h>

#include <iostream>

int main() {
  const plait::Array draws = plait::random::default_rng(23).random({600, 600}, plait::chunks(200));
  const plait::Array scaled = (draws + 1) * 2;

  std::cout << "before: " << scaled << '\n';
  const auto [least, most] = plait::compute(scaled.min(), scaled.max());
  std::cout << "after: from " << least << " to " << most << '\n';
}
