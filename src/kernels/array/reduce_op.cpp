#include "kernels/array/reduce_op.h"

#include <fmt/format.h>

#include <array>
#include <string>

#include "base/text.h"
#include "plait/error.h"

namespace plait {
namespace {

using enum ReduceOp;
constexpr std::array<std::string_view, kNumReduceOps> kNames = {
    "sum",    "prod",   "min",     "max",    "any",    "all",     "mean",   "var",    "std",       "argmin",
    "argmax", "nansum", "nanprod", "nanmin", "nanmax", "nanmean", "nanvar", "nanstd", "nanargmin", "nanargmax"};

bool is_exact(DType dtype) { return is_bool(dtype) || is_integer(dtype); }

}  // namespace

std::string_view name(ReduceOp op) { return kNames.at(static_cast<std::size_t>(op)); }

ReduceOp parse_reduce_op(std::string_view wanted) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == wanted) return static_cast<ReduceOp>(i);
  }
  throw value_error(fmt::format("there is no reduction '{}'{}", wanted,
                                did_you_mean(wanted, std::vector<std::string>(kNames.begin(), kNames.end()))));
}

bool is_arg_reduction(ReduceOp op) { return op == argmin || op == argmax || op == nanargmin || op == nanargmax; }

DType reduced_dtype(ReduceOp op, DType dtype, std::optional<DType> wanted) {
  switch (op) {
    case sum:
    case prod:
    case nansum:
    case nanprod:
      if (wanted) return *wanted;
      if (is_unsigned_integer(dtype)) return DType::uint64;
      return is_exact(dtype) ? DType::int64 : dtype;
    case mean:
    case nanmean:
      if (wanted) return *wanted;
      return is_exact(dtype) ? DType::float64 : dtype;
    case var:
    case std:
    case nanvar:
    case nanstd: {
      const DType base = wanted.value_or(is_exact(dtype) ? DType::float64 : dtype);
      return base == DType::complex64 ? DType::float32 : base == DType::complex128 ? DType::float64 : base;
    }
    case any:
    case all:
      return DType::bool_;
    case argmin:
    case argmax:
    case nanargmin:
    case nanargmax:
      return DType::int64;
    case min:
    case max:
    case nanmin:
    case nanmax:
      return dtype;
  }
  return dtype;
}

DType reduce_element_dtype(ReduceOp op, DType dtype, std::optional<DType> wanted) {
  DType element = dtype;
  const bool is_moment = op == mean || op == nanmean || op == var || op == std || op == nanvar || op == nanstd;
  const bool is_total = op == sum || op == prod || op == nansum || op == nanprod;
  if (wanted && (is_moment || is_total)) element = *wanted;
  if (is_moment && is_exact(element)) element = DType::float64;
  return element == DType::float16 ? DType::float32 : element;
}

}  // namespace plait
