// Exercise: as many partitions as make each of a size that suits.
#include <plait/plait.h>

#include <iostream>

int main() {
  const std::int64_t num_bytes = 100'000'000LL * 50;
  const std::int64_t wanted = 100 * 1024 * 1024;
  const std::int64_t needed = (num_bytes + wanted - 1) / wanted;
  std::cout << needed << " partitions\n";

  const plait::NdArray ids = plait::arange(96'000).compute();
  const plait::DataFrame sample = plait::DataFrame::from_table(plait::Table::from_ndarray("id", ids), needed);
  std::cout << "a smaller frame in as many: " << sample.npartitions() << '\n';
}
