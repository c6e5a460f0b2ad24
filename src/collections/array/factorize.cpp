#include "collections/array/factorize.h"

#include <algorithm>
#include <numeric>

#include "kernels/array/matmul.h"
#include "kernels/array/sequence_part.h"

namespace plait {
namespace {

// Triangles of R that one task puts below each other at most, where the matrix's own blocks set no bound.
constexpr std::int64_t kMaxStackedBytes = std::int64_t{256} << 20;

const std::vector<std::int64_t>& rows_of(const ExprPtr& matrix) { return array_meta(matrix).chunks().front(); }
std::int64_t num_row_blocks(const ExprPtr& matrix) { return static_cast<std::int64_t>(rows_of(matrix).size()); }

DType real_type(DType dtype) {
  if (dtype == DType::complex64) return DType::float32;
  return dtype == DType::complex128 ? DType::float64 : dtype;
}

// As far as the number of rows is known.
std::int64_t rank_bound(std::int64_t rows, std::int64_t columns) {
  return rows == kUnknownExtent ? columns : std::min(rows, columns);
}

BlockGroups single_blocks(std::int64_t count) {
  BlockGroups groups(static_cast<std::size_t>(count));
  std::iota(groups.begin(), groups.end(), std::int64_t{0});
  return groups;
}

std::int64_t group_of(const BlockGroups& groups, std::int64_t block) {
  return std::upper_bound(groups.begin(), groups.end(), block) - groups.begin() - 1;
}
std::int64_t end_of(const BlockGroups& groups, std::int64_t group, std::int64_t count) {
  return group + 1 < static_cast<std::int64_t>(groups.size()) ? groups[static_cast<std::size_t>(group) + 1] : count;
}

// Which triangles, of `rows` rows, come into one task: Dask's rule, on which signs depend. They fill a block of the
// matrix where that leaves half of them or fewer; else all come together.
BlockGroups stacked(const std::vector<std::int64_t>& rows, std::int64_t columns, std::int64_t item_bytes,
                    std::int64_t largest_block, std::int64_t largest_block_before) {
  const bool is_known = std::find(rows.begin(), rows.end(), kUnknownExtent) == rows.end();
  std::int64_t most = std::max(2 * columns, kMaxStackedBytes / std::max<std::int64_t>(columns * item_bytes, 1));
  if (is_known && largest_block_before >= 2 * columns) most = std::min(most, largest_block);
  BlockGroups groups{0};
  std::int64_t taken = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::int64_t height = rows[i] == kUnknownExtent ? columns : rows[i];
    if (taken + height > most && taken > 0) {
      groups.push_back(static_cast<std::int64_t>(i));
      taken = 0;
    }
    taken += height;
  }
  return groups;
}

// Rows of each group's R.
std::vector<std::int64_t> rows_of_r(const std::vector<std::int64_t>& rows, const BlockGroups& groups,
                                    std::int64_t columns) {
  std::vector<std::int64_t> found;
  const auto count = static_cast<std::int64_t>(rows.size());
  for (std::int64_t group = 0; group < static_cast<std::int64_t>(groups.size()); ++group) {
    const auto first = rows.begin() + groups[static_cast<std::size_t>(group)];
    const auto last = rows.begin() + end_of(groups, group, count);
    const bool is_known = std::find(first, last, kUnknownExtent) == last;
    found.push_back(is_known ? std::min(std::accumulate(first, last, std::int64_t{0}), columns) : kUnknownExtent);
  }
  return found;
}

}  // namespace

MetaPtr Factorize::infer_meta() const {
  return make_array_meta(array_meta(matrix).dtype(), {std::vector<std::int64_t>(groups.size(), kUnknownExtent)});
}

BlockTask Factorize::block_task(std::int64_t block) const {
  BlockTask task{.call = factorize_kernel({kind})};
  const ArrayMeta& from = array_meta(matrix);
  for (std::int64_t at = groups[static_cast<std::size_t>(block)]; at < end_of(groups, block, num_row_blocks(matrix));
       ++at) {
    task.inputs.push_back({0, at});
    // Factors take about what the matrix takes, and LAPACK works on a copy.
    task.output_bytes += 2 * from.block_bytes(at);
  }
  return task;
}

MetaPtr Factor::infer_meta() const { return make_array_meta(dtype, chunks); }

BlockTask Factor::block_task(std::int64_t block) const {
  const std::int64_t value = groups.empty() ? block : group_of(groups, block);
  const std::int64_t within = groups.empty() ? 0 : block - groups[static_cast<std::size_t>(value)];
  return {.call = sequence_part_kernel({part + within}),
          .inputs = {{0, value}},
          .output_bytes = static_cast<const ArrayMeta&>(meta()).block_bytes(block)};
}

MetaPtr RowBlocksProduct::infer_meta() const {
  return make_array_meta(array_meta(a).dtype(), {rows_of(a), array_meta(b).chunks()[1]});
}

BlockTask RowBlocksProduct::block_task(std::int64_t block) const {
  return {.call = matmul_kernel({.dtype = array_meta(a).dtype()}),
          .inputs = {{0, block}, {1, group_of(groups, block)}},
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
    BlockGroups groups;
  };
  const DType dtype = array_meta(matrix).dtype();
  const std::int64_t columns = array_meta(matrix).shape()[1];
  const std::int64_t rank = rank_bound(array_meta(matrix).shape()[0], columns);
  std::vector<Level> levels;
  ExprPtr r = matrix;
  BlockGroups groups = single_blocks(num_row_blocks(matrix));
  std::int64_t largest_block = *std::max_element(rows_of(matrix).begin(), rows_of(matrix).end());
  std::int64_t largest_block_before = largest_block;
  while (true) {
    const std::vector<std::int64_t> rows = rows_of(r);
    const bool is_last = groups.size() == 1;
    // Inside, blocks may have fewer columns than the whole.
    const std::int64_t columns_of_q = is_last ? rank : kUnknownExtent;
    const ExprPtr factors = make_expr<Factorize>(r, Factorization::qr, groups);
    levels.push_back({make_expr<Factor>(factors, 1, groups, dtype, Chunks{rows, {columns_of_q}}), groups});
    const auto rows_left = is_last ? std::vector{rank} : rows_of_r(rows, groups, columns);
    r = make_expr<Factor>(factors, 0, BlockGroups{}, dtype, Chunks{rows_left, {columns}});
    if (is_last) break;
    groups =
        stacked(rows_left, columns, static_cast<std::int64_t>(item_size(dtype)), largest_block, largest_block_before);
    largest_block_before = largest_block;
    largest_block = 0;
    for (std::int64_t group = 0; group < static_cast<std::int64_t>(groups.size()); ++group) {
      const auto first = rows_left.begin() + groups[static_cast<std::size_t>(group)];
      const auto last = rows_left.begin() + end_of(groups, group, static_cast<std::int64_t>(rows_left.size()));
      largest_block = std::max(largest_block, std::accumulate(first, last, std::int64_t{0}));
    }
  }
  ExprPtr q = levels.back().q;
  for (std::size_t i = levels.size() - 1; i-- > 0;) q = make_expr<RowBlocksProduct>(levels[i].q, q, levels[i].groups);
  return {q, r};
}

SvdFactors block_svd(const ExprPtr& matrix) {
  const ArrayMeta& from = array_meta(matrix);
  const DType dtype = from.dtype();
  const std::int64_t rows = from.shape()[0];
  const std::int64_t columns = from.shape()[1];
  const std::int64_t k = rank_bound(rows, columns);
  const ExprPtr factors = make_expr<Factorize>(matrix, Factorization::svd, BlockGroups{0});
  return {make_expr<Factor>(factors, 0, BlockGroups{}, dtype, Chunks{{rows}, {k}}),
          make_expr<Factor>(factors, 1, BlockGroups{}, real_type(dtype), Chunks{{k}}),
          make_expr<Factor>(factors, 2, BlockGroups{}, dtype, Chunks{{k}, {columns}})};
}

ExprPtr block_cholesky(const ExprPtr& matrix) {
  const ExprPtr factors = make_expr<Factorize>(matrix, Factorization::cholesky, BlockGroups{0});
  return make_expr<Factor>(factors, 0, BlockGroups{}, array_meta(matrix).dtype(), array_meta(matrix).chunks());
}

}  // namespace plait
