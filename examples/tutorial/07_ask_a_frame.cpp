// Groups and filters, answered in one run.
#include <plait/plait.h>

#include <iostream>

int main() {
  const plait::Table trips(
      {{"line", {"red", "blue", "red", "green", "blue", "red"}}, {"minutes", {12.0, 45.5, 31.0, 8.0, 33.0, 5.5}}});
  const plait::DataFrame lazy = plait::DataFrame::from_table(trips, 3);

  const auto by_line = lazy.groupby("line").agg({{"minutes", {"mean", "max", "count"}}});
  const auto num_long = lazy[lazy["minutes"] > 30]["minutes"].count();
  const auto [lines, longer] = plait::compute(by_line, num_long);
  std::cout << lines << '\n' << longer << " trips took more than half an hour\n";
}
