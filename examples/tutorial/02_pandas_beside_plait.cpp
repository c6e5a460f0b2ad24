// A frame that is there, and one that is only a plan.
#include <plait/plait.h>

#include <iostream>

int main() {
  const plait::NdArray salt = plait::random::default_rng(2).normal(35, 0.5, plait::Shape{10'000}).compute();
  const plait::Table measured = plait::Table::from_ndarray("salt", salt);
  const plait::DataFrame lazy = plait::DataFrame::from_table(measured, 4);

  std::cout << "The table holds " << measured.num_rows() << " rows in one piece\n";
  std::cout << "Plait cuts them into " << lazy.npartitions() << " partitions\n";
  const plait::Scalar mean = lazy["salt"].mean();  // nothing has run yet
  std::cout << "Mean salt: " << mean.value() << '\n';
}
