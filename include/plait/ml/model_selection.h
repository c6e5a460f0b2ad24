// Rows for training and rows for testing.
#pragma once

#include <cstdint>
#include <vector>

#include "plait/array.h"

namespace plait::ml {

// Which rows are chosen depends on the seed and on their positions, never on chunks, threads or executor: a random
// order of all positions, of which the first `num_test` are tested. So arrays that are split with one seed stay
// aligned.
struct RowSplit {
  std::uint64_t seed = 0;
  std::int64_t num_test = 0;
  std::int64_t num_train = 0;  // of the positions that follow
};
struct TrainTest {
  Array train, test;
};
// Each part keeps the order of its rows. Throws Error(value) where extents are not known, or there are fewer rows than
// are asked for.
PLAIT_API std::vector<TrainTest> split_rows(const std::vector<Array>& arrays, const RowSplit& how);

}  // namespace plait::ml
