#include "collections/array/diagonal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "collections/array/arguments.h"
#include "collections/array/axes.h"
#include "collections/array/creation.h"
#include "collections/array/elementwise.h"
#include "collections/array/layout.h"
#include "collections/array/reduction.h"
#include "kernels/array/diagonal.h"

namespace plait {
namespace {

using Blocks = std::vector<std::int64_t>;

// A part of the diagonal that lies in one block.
struct Part {
  std::int64_t row_block = 0;
  std::int64_t column_block = 0;
  DiagonalParams within;
};

std::int64_t sum_of(const Blocks& blocks) {
  std::int64_t sum = 0;
  for (std::int64_t extent : blocks) sum += extent;
  return sum;
}

// Moves to the block in which the position lies; `position` is counted from the block's start.
void enter_block(const Blocks& blocks, std::int64_t& block, std::int64_t& position) {
  while (block + 1 < static_cast<std::int64_t>(blocks.size()) && position >= blocks[block]) position -= blocks[block++];
}

std::vector<Part> parts_of(const Blocks& rows, const Blocks& columns, std::int64_t offset) {
  Part at{.within = {.row = std::max<std::int64_t>(0, -offset), .column = std::max<std::int64_t>(0, offset)}};
  std::int64_t left =
      std::max<std::int64_t>(0, std::min(sum_of(rows) - at.within.row, sum_of(columns) - at.within.column));
  if (left == 0) return {Part{}};
  std::vector<Part> parts;
  while (left > 0) {
    enter_block(rows, at.row_block, at.within.row);
    enter_block(columns, at.column_block, at.within.column);
    at.within.count = std::min({left, rows[at.row_block] - at.within.row, columns[at.column_block] - at.within.column});
    parts.push_back(at);
    left -= at.within.count;
    at.within.row += at.within.count;
    at.within.column += at.within.count;
  }
  return parts;
}

std::vector<Part> parts_of(const ExprPtr& array, std::int64_t offset) {
  const Chunks& chunks = array_meta(array).chunks();
  return parts_of(chunks[chunks.size() - 2], chunks.back(), offset);
}

void check_known(std::string_view what, const ArrayMeta& meta) {
  if (meta.is_known()) return;
  throw value_error(fmt::format(
      "{}: an extent of the array is not known before it is computed; call compute_chunk_sizes() first", what));
}

}  // namespace

MetaPtr DiagonalLine::infer_meta() const {
  const ArrayMeta& from = array_meta(array);
  Chunks chunks(from.chunks().begin(), from.chunks().end() - 2);
  chunks.emplace_back();
  for (const Part& part : parts_of(array, offset)) chunks.back().push_back(part.within.count);
  return make_array_meta(from.dtype(), std::move(chunks));
}

BlockTask DiagonalLine::block_task(std::int64_t block) const {
  const auto& known = static_cast<const ArrayMeta&>(meta());
  auto index = unravel(block, known.grid());
  const Part part = parts_of(array, offset)[static_cast<std::size_t>(index.back())];
  index.back() = part.row_block;
  index.push_back(part.column_block);
  return {.call = diagonal_kernel(part.within),
          .inputs = {{0, ravel(index, array->meta().grid())}},
          .output_bytes = known.block_bytes(block)};
}

MetaPtr DiagonalMatrix::infer_meta() const {
  const ArrayMeta& from = array_meta(array);
  Chunks chunks(2, from.chunks()[0]);
  const std::int64_t beside = std::abs(offset);
  if (offset > 0) {
    chunks[0].push_back(beside);
    chunks[1].insert(chunks[1].begin(), beside);
  } else if (offset < 0) {
    chunks[0].insert(chunks[0].begin(), beside);
    chunks[1].push_back(beside);
  }
  return make_array_meta(from.dtype(), std::move(chunks));
}

BlockTask DiagonalMatrix::block_task(std::int64_t block) const {
  const auto& known = static_cast<const ArrayMeta&>(meta());
  const auto index = unravel(block, known.grid());
  BlockTask task{.call = diagonal_block_kernel({known.dtype(), known.block_shape(block)}),
                 .output_bytes = known.block_bytes(block)};
  const std::int64_t row = index[0] - (offset < 0 ? 1 : 0);
  const std::int64_t column = index[1] - (offset > 0 ? 1 : 0);
  if (row == column && row >= 0 && row < array->meta().num_blocks()) task.inputs.push_back({0, row});
  return task;
}

ExprPtr diagonal(ExprPtr array, std::int64_t offset, int axis1, int axis2) {
  const int ndim = array_meta(array).ndim();
  check_number("diagonal", "the number of axes of the array", std::int64_t{ndim}, ndim >= 2, "two or more");
  const int rows = normalize_axis("diagonal", axis1, ndim);
  const int columns = normalize_axis("diagonal", axis2, ndim);
  if (rows == columns)
    throw value_error(fmt::format("diagonal: axis1 and axis2 are both axis {}, expected two different ones", rows));
  const ArrayMeta& from = array_meta(array);
  if (from.shape()[rows] == kUnknownExtent || from.shape()[columns] == kUnknownExtent) check_known("diagonal", from);
  array = moveaxis(std::move(array), {rows, columns}, {ndim - 2, ndim - 1});
  return make_expr<DiagonalLine>(std::move(array), offset);
}

ExprPtr diag(ExprPtr array, std::int64_t offset) {
  const ArrayMeta& from = array_meta(array);
  if (from.ndim() == 2) return diagonal(std::move(array), offset, 0, 1);
  check_number("diag", "the number of axes of the array", std::int64_t{from.ndim()}, from.ndim() == 1, "one or two");
  check_known("diag", from);
  return make_expr<DiagonalMatrix>(std::move(array), offset);
}

ExprPtr trace(ExprPtr array, std::int64_t offset, int axis1, int axis2, std::optional<DType> dtype) {
  ExprPtr line = diagonal(std::move(array), offset, axis1, axis2);
  return reduce(ReduceOp::sum, std::move(line), {.axes = std::vector<int>{-1}, .dtype = dtype});
}

}  // namespace plait
