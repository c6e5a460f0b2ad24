#include "collections/array/matmul.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "collections/array/layout.h"
#include "collections/array/rechunk.h"
#include "collections/array/reduction.h"
#include "runtime/machine.h"

namespace plait {
namespace {

constexpr std::uint64_t kMaxInputBytes = std::uint64_t{256} << 20;
// Below this many multiply-adds a product is not worth several threads.
constexpr double kThreadedProducts = 1e9;

std::int64_t last(const ArrayMeta& meta, int from_end) { return meta.shape()[meta.ndim() - from_end]; }
const std::vector<std::int64_t>& blocks(const ArrayMeta& meta, int from_end) {
  return meta.chunks()[meta.ndim() - from_end];
}

Chunks batch_of(const ArrayMeta& meta) { return {meta.chunks().begin(), meta.chunks().end() - 2}; }

Chunks product_chunks(const ArrayMeta& a, const ArrayMeta& b) {
  Chunks chunks = common_chunks("matmul", {batch_of(a), batch_of(b)});
  chunks.push_back(blocks(a, 2));
  chunks.push_back(blocks(b, 1));
  return chunks;
}

void check_inner(const ExprPtr& a, const ExprPtr& b) {
  const ArrayMeta& left = array_meta(a);
  const ArrayMeta& right = array_meta(b);
  if (last(left, 1) == last(right, 2)) return;
  throw value_error(
      fmt::format("matmul: shapes {} and {} do not fit: {} columns of the first meet {} rows of the second",
                  to_string(left.shape()), to_string(right.shape()), last(left, 1), last(right, 2)));
}

// An operand in blocks that meet the other's along the contracted axis and the axes before the matrices.
ExprPtr aligned(const ExprPtr& array, const Chunks& batch, int contracted_from_end,
                const std::vector<std::int64_t>& contracted) {
  const ArrayMeta& meta = array_meta(array);
  Chunks chunks = meta.chunks();
  chunks[chunks.size() - contracted_from_end] = contracted;
  const std::size_t own_batch = chunks.size() - 2;
  for (std::size_t axis = 0; axis < own_batch; ++axis) {
    const bool is_stretched = chunks[axis] == std::vector<std::int64_t>{1};
    if (!is_stretched) chunks[axis] = batch[axis + batch.size() - own_batch];
  }
  return rechunk(array, std::move(chunks));
}

std::uint64_t largest_block_bytes(const ArrayMeta& meta) {
  std::uint64_t bytes = item_size(meta.dtype());
  for (const auto& along : meta.chunks())
    bytes *= static_cast<std::uint64_t>(std::max<std::int64_t>(1, *std::max_element(along.begin(), along.end())));
  return bytes;
}

}  // namespace

std::uint64_t max_product_input_bytes() { return std::min(kMaxInputBytes, memory_budget_bytes() / 4); }

MetaPtr Matmul::infer_meta() const {
  return make_array_meta(matmul_dtype(array_meta(a).dtype(), array_meta(b).dtype()),
                         product_chunks(array_meta(a), array_meta(b)));
}

ExprPtr Matmul::lower() const {
  const ArrayMeta& left = array_meta(a);
  const ArrayMeta& right = array_meta(b);
  const Chunks batch = common_chunks("matmul", {batch_of(left), batch_of(right)});
  const std::vector<std::int64_t> inner = common_chunks("matmul", {{blocks(left, 1)}, {blocks(right, 2)}})[0];
  const ExprPtr x = aligned(a, batch, 1, inner);
  const ExprPtr y = aligned(b, batch, 2, inner);
  const std::uint64_t pair_bytes = largest_block_bytes(array_meta(x)) + largest_block_bytes(array_meta(y));
  const auto depth = std::clamp<std::int64_t>(
      static_cast<std::int64_t>(max_product_input_bytes() / std::max<std::uint64_t>(pair_bytes, 1)), 1,
      static_cast<std::int64_t>(inner.size()));
  ExprPtr products = make_expr<MatmulBlocks>(x, y, depth);
  if (depth >= static_cast<std::int64_t>(inner.size())) return products;
  return reduce(ReduceOp::sum, std::move(products),
                {.axes = std::vector<int>{0}, .dtype = static_cast<const ArrayMeta&>(meta()).dtype()});
}

std::int64_t MatmulBlocks::num_groups() const {
  const auto num_inner = static_cast<std::int64_t>(blocks(array_meta(a), 1).size());
  return (num_inner + depth - 1) / depth;
}

MetaPtr MatmulBlocks::infer_meta() const {
  Chunks chunks = product_chunks(array_meta(a), array_meta(b));
  if (num_groups() > 1)
    chunks.insert(chunks.begin(), std::vector<std::int64_t>(static_cast<std::size_t>(num_groups()), 1));
  return make_array_meta(matmul_dtype(array_meta(a).dtype(), array_meta(b).dtype()), std::move(chunks));
}

BlockTask MatmulBlocks::block_task(std::int64_t block) const {
  const auto& known = static_cast<const ArrayMeta&>(meta());
  std::vector<std::int64_t> index = unravel(block, known.grid());
  std::int64_t group = 0;
  if (num_groups() > 1) {
    group = index.front();
    index.erase(index.begin());
  }
  const std::size_t num_batch = index.size() - 2;
  const auto num_inner = static_cast<std::int64_t>(blocks(array_meta(a), 1).size());

  const auto input = [&](std::uint32_t operand, std::int64_t row, std::int64_t column) {
    const std::vector<std::int64_t> grid = (operand == 0 ? a : b)->meta().grid();
    std::vector<std::int64_t> own(grid.size(), 0);
    const std::size_t own_batch = grid.size() - 2;
    for (std::size_t axis = 0; axis < own_batch; ++axis) {
      if (grid[axis] > 1) own[axis] = index[axis + num_batch - own_batch];
    }
    own[own_batch] = row;
    own[own_batch + 1] = column;
    return BlockTask::Input{operand, ravel(own, grid)};
  };

  MatmulParams params{.dtype = known.dtype(), .adds_axis = num_groups() > 1};
  const Shape shape = known.block_shape(block);
  const double products = static_cast<double>(num_elements(shape)) * static_cast<double>(last(array_meta(a), 1));
  const auto num_threads = static_cast<std::int64_t>(std::max(1u, std::thread::hardware_concurrency()));
  // The blocks of the last round leave threads without work: BLAS takes them, for one block after the other.
  const std::int64_t last_round = known.num_blocks() % num_threads;
  if (products > kThreadedProducts && 2 * last_round <= num_threads && block >= known.num_blocks() - last_round) {
    params.num_threads = static_cast<std::int32_t>(num_threads);
  }
  BlockTask task{.call = matmul_kernel(params)};
  for (std::int64_t k = group * depth; k < std::min(num_inner, (group + 1) * depth); ++k) {
    task.inputs.push_back(input(0, index[num_batch], k));
    task.inputs.push_back(input(1, k, index[num_batch + 1]));
  }
  task.output_bytes = known.block_bytes(block);
  return task;
}

ExprPtr matmul(ExprPtr a, ExprPtr b) {
  for (const ExprPtr& operand : {a, b}) {
    if (array_meta(operand).ndim() == 0) {
      throw value_error(
          "matmul: an operand has no axes, but at least one is needed; use multiply for a product with a scalar");
    }
  }
  const bool is_row = array_meta(a).ndim() == 1;
  const bool is_column = array_meta(b).ndim() == 1;
  if (is_row) a = expand_dims(a, {0});
  if (is_column) b = expand_dims(b, {1});
  check_inner(a, b);
  ExprPtr product = make_expr<Matmul>(std::move(a), std::move(b));
  const int ndim = array_meta(product).ndim();
  Axes dropped;
  if (is_row) dropped.push_back(ndim - 2);
  if (is_column) dropped.push_back(ndim - 1);
  return dropped.empty() ? product : squeeze(product, dropped);
}

}  // namespace plait
