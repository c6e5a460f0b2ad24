#include "kernels/array/factorize.h"

#include <algorithm>
#include <vector>

#include "base/check.h"
#include "kernels/array/lapack.h"

namespace plait {
namespace {

using lapack::visit_element_type;

// The matrix in C order, in memory that may be overwritten.
NdArray own_matrix(Inputs inputs) {
  if (inputs.size() == 1) return inputs[0].as<NdArray>().copy();
  std::int64_t rows = 0;
  for (const Value& input : inputs) rows += input.as<NdArray>().shape()[0];
  const NdArray& first = inputs[0].as<NdArray>();
  NdArray whole = NdArray::empty(first.dtype(), {rows, first.shape()[1]});
  std::int64_t at = 0;
  for (const Value& input : inputs) {
    const NdArray& block = input.as<NdArray>();
    whole.sliced(0, at, block.shape()[0]).assign(block);
    at += block.shape()[0];
  }
  return whole;
}

// The upper triangle of the first `rows` rows.
template <class T>
NdArray upper_triangle(const NdArray& matrix, std::int64_t rows) {
  const std::int64_t columns = matrix.shape()[1];
  NdArray upper = NdArray::zeros(matrix.dtype(), {rows, columns});
  for (std::int64_t i = 0; i < rows; ++i) {
    const T* from = matrix.data<T>() + i * columns;
    std::copy(from + std::min(i, columns), from + columns,
              upper.mutable_data<T>() + i * columns + std::min(i, columns));
  }
  return upper;
}

template <class T>
std::vector<Value> qr(NdArray matrix, Inputs blocks) {
  const std::int64_t rows = matrix.shape()[0];
  const std::int64_t columns = matrix.shape()[1];
  const std::int64_t k = std::min(rows, columns);
  std::vector<T> reflectors(static_cast<std::size_t>(k));
  if (k > 0) {
    lapack::checked(
        lapack::geqrf(lapack::extent(rows), lapack::extent(columns), matrix.mutable_data<T>(), reflectors.data()),
        "qr");
  }
  std::vector<Value> factors{Value::of(upper_triangle<T>(matrix, k))};
  NdArray q = k == columns ? std::move(matrix) : matrix.sliced(1, 0, k).copy();
  if (k > 0) {
    lapack::checked(lapack::orgqr(lapack::extent(rows), lapack::extent(k), lapack::extent(k), q.mutable_data<T>(),
                                  reflectors.data()),
                    "qr");
  }
  std::int64_t at = 0;
  for (const Value& block : blocks) {
    const std::int64_t height = block.as<NdArray>().shape()[0];
    // A piece of its own, so that no piece keeps the others in memory.
    factors.push_back(Value::of(blocks.size() == 1 ? q : q.sliced(0, at, height).copy()));
    at += height;
  }
  return factors;
}

template <class T>
std::vector<Value> svd(NdArray matrix) {
  const std::int64_t rows = matrix.shape()[0];
  const std::int64_t columns = matrix.shape()[1];
  const std::int64_t k = std::min(rows, columns);
  NdArray u = NdArray::empty(dtype_of<T>, {rows, k});
  NdArray s = NdArray::empty(dtype_of<lapack::Real<T>>, {k});
  NdArray vh = NdArray::empty(dtype_of<T>, {k, columns});
  if (k > 0) {
    const lapack_int info =
        lapack::checked(lapack::gesdd(lapack::extent(rows), lapack::extent(columns), matrix.mutable_data<T>(),
                                      s.mutable_data<lapack::Real<T>>(), u.mutable_data<T>(), vh.mutable_data<T>()),
                        "svd");
    if (info > 0) throw value_error("svd: the singular values of a block did not converge");
  }
  return {Value::of(std::move(u)), Value::of(std::move(s)), Value::of(std::move(vh))};
}

template <class T>
std::vector<Value> cholesky(NdArray matrix) {
  const std::int64_t n = matrix.shape()[0];
  T* a = matrix.mutable_data<T>();
  if (n > 0) {
    const lapack_int info = lapack::checked(lapack::potrf(lapack::extent(n), a), "cholesky");
    if (info > 0) throw value_error("cholesky: the matrix is not positive definite");
  }
  for (std::int64_t i = 0; i < n; ++i) std::fill(a + i * n + i + 1, a + (i + 1) * n, T(0));
  return {Value::of(std::move(matrix))};
}

Value factorize(Inputs inputs, const FactorizeParams& params, const TaskContext& context) {
  const BlasThreads one_thread;
  NdArray matrix = own_matrix(inputs);
  context.check_cancelled();
  Sequence factors;
  visit_element_type(matrix.dtype(), [&]<class T>(T) {
    switch (params.kind) {
      case Factorization::qr:
        factors.items = qr<T>(std::move(matrix), inputs);
        return;
      case Factorization::svd:
        factors.items = svd<T>(std::move(matrix));
        return;
      case Factorization::cholesky:
        factors.items = cholesky<T>(std::move(matrix));
        return;
    }
  });
  return Value::of(std::move(factors));
}

Value triangular_solve(Inputs inputs, const TriangularSolveParams& params, const TaskContext& context) {
  const BlasThreads one_thread;
  const NdArray triangle = inputs[0].as<NdArray>().contiguous();
  NdArray x = inputs[1].as<NdArray>().copy();
  context.check_cancelled();
  const std::int64_t n = triangle.shape()[0];
  const std::int64_t columns = x.shape()[1];
  if (n == 0 || columns == 0) return Value::of(std::move(x));
  visit_element_type(triangle.dtype(), [&]<class T>(T) {
    const T* t = triangle.data<T>();
    for (std::int64_t i = 0; i < n; ++i) {
      if (t[i * n + i] == T(0))
        throw value_error("solve: the matrix is singular: there is a zero on its triangle's diagonal");
    }
    const lapack_int rows = lapack::extent(n);
    const lapack_int width = lapack::extent(columns);
    lapack::trsm(params.is_lower, false, rows, width, t, rows, x.mutable_data<T>(), width);
  });
  return Value::of(std::move(x));
}

}  // namespace

std::string_view name(Factorization kind) {
  switch (kind) {
    case Factorization::qr:
      return "qr";
    case Factorization::svd:
      return "svd";
    case Factorization::cholesky:
      return "cholesky";
  }
  PLAIT_CHECK(false);
}

void register_factorize_kernels() {
  scipy_LAPACKE_set_nancheck(0);  // NaN in a matrix gives NaN in its factors, as in NumPy
  define(factorize_kernel, "The factors of a matrix.", factorize);
  define(triangular_solve_kernel, "Solves a triangular system.", triangular_solve);
}

}  // namespace plait
