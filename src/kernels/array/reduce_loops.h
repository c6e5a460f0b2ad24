// The inner loops of reductions: elements of a tile are folded into slots, one for each element of the partial result.
//
// A slot is an entry of up to three arrays, whose meaning depends on the reduction:
//   sum, prod          a: total, b: what rounding lost (floats)
//   min, max, any, all a: value
//   nanmean            a: total, b: what rounding lost, c: count
//   var, std           a: mean, b: sum of squared distances (double), c: count (double)
//   argmin, argmax     a: value, b: position (int64), -1 for none
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/array/reduce_op.h"
#include "plait/dtype.h"

namespace plait {

struct ReduceSlots {
  std::byte* a = nullptr;
  std::byte* b = nullptr;
  std::byte* c = nullptr;
};

struct ReduceLoops {
  // Element types of the three arrays; those beyond num_arrays are unused.
  DType a = DType::float64;
  DType b = DType::float64;
  DType c = DType::float64;
  int num_arrays = 1;
  // Whether b only holds rounding errors, which `close` adds to a.
  bool is_compensated = false;

  void (*start)(const ReduceSlots&, std::int64_t num_slots) = nullptr;
  // n elements into the slot `at`; their positions are position, position + step, ... (arg-reductions).
  void (*fold_row)(const ReduceSlots&, std::int64_t at, const void* x, std::int64_t n, std::int64_t position,
                   std::int64_t step) = nullptr;
  // Element i into the slot at + i; all have the same position.
  void (*fold_each)(const ReduceSlots&, std::int64_t at, const void* x, std::int64_t n,
                    std::int64_t position) = nullptr;
  // The slots of another partial into these. `from` has been closed.
  void (*merge)(const ReduceSlots& into, const ReduceSlots& from, std::int64_t num_slots) = nullptr;
  void (*close)(const ReduceSlots&, std::int64_t num_slots) = nullptr;
};

// The families of loops, one a source file; without `start` where there is none.
ReduceLoops find_sum_loops(ReduceOp op, DType element);
ReduceLoops find_fold_loops(ReduceOp op, DType element);

// `element` is a type that reduce_element_dtype gives.
inline ReduceLoops find_reduce_loops(ReduceOp op, DType element) {
  const ReduceLoops sums = find_sum_loops(op, element);
  return sums.start != nullptr ? sums : find_fold_loops(op, element);
}

}  // namespace plait
