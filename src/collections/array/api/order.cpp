// Public functions that need elements in order.
#include "plait/array/order.h"

#include <numeric>

#include "collections/array/api/arguments.h"
#include "collections/array/arguments.h"
#include "collections/array/cumulative.h"
#include "collections/array/quantile.h"
#include "collections/array/topk.h"

namespace plait {
namespace {

Array accumulated(std::string_view what, CumulateOp op, bool skips_nan, const Array& array, std::optional<int> axis,
                  const Accumulation& how, Location where) {
  const SourceScope scope = source_scope(where);
  return Array(cumulative(what, op, array.expr(),
                          {.axis = axis, .dtype = how.dtype, .skips_nan = skips_nan, .method = how.method}));
}

Axes given_axes(const ReducedAxes& axes, const Array& array) {
  if (axes.axes()) return *axes.axes();
  Axes all(static_cast<std::size_t>(array.ndim()));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

Array median_of(std::string_view what, bool skips_nan, const Array& array, const ReducedAxes& axes, bool keepdims,
                Location where) {
  const SourceScope scope = source_scope(where);
  return Array(median(what, array.expr(), given_axes(axes, array), keepdims, skips_nan));
}

Array quantile_of(std::string_view what, bool skips_nan, const Array& array, const std::vector<double>& q, bool is_list,
                  const ReducedAxes& axes, const Interpolation& how, Location where) {
  const SourceScope scope = source_scope(where);
  return Array(quantile(what, array.expr(), q, is_list,
                        {.axes = given_axes(axes, array),
                         .method = how.method,
                         .keepdims = how.keepdims,
                         .skips_nan = skips_nan,
                         .q_dtype = how.q_dtype ? how.q_dtype
                                    : is_list   ? std::optional(DType::float64)
                                                : std::nullopt}));
}

Array percentile_of(const Array& array, std::vector<double> q, bool is_list, const Interpolation& how, Location where) {
  for (double& one : q) {
    check_number("percentile", "q", one, one >= 0 && one <= 100, "a number between 0 and 100");
    one /= 100;
  }
  return quantile_of("percentile", false, array, q, is_list, {}, how, where);
}

}  // namespace

Array cumsum(const Array& array, std::optional<int> axis, const Accumulation& how, Location where) {
  return accumulated("cumsum", CumulateOp::sum, false, array, axis, how, where);
}
Array cumprod(const Array& array, std::optional<int> axis, const Accumulation& how, Location where) {
  return accumulated("cumprod", CumulateOp::prod, false, array, axis, how, where);
}
Array nancumsum(const Array& array, std::optional<int> axis, const Accumulation& how, Location where) {
  return accumulated("nancumsum", CumulateOp::sum, true, array, axis, how, where);
}
Array nancumprod(const Array& array, std::optional<int> axis, const Accumulation& how, Location where) {
  return accumulated("nancumprod", CumulateOp::prod, true, array, axis, how, where);
}

Array topk(const Array& array, std::int64_t k, int axis, std::optional<std::int64_t> split_every, Location where) {
  const SourceScope scope = source_scope(where);
  return Array(topk(array.expr(), k, axis, split_every));
}
Array argtopk(const Array& array, std::int64_t k, int axis, std::optional<std::int64_t> split_every, Location where) {
  const SourceScope scope = source_scope(where);
  return Array(argtopk(array.expr(), k, axis, split_every));
}

Array median(const Array& array, const ReducedAxes& axes, bool keepdims, Location where) {
  return median_of("median", false, array, axes, keepdims, where);
}
Array nanmedian(const Array& array, const ReducedAxes& axes, bool keepdims, Location where) {
  return median_of("nanmedian", true, array, axes, keepdims, where);
}

Array quantile(const Array& array, double q, const ReducedAxes& axes, const Interpolation& how, Location where) {
  return quantile_of("quantile", false, array, {q}, false, axes, how, where);
}
Array quantile(const Array& array, const std::vector<double>& q, const ReducedAxes& axes, const Interpolation& how,
               Location where) {
  return quantile_of("quantile", false, array, q, true, axes, how, where);
}
Array nanquantile(const Array& array, double q, const ReducedAxes& axes, const Interpolation& how, Location where) {
  return quantile_of("nanquantile", true, array, {q}, false, axes, how, where);
}
Array nanquantile(const Array& array, const std::vector<double>& q, const ReducedAxes& axes, const Interpolation& how,
                  Location where) {
  return quantile_of("nanquantile", true, array, q, true, axes, how, where);
}
Array percentile(const Array& array, double q, const Interpolation& how, Location where) {
  return percentile_of(array, {q}, false, how, where);
}
Array percentile(const Array& array, const std::vector<double>& q, const Interpolation& how, Location where) {
  return percentile_of(array, q, true, how, where);
}

}  // namespace plait
