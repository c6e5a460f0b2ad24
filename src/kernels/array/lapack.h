// LAPACK and BLAS by type: one name for the four versions of each routine.
#pragma once

#include <cblas.h>

#include <complex>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

// As C++ knows them; the header's own are C's.
#define lapack_complex_float std::complex<float>
#define lapack_complex_double std::complex<double>
#include <lapacke.h>

#include "kernels/array/blas_threads.h"
#include "plait/ndarray.h"

namespace plait::lapack {

template <class T>
struct RealOf {
  using type = T;
};
template <class T>
struct RealOf<std::complex<T>> {
  using type = T;
};
template <class T>
using Real = typename RealOf<T>::type;

template <class T>
constexpr bool is_element_type = std::is_same_v<T, float> || std::is_same_v<T, double> ||
                                 std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>;

// f(T{}) for the element type of a matrix; others never come here.
template <class F>
void visit_element_type(DType dtype, F&& f) {
  switch (dtype) {
    case DType::float32:
      return f(float{});
    case DType::float64:
      return f(double{});
    case DType::complex64:
      return f(std::complex<float>{});
    case DType::complex128:
      return f(std::complex<double>{});
    default:
      throw type_error("linalg: the matrix is " + std::string(name(dtype)) + ", expected float32, float64 or complex");
  }
}

inline lapack_int extent(std::int64_t n) {
  if (n <= std::numeric_limits<lapack_int>::max()) return static_cast<lapack_int>(n);
  throw value_error("linalg: a block has an extent of " + std::to_string(n) + ", LAPACK takes up to 2147483647");
}

// A routine's answer; `info` > 0 is for the caller to read.
inline lapack_int checked(lapack_int info, const char* routine) {
  if (info == LAPACK_WORK_MEMORY_ERROR || info == LAPACK_TRANSPOSE_MEMORY_ERROR)
    throw Error(ErrorKind::memory, std::string(routine) + ": no memory for LAPACK's workspace");
  if (info < 0) throw value_error(std::string(routine) + ": the matrix holds NaN or infinity");
  return info;
}

#define PLAIT_BY_TYPE(prefix, routine, ...)                    \
  [&] {                                                        \
    if constexpr (std::is_same_v<T, float>)                    \
      return prefix##s##routine(__VA_ARGS__);                  \
    else if constexpr (std::is_same_v<T, double>)              \
      return prefix##d##routine(__VA_ARGS__);                  \
    else if constexpr (std::is_same_v<T, std::complex<float>>) \
      return prefix##c##routine(__VA_ARGS__);                  \
    else                                                       \
      return prefix##z##routine(__VA_ARGS__);                  \
  }()

template <class T>
lapack_int geqrf(lapack_int m, lapack_int n, T* a, T* tau) {
  return PLAIT_BY_TYPE(scipy_LAPACKE_, geqrf, LAPACK_ROW_MAJOR, m, n, a, n, tau);
}
// Makes the first `n` columns of Q, of `k` reflectors, in `a` of row length `n`.
template <class T>
lapack_int orgqr(lapack_int m, lapack_int n, lapack_int k, T* a, const T* tau) {
  if constexpr (std::is_same_v<T, float>)
    return scipy_LAPACKE_sorgqr(LAPACK_ROW_MAJOR, m, n, k, a, n, tau);
  else if constexpr (std::is_same_v<T, double>)
    return scipy_LAPACKE_dorgqr(LAPACK_ROW_MAJOR, m, n, k, a, n, tau);
  else if constexpr (std::is_same_v<T, std::complex<float>>)
    return scipy_LAPACKE_cungqr(LAPACK_ROW_MAJOR, m, n, k, a, n, tau);
  else
    return scipy_LAPACKE_zungqr(LAPACK_ROW_MAJOR, m, n, k, a, n, tau);
}
template <class T>
lapack_int gesdd(lapack_int m, lapack_int n, T* a, Real<T>* s, T* u, T* vh) {
  const lapack_int k = std::min(m, n);
  return PLAIT_BY_TYPE(scipy_LAPACKE_, gesdd, LAPACK_ROW_MAJOR, 'S', m, n, a, n, s, u, k, vh, n);
}
template <class T>
lapack_int potrf(lapack_int n, T* a) {
  return PLAIT_BY_TYPE(scipy_LAPACKE_, potrf, LAPACK_ROW_MAJOR, 'L', n, a, n);
}
// `m` rows of length `n` that are `stride` elements apart.
template <class T>
lapack_int getrf(lapack_int m, lapack_int n, T* a, lapack_int stride, lapack_int* pivots) {
  return PLAIT_BY_TYPE(scipy_LAPACKE_, getrf, LAPACK_ROW_MAJOR, m, n, a, stride, pivots);
}

// b = t^-1 b for a triangle of `n` rows; `b` has `columns`.
template <class T>
void trsm(bool is_lower, bool has_unit_diagonal, lapack_int n, lapack_int columns, const T* t, lapack_int t_stride,
          T* b, lapack_int b_stride) {
  const CBLAS_UPLO triangle = is_lower ? CblasLower : CblasUpper;
  const CBLAS_DIAG diagonal = has_unit_diagonal ? CblasUnit : CblasNonUnit;
  const T one = 1;
  const auto alpha = [&] {
    if constexpr (std::is_floating_point_v<T>)
      return one;
    else
      return &one;
  }();
  PLAIT_BY_TYPE(scipy_cblas_, trsm, CblasRowMajor, CblasLeft, triangle, CblasNoTrans, diagonal, n, columns, alpha, t,
                t_stride, b, b_stride);
}

// c -= a b, with a of m x k.
template <class T>
void subtract_product(lapack_int m, lapack_int n, lapack_int k, const T* a, lapack_int a_stride, const T* b,
                      lapack_int b_stride, T* c, lapack_int c_stride) {
  const T one = 1;
  const T minus_one = -1;
  const auto factor = [](const T& number) {
    if constexpr (std::is_floating_point_v<T>)
      return number;
    else
      return &number;
  };
  PLAIT_BY_TYPE(scipy_cblas_, gemm, CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, factor(minus_one), a, a_stride,
                b, b_stride, factor(one), c, c_stride);
}

#undef PLAIT_BY_TYPE

}  // namespace plait::lapack
