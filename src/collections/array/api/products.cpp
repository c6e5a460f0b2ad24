#include "plait/array/products.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "collections/array/api/arguments.h"
#include "collections/array/matmul.h"
#include "plait/array/creation.h"
#include "plait/array/elementwise.h"
#include "plait/array/layout.h"
#include "plait/array/reductions.h"
#include "plait/array/ufuncs.h"

namespace plait {
namespace {

Array conjugated(const Array& array) { return is_complex(array.dtype()) ? conjugate(array) : array; }

ExprPtr matrix(const Operand& operand) {
  if (operand.expr()) return operand.expr();
  throw value_error("matmul: an operand is a number, but both must be arrays; multiply with * instead");
}

// Variables as rows.
Array rows_of(const Array& variables, bool rowvar) {
  const Array rows = atleast_2d(variables);
  return rowvar || rows.shape()[0] == 1 ? rows : rows.transpose();
}

// Sums over observations divided by their number without the degrees of freedom; only computing may tell the number.
Array averaged(const Array& sums, const Array& rows, double ddof) {
  const std::int64_t count = rows.shape()[1];
  if (count != kUnknownExtent) return sums / std::max(static_cast<double>(count) - ddof, 0.0);
  const Array counts = plait::where(rows == rows, 1.0, 1.0).sum(1, {.keepdims = true});
  return sums / maximum(counts - ddof, 0.0);
}

// Both weights of each observation as one; none if there are none.
std::optional<Array> observation_weights(const Covariance& how, std::int64_t num_observations) {
  const auto check = [&](const Array& weights, std::string_view name) {
    if (weights.ndim() != 1 || weights.shape()[0] != num_observations) {
      throw value_error(fmt::format("cov: {} have shape {}, expected one weight for each of the {} observations", name,
                                    to_string(weights.shape()), num_observations));
    }
  };
  if (how.aweights) check(*how.aweights, "aweights");
  if (!how.fweights) return how.aweights;
  check(*how.fweights, "fweights");
  if (!is_integer(how.fweights->dtype()))
    throw type_error(fmt::format("cov: fweights are {}, expected whole numbers", name(how.fweights->dtype())));
  return how.aweights ? *how.fweights * *how.aweights : *how.fweights;
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
  std::vector<int> last(static_cast<std::size_t>(count));
  std::iota(last.begin(), last.end(), a.ndim() - count);
  std::vector<int> first(static_cast<std::size_t>(count));
  std::iota(first.begin(), first.end(), 0);
  return tensordot(a, b, last, first, where);
}

Array cov(const Array& variables, const Covariance& how, Location where) {
  const SourceScope scope = source_scope(where);
  Array rows = rows_of(variables, how.rowvar);
  if (how.more) rows = concatenate({rows, rows_of(*how.more, how.rowvar)}, 0);
  rows = rows.astype(how.dtype.value_or(promote(rows.dtype(), DType::float64)));
  const double ddof = how.ddof.value_or(how.bias ? 0 : 1);
  const auto weights = observation_weights(how, rows.shape()[1]);
  if (!weights) {
    const Array centred = rows - rows.mean(1, {.keepdims = true});
    return averaged(matmul(centred, conjugated(centred).transpose()), rows, ddof).squeeze();
  }
  const Array total = weights->sum();
  const Array lost = how.aweights ? ddof * (*weights * *how.aweights).sum() / total : ddof * ones({});
  const Array centred = rows - ((rows * *weights).sum(1) / total).expand_dims(1);
  return (matmul(centred, conjugated(centred * *weights).transpose()) / maximum(total - lost, 0.0)).squeeze();
}

Array corrcoef(const Array& variables, const Covariance& how, Location where) {
  const SourceScope scope = source_scope(where);
  const Array covariance = cov(variables, how);
  if (covariance.ndim() == 0) return covariance / covariance;
  if (covariance.size() == kUnknownExtent) {
    throw value_error(
        "corrcoef: the number of variables is not known before it is computed; call compute_chunk_sizes() first");
  }
  const auto chunks = covariance.chunks();
  const Array on_diagonal =
      eye(covariance.shape()[0], ChunkArgument::per_axis({chunks[0], chunks[1]}), {.dtype = DType::bool_});
  const Array deviation = sqrt(plait::where(on_diagonal, covariance, 0.0).sum(1));
  return covariance / deviation.expand_dims(1) / deviation;
}

}  // namespace plait
