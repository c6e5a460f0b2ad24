#include "plait/array/products.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "collections/array/api/arguments.h"
#include "collections/array/axes.h"
#include "collections/array/matmul.h"
#include "plait/array/creation.h"
#include "plait/array/elementwise.h"
#include "plait/array/layout.h"
#include "plait/array/reductions.h"

namespace plait {
namespace {

Array conjugated(const Array& array) { return is_complex(array.dtype()) ? conjugate(array) : array; }

ExprPtr matrix(const Operand& operand) {
  if (operand.expr()) return operand.expr();
  throw value_error("matmul: an operand is a number, but both must be arrays; multiply with * instead");
}

Axes other_axes(const Axes& axes, int ndim) {
  Axes others;
  for (int axis = 0; axis < ndim; ++axis) {
    if (std::ranges::find(axes, axis) == axes.end()) others.push_back(axis);
  }
  return others;
}

Shape extents_of(const Array& array, const Axes& axes) {
  Shape extents;
  for (int axis : axes) extents.push_back(array.shape()[axis]);
  return extents;
}

template <class T>
std::vector<T> joined(std::vector<T> front, const std::vector<T>& back) {
  front.insert(front.end(), back.begin(), back.end());
  return front;
}

// Variables as rows.
Array rows_of(const Array& variables, bool rowvar) {
  const Array rows = atleast_2d(variables);
  return rowvar || rows.shape()[0] == 1 ? rows : rows.transpose();
}

}  // namespace

Array matmul(const Operand& a, const Operand& b) {
  const SourceScope scope = source_scope(a.where());
  return Array(matmul(matrix(a), matrix(b)));
}

Array dot(const Operand& a, const Operand& b) {
  const SourceScope scope = source_scope(a.where());
  if (a.is_number() || b.is_number()) return a * b;
  const Array left(a.expr());
  const Array right(b.expr());
  if (left.ndim() == 0 || right.ndim() == 0) return left * right;
  if (left.ndim() <= 2 && right.ndim() <= 2) return matmul(left, right);
  return tensordot(left, right, {left.ndim() - 1}, {std::max(right.ndim() - 2, 0)});
}

Array vdot(const Array& a, const Array& b, Location where) {
  const SourceScope scope = source_scope(where);
  return matmul(conjugated(a).ravel(), b.ravel());
}

Array outer(const Array& a, const Array& b, Location where) {
  const SourceScope scope = source_scope(where);
  return a.ravel().expand_dims(1) * b.ravel();
}

Array tensordot(const Array& a, const Array& b, int count, Location where) {
  if (count < 0 || count > a.ndim() || count > b.ndim()) {
    throw value_error(
        fmt::format("tensordot: axes is {}, but the arrays have {} and {} axes", count, a.ndim(), b.ndim()));
  }
  Axes last(static_cast<std::size_t>(count));
  std::iota(last.begin(), last.end(), a.ndim() - count);
  Axes first(static_cast<std::size_t>(count));
  std::iota(first.begin(), first.end(), 0);
  return tensordot(a, b, last, first, where);
}

Array tensordot(const Array& a, const Array& b, const std::vector<int>& axes_of_a, const std::vector<int>& axes_of_b,
                Location where) {
  const SourceScope scope = source_scope(where);
  const Axes left = normalize_axes("tensordot", axes_of_a, a.ndim());
  const Axes right = normalize_axes("tensordot", axes_of_b, b.ndim());
  if (extents_of(a, left) != extents_of(b, right)) {
    throw value_error(fmt::format("tensordot: axes {} of shape {} and {} of {} differ in extent", left,
                                  to_string(a.shape()), right, to_string(b.shape())));
  }
  const Axes kept_a = other_axes(left, a.ndim());
  const Axes kept_b = other_axes(right, b.ndim());
  const Shape rows = extents_of(a, kept_a);
  const Shape columns = extents_of(b, kept_b);
  const std::int64_t inner = num_elements(extents_of(a, left));
  const Array flat_a = a.transpose(joined(kept_a, left)).reshape({a.size() != 0 ? -1 : num_elements(rows), inner});
  const Array flat_b = b.transpose(joined(right, kept_b)).reshape({inner, b.size() != 0 ? -1 : num_elements(columns)});
  return matmul(flat_a, flat_b).reshape(joined(rows, columns));
}

Array cov(const Array& variables, const Covariance& how, Location where) {
  const SourceScope scope = source_scope(where);
  Array rows = rows_of(variables, how.rowvar);
  if (how.more) rows = concatenate({rows, rows_of(*how.more, how.rowvar)}, 0);
  const double divisor = static_cast<double>(rows.shape()[1]) - how.ddof.value_or(how.bias ? 0 : 1);
  rows = rows.astype(promote(rows.dtype(), DType::float64));
  const Array centred = rows - rows.mean(1, {.keepdims = true});
  return (matmul(centred, conjugated(centred).transpose()) / divisor).squeeze();
}

Array corrcoef(const Array& variables, const Covariance& how, Location where) {
  const SourceScope scope = source_scope(where);
  const Array covariance = cov(variables, how);
  if (covariance.ndim() == 0) return covariance / covariance;
  const auto chunks = covariance.chunks();
  const Array on_diagonal =
      eye(covariance.shape()[0], ChunkArgument::per_axis({chunks[0], chunks[1]}), {.dtype = DType::bool_});
  const Array deviation = sqrt(plait::where(on_diagonal, covariance, 0.0).sum(1));
  return covariance / deviation.expand_dims(1) / deviation;
}

}  // namespace plait
