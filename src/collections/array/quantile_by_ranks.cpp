#include "collections/array/quantile_by_ranks.h"

#include <fmt/format.h>

#include "collections/array/reduction.h"

namespace plait {
namespace {

std::size_t num_ranks(const LineQuantileParams& params) { return params.q.size() * 2; }

}  // namespace

std::string CountDigits::describe() const {
  return fmt::format("digit {} of {}", params.level + 1, params.digits.num_levels());
}

MetaPtr CountDigits::infer_meta() const {
  Chunks chunks = array_meta(array).chunks();
  const auto num_blocks = chunks.back().size();
  chunks.back().assign(num_blocks, 1);
  chunks.push_back(ranks ? *(array_meta(ranks).chunks().end() - 2) : std::vector<std::int64_t>{1});
  chunks.push_back({params.digits.num_values() + 1});
  return make_array_meta(DType::int64, std::move(chunks));
}

BlockTask CountDigits::block_task(std::int64_t block) const {
  const auto& known = static_cast<const ArrayMeta&>(meta());
  // The grid ends in one block of ranks and one of digits: the array's block has the same number.
  BlockTask task{.call = count_digits_kernel(params), .inputs = {{0, block}}, .output_bytes = known.block_bytes(block)};
  if (ranks) task.inputs.push_back({1, block / static_cast<std::int64_t>(array_meta(array).chunks().back().size())});
  return task;
}

MetaPtr NarrowRanks::infer_meta() const {
  const Chunks& from = array_meta(counts).chunks();
  Chunks chunks(from.begin(), from.end() - 2);
  chunks.push_back({static_cast<std::int64_t>(num_ranks(params.quantile))});
  chunks.push_back({kRankFields});
  return make_array_meta(DType::int64, std::move(chunks));
}

BlockTask NarrowRanks::block_task(std::int64_t block) const {
  const auto& known = static_cast<const ArrayMeta&>(meta());
  BlockTask task{.call = narrow_ranks_kernel(params), .inputs = {{0, block}}, .output_bytes = known.block_bytes(block)};
  if (ranks) task.inputs.push_back({1, block});
  return task;
}

MetaPtr ReadRanks::infer_meta() const {
  const Chunks& from = array_meta(ranks).chunks();
  Chunks chunks(from.begin(), from.end() - 2);
  const LineQuantileParams& quantile = params.quantile;
  if (quantile.has_q_axis) chunks.insert(chunks.begin(), {static_cast<std::int64_t>(quantile.q.size())});
  return make_array_meta(quantile.dtype, std::move(chunks));
}

BlockTask ReadRanks::block_task(std::int64_t block) const {
  return {.call = read_ranks_kernel(params),
          .inputs = {{0, block}},
          .output_bytes = static_cast<const ArrayMeta&>(meta()).block_bytes(block)};
}

ExprPtr quantile_by_ranks(const std::string& label, const ExprPtr& array, const LineQuantileParams& params) {
  const ArrayMeta& from = array_meta(array);
  const RanksParams how{digits_for(from.dtype(), num_ranks(params)), params};
  ExprPtr ranks;
  for (int level = 0; level < how.digits.num_levels(); ++level) {
    ExprPtr counts = make_expr<CountDigits>(array, ranks, CountDigitsParams{how.digits, level});
    counts = reduce(ReduceOp::sum, std::move(counts), {.axes = std::vector<int>{from.ndim() - 1}});
    ranks = make_expr<NarrowRanks>(std::move(counts), ranks, how);
  }
  return make_expr<ReadRanks>(std::move(ranks), label, how);
}

std::int64_t count_bytes(DType dtype, const LineQuantileParams& params) {
  const Digits digits = digits_for(dtype, num_ranks(params));
  return static_cast<std::int64_t>(num_ranks(params) * sizeof(std::int64_t)) * (digits.num_values() + 1);
}

}  // namespace plait
