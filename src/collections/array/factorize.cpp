#include "collections/array/factorize.h"

#include <algorithm>

#include "kernels/array/matmul.h"

namespace plait {
namespace {

// Triangles of R that one task puts below each other: all of them, so that there are two levels as in Dask, where they
// are not too many.
constexpr std::uint64_t kMaxStackedBytes = std::uint64_t{256} << 20;

std::int64_t num_row_blocks(const ExprPtr& matrix) {
  return static_cast<std::int64_t>(array_meta(matrix).chunks().front().size());
}

DType real_type(DType dtype) {
  if (dtype == DType::complex64) return DType::float32;
  return dtype == DType::complex128 ? DType::float64 : dtype;
}

// How many columns Q has of which `rows` are known to be or not.
std::int64_t rank_bound(std::int64_t rows, std::int64_t columns) {
  return rows == kUnknownExtent ? columns : std::min(rows, columns);
}

// Rows of R are known where the block's are.
std::vector<std::int64_t> rows_of_r(const std::vector<std::int64_t>& rows, std::int64_t columns, std::int64_t group) {
  std::vector<std::int64_t> found;
  for (std::size_t i = 0; i < rows.size(); i += static_cast<std::size_t>(group)) {
    std::int64_t sum = 0;
    for (std::size_t j = i; j < std::min(rows.size(), i + static_cast<std::size_t>(group)); ++j) {
      if (rows[j] == kUnknownExtent || sum == kUnknownExtent)
        sum = kUnknownExtent;
      else
        sum += rows[j];
    }
    found.push_back(sum == kUnknownExtent ? kUnknownExtent : std::min(sum, columns));
  }
  return found;
}

}  // namespace

MetaPtr Factorize::infer_meta() const {
  const auto count = static_cast<std::size_t>((num_row_blocks(matrix) + group - 1) / group);
  return make_array_meta(array_meta(matrix).dtype(), {std::vector<std::int64_t>(count, kUnknownExtent)});
}

BlockTask Factorize::block_task(std::int64_t block) const {
  BlockTask task{.call = factorize_kernel({kind})};
  const ArrayMeta& from = array_meta(matrix);
  for (std::int64_t at = block * group; at < std::min((block + 1) * group, num_row_blocks(matrix)); ++at) {
    task.inputs.push_back({0, at});
    // Factors take about what the matrix takes, and LAPACK works on a copy.
    task.output_bytes += 2 * from.block_bytes(at);
  }
  return task;
}

MetaPtr Factor::infer_meta() const { return make_array_meta(dtype, chunks); }

BlockTask Factor::block_task(std::int64_t block) const {
  return {.call = factor_kernel({part + block % per_value}),
          .inputs = {{0, block / per_value}},
          .output_bytes = static_cast<const ArrayMeta&>(meta()).block_bytes(block)};
}

MetaPtr RowBlocksProduct::infer_meta() const {
  return make_array_meta(array_meta(a).dtype(), {array_meta(a).chunks()[0], array_meta(b).chunks()[1]});
}

BlockTask RowBlocksProduct::block_task(std::int64_t block) const {
  return {.call = matmul_kernel({.dtype = array_meta(a).dtype()}),
          .inputs = {{0, block}, {1, block / group}},
          .output_bytes = static_cast<const ArrayMeta&>(meta()).block_bytes(block)};
}

MetaPtr TriangularSolve::infer_meta() const { return right->meta_ptr(); }

BlockTask TriangularSolve::block_task(std::int64_t block) const {
  return {.call = triangular_solve_kernel({is_lower}),
          .inputs = {{0, 0}, {1, block}},
          .output_bytes = static_cast<const ArrayMeta&>(meta()).block_bytes(block)};
}

QrFactors tall_qr(const ExprPtr& matrix) {
  struct Level {
    ExprPtr q;
    std::int64_t group;
  };
  const DType dtype = array_meta(matrix).dtype();
  const std::int64_t columns = array_meta(matrix).shape()[1];
  const std::int64_t rank = rank_bound(array_meta(matrix).shape()[0], columns);
  const auto triangle_bytes =
      static_cast<std::uint64_t>(columns) * static_cast<std::uint64_t>(columns) * item_size(dtype);
  const auto stacked = static_cast<std::int64_t>(kMaxStackedBytes / std::max<std::uint64_t>(triangle_bytes, 1));
  std::vector<Level> levels;
  ExprPtr r = matrix;
  std::int64_t group = 1;
  bool is_last = false;
  do {
    const std::vector<std::int64_t> rows = array_meta(r).chunks()[0];
    is_last = static_cast<std::int64_t>(rows.size()) <= group;
    // Inside, blocks may have fewer columns than the whole.
    const std::int64_t columns_of_q = is_last ? rank : kUnknownExtent;
    const ExprPtr factors = make_expr<Factorize>(r, Factorization::qr, group);
    levels.push_back({make_expr<Factor>(factors, 1, group, dtype, Chunks{rows, {columns_of_q}}), group});
    const auto rows_left = is_last ? std::vector{rank} : rows_of_r(rows, columns, group);
    r = make_expr<Factor>(factors, 0, 1, dtype, Chunks{rows_left, {columns}});
    group = std::clamp<std::int64_t>(stacked, 2, std::max<std::int64_t>(num_row_blocks(r), 2));
  } while (!is_last);

  ExprPtr q = levels.back().q;
  for (std::size_t i = levels.size() - 1; i-- > 0;) q = make_expr<RowBlocksProduct>(levels[i].q, q, levels[i].group);
  return {q, r};
}

SvdFactors block_svd(const ExprPtr& matrix) {
  const ArrayMeta& from = array_meta(matrix);
  const DType dtype = from.dtype();
  const std::int64_t rows = from.shape()[0];
  const std::int64_t columns = from.shape()[1];
  const std::int64_t k = rank_bound(rows, columns);
  const ExprPtr factors = make_expr<Factorize>(matrix, Factorization::svd, 1);
  return {make_expr<Factor>(factors, 0, 1, dtype, Chunks{{rows}, {k}}),
          make_expr<Factor>(factors, 1, 1, real_type(dtype), Chunks{{k}}),
          make_expr<Factor>(factors, 2, 1, dtype, Chunks{{k}, {columns}})};
}

ExprPtr block_cholesky(const ExprPtr& matrix) {
  const ExprPtr factors = make_expr<Factorize>(matrix, Factorization::cholesky, 1);
  return make_expr<Factor>(factors, 0, 1, array_meta(matrix).dtype(), array_meta(matrix).chunks());
}

}  // namespace plait
