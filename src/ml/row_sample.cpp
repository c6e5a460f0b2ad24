#include "ml/row_sample.h"

#include <algorithm>
#include <cstring>

#include "ml/row_tiles.h"
#include "ml/sparse_rows.h"

namespace plait::ml {
namespace {

struct SampleParams {
  std::int64_t every = 1;
  std::int64_t start = 0;  // the position of the block's first row
  static constexpr auto fields = std::tuple{&SampleParams::every, &SampleParams::start};
};
constinit KernelId<SampleParams> sample_kernel{"ml_sampled_rows"};

// The rows of [start, start + count) that belong to the sample, counted from `start`: one of each `every` neighbours, a
// random one, so that rows that come in turns are all seen.
std::vector<std::int64_t> chosen_rows(std::int64_t start, std::int64_t count, std::int64_t every) {
  std::vector<std::int64_t> chosen;
  for (std::int64_t group = start / every; group * every < start + count; ++group) {
    auto x = static_cast<std::uint64_t>(group) + 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93;
    x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93;
    const std::int64_t row = group * every + static_cast<std::int64_t>((x >> 32) % static_cast<std::uint64_t>(every));
    if (row >= start && row < start + count) chosen.push_back(row - start);
  }
  return chosen;
}

Value chosen_sparse(const SparseRows& block, const std::vector<std::int64_t>& chosen) {
  std::vector<std::int64_t> starts{0};
  std::vector<std::int32_t> columns;
  std::vector<double> numbers;
  for (const std::int64_t i : chosen) {
    const SparseRows::Row row = block.row(i);
    columns.insert(columns.end(), row.columns.begin(), row.columns.end());
    numbers.insert(numbers.end(), row.numbers.begin(), row.numbers.end());
    starts.push_back(static_cast<std::int64_t>(columns.size()));
  }
  const auto count = static_cast<std::int64_t>(columns.size());
  return Value::of(
      SparseRows(NdArray::from<std::int64_t>({static_cast<std::int64_t>(starts.size())}, std::span(starts)),
                 NdArray::from<std::int32_t>({count}, std::span(columns)),
                 NdArray::from<double>({count}, std::span(numbers)), block.num_columns()));
}

Value sampled(Inputs inputs, const SampleParams& params, const TaskContext&) {
  const std::int64_t rows = rows_of_block(inputs[0]);
  const std::vector<std::int64_t> chosen = chosen_rows(params.start, rows, params.every);
  if (const auto* sparse = inputs[0].get_if<SparseRows>()) return chosen_sparse(*sparse, chosen);
  const NdArray block = inputs[0].as<NdArray>().contiguous();
  Shape shape = block.shape();
  shape[0] = static_cast<std::int64_t>(chosen.size());
  NdArray out = NdArray::empty(block.dtype(), shape);
  const std::size_t bytes = rows == 0 ? 0 : block.num_bytes() / static_cast<std::size_t>(rows);
  std::byte* to = out.mutable_bytes();
  for (const std::int64_t i : chosen) {
    std::memcpy(to, block.bytes() + static_cast<std::size_t>(i) * bytes, bytes);
    to += bytes;
  }
  return Value::of(out);
}

}  // namespace

std::string SampledRows::describe() const { return "one of " + std::to_string(every); }

MetaPtr SampledRows::infer_meta() const {
  Chunks chunks = array_meta(array).chunks();
  std::ranges::fill(chunks.at(0), kUnknownExtent);
  return make_array_meta(array_meta(array).dtype(), std::move(chunks));
}

BlockTask SampledRows::block_task(std::int64_t block) const {
  const ArrayMeta& meta = array_meta(array);
  const std::int64_t start = meta.shape().at(0) == kUnknownExtent ? 0 : meta.block_start(block)[0];
  return {.call = sample_kernel({every, start}), .inputs = {{0, block}}};
}

std::vector<ExprPtr> sampled_rows(const std::vector<ExprPtr>& rows, std::int64_t every) {
  std::vector<ExprPtr> sample;
  for (const ExprPtr& each : rows) sample.push_back(make_expr<SampledRows>(each, every));
  return sample;
}

void register_sample_kernels() { define(sample_kernel, "Some of the rows of a block.", sampled); }

}  // namespace plait::ml
