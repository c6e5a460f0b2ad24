// Square matrices and systems of equations: see plait/array/linalg.h.
#include <fmt/format.h>

#include <algorithm>

#include "collections/array/api/linalg_arguments.h"
#include "collections/array/factorize.h"
#include "collections/array/lu.h"
#include "plait/array/creation.h"
#include "plait/array/elementwise.h"
#include "plait/array/layout.h"
#include "plait/array/linalg.h"
#include "plait/array/products.h"
#include "plait/array/reductions.h"

namespace plait::linalg {
namespace {

// The matrix in blocks that are square along its diagonal.
Array in_square_blocks(const Array& a) { return a.rechunk(chunks({a.chunks()[0], a.chunks()[0]})); }

struct Part {
  std::int64_t start;
  std::int64_t stop;
};
std::vector<Part> parts_along(const std::vector<std::int64_t>& extents) {
  std::vector<Part> parts;
  std::int64_t at = 0;
  for (const std::int64_t extent : extents) {
    parts.push_back({at, at + extent});
    at += extent;
  }
  return parts;
}

Array rows_of(const Array& a, Part rows) { return a.get({slice(rows.start, rows.stop), all}); }
Array piece_of(const Array& a, Part rows, Part columns) {
  return a.get({slice(rows.start, rows.stop), slice(columns.start, columns.stop)});
}

Array block_solve(const Array& triangle, const Array& right, bool is_lower) {
  return Array(make_expr<TriangularSolve>(triangle.expr(), right.expr(), is_lower));
}

// Rows of x one after the other: from the top of a lower triangle, from the bottom of an upper one.
Array triangular(const Array& a, const Array& b, bool is_lower) {
  const Array triangle = in_square_blocks(a);
  const Array right = b.rechunk(chunks_by_axis({{0, triangle.chunks()[0]}}));
  const std::vector<Part> parts = parts_along(triangle.chunks()[0]);
  const std::size_t n = parts.size();
  std::vector<Array> solved;
  for (std::size_t step = 0; step < n; ++step) {
    const Part here = parts[is_lower ? step : n - 1 - step];
    Array left_over = rows_of(right, here);
    if (step > 0) {
      const Part done = is_lower ? Part{0, here.start} : Part{here.stop, parts.back().stop};
      left_over = left_over - matmul(piece_of(triangle, here, done), concatenate(solved, 0));
    }
    Array x = block_solve(piece_of(triangle, here, here), left_over, is_lower);
    solved.insert(is_lower ? solved.end() : solved.begin(), std::move(x));
  }
  return concatenate(solved, 0);
}

// The lower triangle, a column of blocks after the other.
Array lower_cholesky(const Array& matrix) {
  const Array a = in_square_blocks(matrix);
  const std::int64_t n = a.shape()[0];
  const std::vector<std::int64_t> extents = a.chunks()[0];
  std::vector<Array> columns;
  for (const Part here : parts_along(extents)) {
    const Part below{here.stop, n};
    Array rest = piece_of(a, {here.start, n}, here);
    if (here.start > 0) {
      const Array before = rows_of(concatenate(columns, 1), {here.start, n});
      rest = rest - matmul(before, adjoint(rows_of(before, {0, here.stop - here.start})));
    }
    const std::int64_t height = here.stop - here.start;
    const Array corner(block_cholesky(rows_of(rest, {0, height}).expr()));
    std::vector<Array> pieces;
    if (here.start > 0) {
      const std::vector<std::int64_t> above(extents.begin(),
                                            extents.begin() + static_cast<std::ptrdiff_t>(columns.size()));
      pieces.push_back(zeros({here.start, height}, chunks({above, height}), a.dtype()));
    }
    pieces.push_back(corner);
    if (below.start < n)
      pieces.push_back(adjoint(block_solve(corner, adjoint(rows_of(rest, {height, n - here.start})), true)));
    columns.push_back(concatenate(pieces, 0));
  }
  return concatenate(columns, 1);
}

// P of P L U: a one in each column, at the row from which that row of L U came.
Array permutation_matrix(const Array& order, const Array& like) {
  const std::int64_t n = like.shape()[0];
  const Array rows = arange(n, chunks({like.chunks()[0]}));
  const Array columns = order.rechunk(chunks({like.chunks()[1]}));
  return equal(rows.expand_dims(1), columns).astype(like.dtype());
}

// Both sides of a system in one type, the right one as a matrix.
struct System {
  Array a;
  Array b;
  bool is_vector;
};
System system_of(const char* what, const Array& a, const Array& b, bool must_be_square) {
  if (b.ndim() != 1 && b.ndim() != 2) {
    throw value_error(fmt::format("{}: b has shape {}, expected one axis or two", what, to_string(b.shape())));
  }
  Array left = must_be_square ? square_matrix(what, a) : matrix_argument(what, a);
  if (must_be_square) check_extents_known(what, b);
  if (left.shape()[0] != b.shape()[0]) {
    throw value_error(fmt::format("{}: a of shape {} and b of shape {} do not fit: {} rows meet {}", what,
                                  to_string(a.shape()), to_string(b.shape()), left.shape()[0], b.shape()[0]));
  }
  Array right = linalg_elements(what, b);
  const DType dtype = promote(left.dtype(), right.dtype());
  right = right.astype(dtype);
  return {left.astype(dtype), b.ndim() == 1 ? right.expand_dims(1) : right, b.ndim() == 1};
}

Array result_of(const System& system, const Array& x) { return system.is_vector ? x.squeeze({1}) : x; }

}  // namespace

Lu lu(const Array& a, Location where) {
  const SourceScope scope = source_scope(where);
  const Array matrix = square_matrix("lu", a);
  const LuFactors factors = lu_factors(matrix.expr());
  return {permutation_matrix(Array(factors.order), matrix), Array(factors.l), Array(factors.u)};
}

Array cholesky(const Array& a, bool lower, Location where) {
  const SourceScope scope = source_scope(where);
  const Array found = lower_cholesky(square_matrix("cholesky", a));
  return lower ? found : adjoint(found);
}

Array solve_triangular(const Array& a, const Array& b, bool lower, Location where) {
  const SourceScope scope = source_scope(where);
  const System system = system_of("solve_triangular", a, b, true);
  return result_of(system, triangular(system.a, system.b, lower));
}

Array solve(const Array& a, const Array& b, bool is_positive_definite, Location where) {
  const SourceScope scope = source_scope(where);
  const System system = system_of("solve", a, b, true);
  if (is_positive_definite) {
    const Array l = lower_cholesky(system.a);
    return result_of(system, triangular(adjoint(l), triangular(l, system.b, true), false));
  }
  const Lu factors = lu(system.a);
  const Array permuted = matmul(factors.p.transpose(), system.b);
  return result_of(system, triangular(factors.u, triangular(factors.l, permuted, true), false));
}

Array inv(const Array& a, Location where) {
  const SourceScope scope = source_scope(where);
  const Array matrix = square_matrix("inv", a);
  const std::vector<std::int64_t> rows = matrix.chunks()[0];
  return solve(matrix, eye(matrix.shape()[0], chunks({rows, rows}), {.dtype = matrix.dtype()}));
}

LeastSquares lstsq(const Array& a, const Array& b, Location where) {
  const SourceScope scope = source_scope(where);
  const System system = system_of("lstsq", a, b, false);
  const std::int64_t rows = system.a.shape()[0];
  const std::int64_t columns = system.a.shape()[1];
  if (rows != kUnknownExtent && rows < columns) {
    throw value_error(
        fmt::format("lstsq: a has shape {}: fewer equations than unknowns have no single answer; give at least {} rows",
                    to_string(a.shape()), columns));
  }
  const Qr factors = qr(system.a);
  const Array x = triangular(factors.r, matmul(adjoint(factors.q), system.b), false);
  const Array differences = absolute(system.b - matmul(system.a, x));
  const Array sums = (differences * differences).sum(0);
  const Array s = Array(block_svd(factors.r.expr()).s);
  const double epsilon = item_size(s.dtype()) == 4 ? 1.1920928955078125e-7 : 2.220446049250313e-16;
  const Array rank = (s > s.max() * (static_cast<double>(columns) * epsilon)).sum();
  return {result_of(system, x), sums, rank, s};
}

}  // namespace plait::linalg
