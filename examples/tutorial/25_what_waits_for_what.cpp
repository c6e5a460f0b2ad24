// Tasks in the order of what they need: two that wait for nobody, one that waits for both, one for that.
#include <plait/plait.h>

#include <iostream>
#include <string>

int main() {
  const auto measure =
      plait::delayed("measure", [](const std::string& place) { return static_cast<int>(place.size()); });
  const auto add = plait::delayed("add", [](int a, int b) { return a + b; });
  const auto doubled = plait::delayed("doubled", [](int number) { return 2 * number; });

  const auto result = doubled(add(measure(std::string("north")), measure(std::string("south-east"))));
  std::cout << "2 * (5 + 10) = " << result.compute() << '\n';
}
