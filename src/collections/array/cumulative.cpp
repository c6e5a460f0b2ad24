#include "collections/array/cumulative.h"

#include <fmt/format.h>

#include <algorithm>

#include "collections/array/axes.h"
#include "collections/array/elementwise.h"
#include "collections/array/layout.h"
#include "kernels/array/reduce_op.h"

namespace plait {
namespace {

// Totals that one task takes: Dask's "blelloch" combines pairs, which gives more tasks and a shorter way to the last.
constexpr std::int64_t kSequentialFan = 32;
constexpr std::int64_t kBlellochFan = 2;

std::int64_t groups_of(std::int64_t count, std::int64_t group) { return (count + group - 1) / group; }

std::int64_t blocks_along(const ExprPtr& array, int axis) {
  return static_cast<std::int64_t>(array_meta(array).chunks()[axis].size());
}

// What comes before each of the totals, in blocks of `fan`.
ExprPtr offsets_of(const ExprPtr& totals, const CumulateParams& params, std::int64_t fan) {
  std::vector<ExprPtr> arrays = {totals};
  if (blocks_along(totals, params.axis) > fan)
    arrays.push_back(offsets_of(make_expr<CumulateTotals>(totals, params, fan), params, fan));
  return make_expr<CumulateOffsets>(std::move(arrays), params, fan);
}

// A task that takes, for block `number` along the axis, what comes before it.
void add_offset(BlockTask& task, CumulateParams& params, const ExprPtr& offsets, std::vector<std::int64_t> index,
                std::int64_t number, std::int64_t group) {
  params.has_offset = true;
  params.offset_position = number % group;
  index[params.axis] = number / group;
  task.inputs.push_back({1, ravel(index, offsets->meta().grid())});
}

}  // namespace

std::string Cumulative::describe() const { return fmt::format("axis={}", axis); }

ExprPtr Cumulative::lower() const {
  const CumulateParams params{.op = cumulate_op, .axis = axis};
  std::vector<ExprPtr> arrays = {array};
  if (blocks_along(array, axis) > 1) {
    const ExprPtr totals = make_expr<CumulateTotals>(array, params, std::int64_t{1});
    arrays.push_back(offsets_of(totals, params, fan));
  }
  return make_expr<CumulateBlocks>(std::move(arrays), params, fan);
}

MetaPtr CumulateTotals::infer_meta() const {
  const ArrayMeta& from = array_meta(array);
  Chunks chunks = from.chunks();
  chunks[params.axis].assign(static_cast<std::size_t>(groups_of(blocks_along(array, params.axis), group)), 1);
  return make_array_meta(from.dtype(), std::move(chunks));
}

BlockTask CumulateTotals::block_task(std::int64_t block) const {
  const auto& known = static_cast<const ArrayMeta&>(meta());
  const auto from_grid = array->meta().grid();
  auto index = unravel(block, known.grid());
  BlockTask task{.output_bytes = known.block_bytes(block)};
  const std::int64_t first = index[params.axis] * group;
  for (std::int64_t at = first; at < std::min(first + group, from_grid[params.axis]); ++at) {
    index[params.axis] = at;
    task.inputs.push_back({0, ravel(index, from_grid)});
  }
  task.call = cumulate_total_kernel(params);
  return task;
}

MetaPtr CumulateOffsets::infer_meta() const {
  const ArrayMeta& from = array_meta(arrays[0]);
  Chunks chunks = from.chunks();
  const std::int64_t count = blocks_along(arrays[0], params.axis);
  chunks[params.axis].clear();
  for (std::int64_t at = 0; at < count; at += group) chunks[params.axis].push_back(std::min(group, count - at));
  return make_array_meta(from.dtype(), std::move(chunks));
}

BlockTask CumulateOffsets::block_task(std::int64_t block) const {
  const auto& known = static_cast<const ArrayMeta&>(meta());
  const auto from_grid = arrays[0]->meta().grid();
  const auto at = unravel(block, known.grid());
  BlockTask task{.output_bytes = known.block_bytes(block)};
  auto index = at;
  for (std::int64_t i = 0; i < known.chunks()[params.axis][at[params.axis]]; ++i) {
    index[params.axis] = at[params.axis] * group + i;
    task.inputs.push_back({0, ravel(index, from_grid)});
  }
  CumulateParams own = params;
  if (arrays.size() > 1) add_offset(task, own, arrays[1], at, at[params.axis], group);
  task.call = cumulate_offsets_kernel(own);
  return task;
}

BlockTask CumulateBlocks::block_task(std::int64_t block) const {
  const auto& known = static_cast<const ArrayMeta&>(meta());
  const auto index = unravel(block, known.grid());
  BlockTask task{.inputs = {{0, block}}, .output_bytes = known.block_bytes(block)};
  CumulateParams own = params;
  if (arrays.size() > 1) add_offset(task, own, arrays[1], index, index[params.axis], group);
  task.call = cumulate_kernel(own);
  return task;
}

ExprPtr cumulative(std::string_view what, CumulateOp op, ExprPtr array, const CumulateOptions& options) {
  if (options.method != "sequential" && options.method != "blelloch") {
    throw value_error(fmt::format("{}: method is '{}', expected 'sequential' or 'blelloch'", what, options.method));
  }
  const bool is_element = array_meta(array).ndim() == 0 && options.axis && names_only_element({*options.axis});
  if (!options.axis || is_element) array = reshape(std::move(array), {-1});
  const int axis = normalize_axis(what, options.axis.value_or(0), array_meta(array).ndim());
  const bool is_sum = op == CumulateOp::sum;
  const DType own = array_meta(array).dtype();
  if (options.skips_nan && (is_floating(own) || is_complex(own)))
    array = elementwise(is_sum ? ElementOp::nan_to_zero : ElementOp::nan_to_one, {std::move(array)});
  array = astype(std::move(array), reduced_dtype(is_sum ? ReduceOp::sum : ReduceOp::prod, own, options.dtype));
  return make_expr<Cumulative>(std::move(array), op, axis,
                               options.method == "blelloch" ? kBlellochFan : kSequentialFan);
}

}  // namespace plait
