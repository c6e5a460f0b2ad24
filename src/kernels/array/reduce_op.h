// Reductions over axes: which there are, what a block's partial result holds, and how partial results become one.
//
// A partial is an NdArray for sum, prod, min, max, any and all; a Sequence (count, total) for mean, (count, mean, sum
// of squared distances) for var and std, (value, position) for argmin and argmax. Its arrays keep the reduced axes with
// extent one. Sums are kept in 64 bits or double precision whatever the elements' type.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "plait/dtype.h"
#include "plait/ndarray.h"

namespace plait {

// clang-format off
enum class ReduceOp : std::uint8_t {
  sum, prod, min, max, any, all, mean, var, std, argmin, argmax,
  nansum, nanprod, nanmin, nanmax, nanmean, nanvar, nanstd, nanargmin, nanargmax,
};
// clang-format on
inline constexpr int kNumReduceOps = static_cast<int>(ReduceOp::nanargmax) + 1;

std::string_view name(ReduceOp op);
ReduceOp parse_reduce_op(std::string_view name);
bool is_arg_reduction(ReduceOp op);

// NumPy's result type for elements of `dtype`; `wanted` is the user's dtype argument. Throws Error(type) when NumPy has
// no such reduction.
DType reduced_dtype(ReduceOp op, DType dtype, std::optional<DType> wanted = {});
// What the elements are converted to before they are reduced.
DType reduce_element_dtype(ReduceOp op, DType dtype, std::optional<DType> wanted = {});

// How partials of equal shape become one, and at the end the result.
struct CombineParams {
  ReduceOp op = ReduceOp::sum;
  bool is_last = false;  // give the result instead of a partial
  DType dtype = DType::float64;
  std::vector<int> axes;  // those reduced
  bool keepdims = false;
  double ddof = 0;
  static constexpr auto fields = std::tuple{&CombineParams::op,   &CombineParams::is_last,  &CombineParams::dtype,
                                            &CombineParams::axes, &CombineParams::keepdims, &CombineParams::ddof};
};

}  // namespace plait
