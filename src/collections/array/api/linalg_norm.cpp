// Norms of vectors and matrices: see plait/array/linalg.h.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "collections/array/api/linalg_arguments.h"
#include "collections/array/axes.h"
#include "plait/array/elementwise.h"
#include "plait/array/linalg.h"
#include "plait/array/reductions.h"

namespace plait::linalg {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Array magnitudes(const Array& a) { return absolute(a); }

Array euclidean(const Array& a, const std::vector<int>& axes, bool keepdims) {
  const Array sizes = magnitudes(a);
  return sqrt((sizes * sizes).sum(axes, {.keepdims = keepdims}));
}

Array vector_norm(const Array& a, const NormOrder& order, int axis, bool keepdims) {
  if (const auto* word = std::get_if<std::string>(&order))
    throw value_error(fmt::format("norm: '{}' is a norm of matrices, but the norm is taken along one axis", *word));
  const Reduction how{.keepdims = keepdims};
  const auto* number = std::get_if<double>(&order);
  if (!number || *number == 2) return euclidean(a, {axis}, keepdims);
  const Array sizes = magnitudes(a);
  if (*number == kInfinity) return sizes.max(axis, how);
  if (*number == -kInfinity) return sizes.min(axis, how);
  if (*number == 0) return not_equal(sizes, 0).astype(sizes.dtype()).sum(axis, how);
  if (*number == 1) return sizes.sum(axis, how);
  return power(power(sizes, *number).sum(axis, how), 1 / *number);
}

// The largest or smallest of the sums along one of both axes.
Array extreme_sum(const Array& a, int summed, int other, bool is_largest, bool keepdims) {
  const Array sums = magnitudes(a).sum(summed, {.keepdims = true});
  const Array found = is_largest ? sums.max(other, {.keepdims = true}) : sums.min(other, {.keepdims = true});
  return keepdims ? found : found.squeeze({summed, other});
}

Array spectral(const Array& a, const NormOrder& order, bool keepdims) {
  if (a.ndim() != 2) {
    throw Error(ErrorKind::not_implemented,
                fmt::format("norm: the array has {} axes; norms made of singular values are there for two", a.ndim()));
  }
  const Array s = svd(a, {.coerce_signs = false}).s;
  const auto* number = std::get_if<double>(&order);
  const Array found = !number ? s.sum() : *number > 0 ? s.max() : s.min();
  return keepdims ? found.reshape({1, 1}) : found;
}

Array matrix_norm(const Array& a, const NormOrder& order, int rows, int columns, bool keepdims) {
  if (const auto* word = std::get_if<std::string>(&order)) {
    if (*word == "fro" || *word == "f") return euclidean(a, {rows, columns}, keepdims);
    if (*word == "nuc") return spectral(a, order, keepdims);
    throw value_error(fmt::format("norm: ord is '{}', expected a number, 'fro' or 'nuc'", *word));
  }
  const auto* number = std::get_if<double>(&order);
  if (!number) return euclidean(a, {rows, columns}, keepdims);
  if (std::abs(*number) == 2) return spectral(a, order, keepdims);
  if (std::abs(*number) == 1) return extreme_sum(a, rows, columns, *number > 0, keepdims);
  if (std::abs(*number) == kInfinity) return extreme_sum(a, columns, rows, *number > 0, keepdims);
  throw value_error(
      fmt::format("norm: ord is {}, but of matrices there are 1, -1, 2, -2, inf, -inf, 'fro' and 'nuc'", *number));
}

}  // namespace

Array norm(const Array& a, const NormOrder& order, const ReducedAxes& axes, bool keepdims, Location where) {
  const SourceScope scope = source_scope(where);
  const Array elements = linalg_elements("norm", a);
  const int ndim = elements.ndim();
  Axes every(static_cast<std::size_t>(ndim));
  std::iota(every.begin(), every.end(), 0);
  const Axes taken = axes.axes() ? normalize_axes("norm", *axes.axes(), ndim) : every;
  if (!axes.axes() && std::holds_alternative<std::monostate>(order)) return euclidean(elements, every, keepdims);
  if (taken.size() == 1) return vector_norm(elements, order, taken[0], keepdims);
  if (taken.size() == 2) return matrix_norm(elements, order, taken[0], taken[1], keepdims);
  throw value_error(fmt::format("norm: {} axes are given, expected one for vectors or two for matrices", taken.size()));
}

}  // namespace plait::linalg
