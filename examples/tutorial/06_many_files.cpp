// Many CSV files as one frame.
#include <plait/plait.h>

#include <iostream>
#include <string>

int main() {
  const plait::DataFrame made = plait::DataFrame::from_table(
      plait::Table({{"station", {0, 1, 2, 3, 4}}, {"wind", {3.5, 6.25, 1.0, 9.5, 4.0}}}), 5);
  made.to_csv("station_*.csv", {.index = false});

  const plait::DataFrame wind = plait::read_csv("station_*.csv");
  std::cout << wind.npartitions() << " partitions\n";
  for (const auto& [name, dtype] : wind.dtypes()) std::cout << name << ": " << dtype << '\n';
  std::cout << "Mean wind: " << wind["wind"].mean().value() << '\n';
}
