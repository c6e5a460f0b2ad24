// Which rows of two sides have equal keys.
#pragma once

#include <arrow/api.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "base/buffer.h"
#include "kernels/table/join.h"
#include "kernels/table/join_keys.h"

namespace plait {

using KeyArrays = std::vector<std::shared_ptr<arrow::Array>>;

// Matching pairs of rows; kNone on the side that has no match.
constexpr std::int64_t kNone = -1;
struct Matches {
  PooledVector<std::int64_t> left;
  PooledVector<std::int64_t> right;
  void add(std::int64_t l, std::int64_t r) {
    left.push_back(l);
    right.push_back(r);
  }
};

// Every probed row with its matches among the built ones, in the order of the probed; without a match one pair with
// kNone if `keep`. `probe` are the ids of their keys, 0 for a key that was not built. Probed rows are the left ones.
Matches probe_rows(const PooledVector<std::uint32_t>& probe, const JoinBuckets& build, bool keep);

// The pairs of two sides, whose keys are of the same types, in pandas' order; but an outer join's are not sorted yet:
// those in left order come first, then the right rows without a match. Missing keys are keys: pandas matches them.
Matches matches_of(JoinHow how, const KeyArrays& left, const KeyArrays& right, std::int64_t left_rows,
                   std::int64_t right_rows);

// A number for each left row: 0 where the right side does not have its key.
PooledVector<std::uint32_t> ids_found(const KeyArrays& left, const KeyArrays& right, std::int64_t left_rows,
                                      std::int64_t right_rows);

}  // namespace plait
