// How a frame is cut, and what it knows of the cuts.
#include <plait/plait.h>

#include <iostream>

int main() {
  const plait::Table parcels(
      {{"town", {"Oslo", "Bern", "Lyon", "Oslo", "Bern", "Turin", "Lyon", "Oslo"}}, {"kg", {1, 2, 3, 4, 5, 6, 7, 8}}});
  const plait::DataFrame lazy = plait::DataFrame::from_table(parcels, 4);

  // At which towns partitions are to begin, and the last one.
  const plait::DataFrame by_town = lazy.set_index("town", {.divisions = {"Bern", "Lyon", "Oslo", "Turin"}});
  std::cout << lazy.npartitions() << " partitions become " << by_town.npartitions() << ", divided at";
  for (const plait::Literal& town : by_town.divisions()) std::cout << ' ' << plait::Table::scalar(town);
  std::cout << '\n' << by_town.compute() << '\n';
}
