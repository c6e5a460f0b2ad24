// Linear algebra: factorizations, systems of equations, norms. All work on blocks; elements are float32, float64 or
// complex, whole numbers and booleans become float64.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "plait/array/array.h"

namespace plait::random {
class Streams;
}

namespace plait::linalg {

// a = q r, with orthonormal columns of q and an upper triangle r; `q` has min(rows, columns) columns.
struct Qr {
  Array q;
  Array r;
};
// Of any matrix: of a tall one block of rows by block, of a wide one by its first columns.
PLAIT_API Qr qr(const Array& a, Location where = Location::current());
// Tall and skinny: one column of blocks, whose number of rows need not be known. Short and fat: one row of blocks.
// Throw Error(value) for others.
PLAIT_API Qr tsqr(const Array& a, Location where = Location::current());
PLAIT_API Qr sfqr(const Array& a, Location where = Location::current());

// a = u diag(s) v, with s from the largest down.
struct Svd {
  Array u;
  Array s;
  Array v;
};
struct SvdOptions {
  // Every row of v has a sum that is not negative, however the matrix is cut into blocks.
  bool coerce_signs = true;
};
// Blocks of rows are joined along the shorter side.
PLAIT_API Svd svd(const Array& a, const SvdOptions& how = {}, Location where = Location::current());
// Of one column of blocks, with signs as they come.
PLAIT_API Svd tsqr_svd(const Array& a, Location where = Location::current());

struct Compression {
  std::string iterator = "power";  // or "QR", which is more accurate for many iterations
  int n_power_iter = 0;
  std::int64_t n_oversamples = 10;
  bool compute = false;  // each pass over the matrix at once: it is made again for the next, instead of being kept
};
// How many directions a random sample of a matrix needs for its first `q` singular values.
PLAIT_API std::int64_t compression_level(std::int64_t n, std::int64_t q, std::int64_t n_oversamples = 10,
                                         std::int64_t min_subspace_size = 20);
// Orthonormal rows that span nearly what the first `q` singular vectors of `a` span. Halko, Martinsson and Tropp,
// "Finding structure with randomness" (2009).
PLAIT_API Array compression_matrix(const Array& a, std::int64_t q, random::Streams& numbers,
                                   const Compression& how = {}, Location where = Location::current());
// The `k` largest singular values with their vectors, nearly.
PLAIT_API Svd svd_compressed(const Array& a, std::int64_t k, random::Streams& numbers, const Compression& how = {},
                             const SvdOptions& signs = {}, Location where = Location::current());

// a = p l u: rows exchanged so that every pivot is the largest of its column, ones on l's diagonal.
struct Lu {
  Array p;
  Array l;
  Array u;
};
PLAIT_API Lu lu(const Array& a, Location where = Location::current());
// Of a Hermitian, positive definite matrix: l with a = l l^H, or u with a = u^H u. The lower triangle is read.
PLAIT_API Array cholesky(const Array& a, bool lower = false, Location where = Location::current());

// x of a x = b; `b` is a vector or a matrix.
PLAIT_API Array solve(const Array& a, const Array& b, bool is_positive_definite = false,
                      Location where = Location::current());
// Where `a` is a triangle; the other one is not read.
PLAIT_API Array solve_triangular(const Array& a, const Array& b, bool lower = false,
                                 Location where = Location::current());
PLAIT_API Array inv(const Array& a, Location where = Location::current());

// x for which the sum of squares of a x - b is smallest.
struct LeastSquares {
  Array x;
  Array residuals;  // those sums, one a column of b
  Array rank;       // of a
  Array s;          // a's singular values
};
PLAIT_API LeastSquares lstsq(const Array& a, const Array& b, Location where = Location::current());

// Which norm: none (the root of the sum of squares), a number (infinity, too), "fro" or "nuc".
using NormOrder = std::variant<std::monostate, double, std::string>;
// Over one axis as of vectors, over two as of matrices, over none of the whole array.
PLAIT_API Array norm(const Array& a, const NormOrder& order = {}, const ReducedAxes& axes = {}, bool keepdims = false,
                     Location where = Location::current());

}  // namespace plait::linalg
