// Factorizations by rows: see plait/array/linalg.h.
#include "plait/array/linalg.h"

#include <fmt/format.h>

#include <algorithm>

#include "collections/array/api/linalg_arguments.h"
#include "collections/array/factorize.h"
#include "plait/array/elementwise.h"
#include "plait/array/layout.h"
#include "plait/array/products.h"
#include "plait/array/reductions.h"
#include "plait/random.h"

namespace plait::linalg {
namespace {

constexpr std::int64_t kUnknown = -1;

std::int64_t num_blocks(const Array& a, int axis) { return static_cast<std::int64_t>(a.chunks()[axis].size()); }

// More columns than rows; a number that is not known is taken to be the larger one.
bool is_wide(const Array& a) {
  const std::int64_t rows = a.shape()[0];
  const std::int64_t columns = a.shape()[1];
  return rows != kUnknown && (columns == kUnknown || rows < columns);
}

// The shorter side, by the same rule.
std::int64_t rank_bound(const Array& a) { return a.shape()[is_wide(a) ? 0 : 1]; }

Array in_one_block(const Array& a, int axis) { return a.rechunk(chunks_by_axis({{axis, -1}})); }

Qr tall(const Array& a) {
  const QrFactors factors = tall_qr(a.expr());
  return {Array(factors.q), Array(factors.r)};
}

// The first columns, as many as there are rows at least, span what all span: q comes from them.
Qr wide(const Array& a) {
  const std::int64_t rows = a.shape()[0];
  const std::int64_t columns = a.shape()[1];
  const std::vector<std::int64_t> extents = a.chunks()[1];
  std::int64_t first = 0;
  for (const std::int64_t extent : extents) {
    if (first >= std::min(rows, columns) && first > 0) break;
    first += extent;
  }
  const Array head = in_one_block(a.get({all, slice(0, first)}), 1);
  const QrFactors factors = tall_qr(head.expr());
  const Array q(factors.q);
  const Array r(factors.r);
  if (first == columns) return {q, r};
  return {q, concatenate({r, matmul(adjoint(q), a.get({all, slice(first, {})}))}, 1)};
}

Svd tall_svd(const Array& a) {
  const Qr factors = tall(a);
  const SvdFactors small = block_svd(factors.r.expr());
  return {matmul(factors.q, Array(small.u)), Array(small.s), Array(small.vh)};
}

Array in_one_column(const char* what, const Array& a) {
  Array matrix = matrix_argument(what, a);
  if (num_blocks(matrix, 1) == 1) return matrix;
  throw value_error(
      fmt::format("{}: the matrix has {} columns of blocks, expected one; rechunk it with chunks {{1: -1}}, or use qr",
                  what, num_blocks(matrix, 1)));
}

Svd with_signs(Svd found) {
  const Array sums = found.v.sum(1, {.keepdims = true});
  const Array signs =
      plait::where((is_complex(sums.dtype()) ? real(sums) : sums) >= 0, 1.0, -1.0).astype(found.s.dtype());
  return {found.u * signs.transpose(), found.s, found.v * signs};
}

}  // namespace

Qr tsqr(const Array& a, Location where) {
  const SourceScope scope = source_scope(where);
  return tall(in_one_column("tsqr", a));
}

Svd tsqr_svd(const Array& a, Location where) {
  const SourceScope scope = source_scope(where);
  return tall_svd(in_one_column("tsqr", a));
}

Qr sfqr(const Array& a, Location where) {
  const SourceScope scope = source_scope(where);
  const Array matrix = matrix_argument("sfqr", a);
  check_extents_known("sfqr", matrix);
  if (num_blocks(matrix, 0) != 1) {
    throw value_error(
        fmt::format("sfqr: the matrix has {} rows of blocks, expected one; rechunk it with chunks {{0: -1}}, or use qr",
                    num_blocks(matrix, 0)));
  }
  return wide(matrix);
}

Qr qr(const Array& a, Location where) {
  const SourceScope scope = source_scope(where);
  const Array matrix = matrix_argument("qr", a);
  if (num_blocks(matrix, 1) == 1) return tall(matrix);
  check_extents_known("qr", matrix);
  return is_wide(matrix) ? wide(in_one_block(matrix, 0)) : tall(in_one_block(matrix, 1));
}

Svd svd(const Array& a, const SvdOptions& how, Location where) {
  const SourceScope scope = source_scope(where);
  Svd found = [&]() -> Svd {
    if (a.ndim() != 2 || !is_wide(a)) return tall_svd(in_one_block(matrix_argument("svd", a), 1));
    const Svd turned = tall_svd(in_one_block(matrix_argument("svd", a.transpose()), 1));
    return {turned.v.transpose(), turned.s, turned.u.transpose()};
  }();
  return how.coerce_signs ? with_signs(std::move(found)) : found;
}

std::int64_t compression_level(std::int64_t n, std::int64_t q, std::int64_t n_oversamples,
                               std::int64_t min_subspace_size) {
  return std::min(std::max(min_subspace_size, q + n_oversamples), n);
}

Array compression_matrix(const Array& a, std::int64_t q, random::Streams& numbers, const Compression& how,
                         Location where) {
  const SourceScope scope = source_scope(where);
  const Array matrix = matrix_argument("compression_matrix", a);
  if (how.iterator != "power" && how.iterator != "QR") {
    throw value_error(fmt::format("compression_matrix: iterator is '{}', expected 'power' or 'QR'", how.iterator));
  }
  if (how.n_power_iter < 0) {
    throw value_error(
        fmt::format("compression_matrix: n_power_iter is {}, expected a number from zero on", how.n_power_iter));
  }
  const std::int64_t level = compression_level(rank_bound(matrix), q, how.n_oversamples);
  const bool is_single = item_size(matrix.dtype()) == (is_complex(matrix.dtype()) ? 8 : 4);
  const Array sample = numbers.standard_normal({matrix.shape()[1], level}, chunks({matrix.chunks()[1], {level}}))
                           .astype(is_single ? DType::float32 : DType::float64);
  const Array turned = adjoint(matrix);
  const auto kept = [&](const Array& x) { return how.compute ? x.persist() : x; };
  const auto orthonormal = [&](const Array& x) { return tall(in_one_block(x, 1)).q; };
  Array found = matmul(matrix, sample);
  if (how.iterator == "power") {
    for (int i = 0; i < how.n_power_iter; ++i) found = matmul(matrix, kept(matmul(turned, kept(found))));
    return adjoint(orthonormal(found));
  }
  found = orthonormal(found);
  for (int i = 0; i < how.n_power_iter; ++i) {
    found = orthonormal(matmul(turned, kept(found)));
    found = orthonormal(matmul(matrix, kept(found)));
  }
  return adjoint(found);
}

Svd svd_compressed(const Array& a, std::int64_t k, random::Streams& numbers, const Compression& how,
                   const SvdOptions& signs, Location where) {
  const SourceScope scope = source_scope(where);
  const Array matrix = matrix_argument("svd_compressed", a);
  if (k < 1) throw value_error(fmt::format("svd_compressed: k is {}, expected one singular value or more", k));
  const Array rows = compression_matrix(matrix, k, numbers, how);
  const Array compressed = matmul(rows, matrix);
  // Its transpose is tall; of that u is the transpose of v.
  const Svd turned = tall_svd(in_one_block(compressed.transpose(), 1));
  const std::int64_t count = std::min(k, rank_bound(matrix));
  const Array u = matmul(adjoint(rows), turned.v.transpose());
  Svd found{u.get({all, slice(0, count)}), turned.s.get({slice(0, count)}),
            turned.u.transpose().get({slice(0, count), all})};
  return signs.coerce_signs ? with_signs(std::move(found)) : found;
}

}  // namespace plait::linalg
