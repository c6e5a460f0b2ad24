#include "ml/row_split.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>

#include "ml/made_once.h"
#include "ml/ml_start.h"
#include "ml/row_tiles.h"
#include "plait/ml/model_selection.h"

namespace plait::ml {
namespace {

struct ChosenParams {
  std::int64_t seed = 0;
  std::int64_t order_count = 0, first = 0, last = 0;
  std::int64_t start = 0;  // the position of the block's first row
  static constexpr auto fields = std::tuple{&ChosenParams::seed, &ChosenParams::order_count, &ChosenParams::first,
                                            &ChosenParams::last, &ChosenParams::start};
};
constinit KernelId<ChosenParams> chosen_kernel{"ml_chosen_rows"};

std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

Value chosen(Inputs inputs, const ChosenParams& params, const TaskContext& context) {
  const NdArray block = inputs[0].as<NdArray>().contiguous();
  const RandomOrder order(static_cast<std::uint64_t>(params.seed), params.order_count);
  const std::int64_t rows = num_rows(block);
  std::vector<std::int64_t> taken;
  for (std::int64_t i = 0; i < rows; ++i) {
    const std::int64_t place = order.place_of(params.start + i);
    if (place >= params.first && place < params.last) taken.push_back(i);
  }
  Shape shape = block.shape();
  shape[0] = static_cast<std::int64_t>(taken.size());
  NdArray out = context.output(block.dtype(), shape);
  const std::size_t bytes = rows == 0 ? 0 : block.num_bytes() / static_cast<std::size_t>(rows);
  NdArray made = out.is_contiguous() ? out : NdArray::empty(block.dtype(), shape);
  std::byte* to = made.mutable_bytes();
  for (const std::int64_t i : taken) {
    std::memcpy(to, block.bytes() + static_cast<std::size_t>(i) * bytes, bytes);
    to += bytes;
  }
  if (!out.is_contiguous()) out.assign(made);
  return Value::of(out);
}

// How many rows of each block are in [first, last), for several such ranges.
using Counts = std::vector<std::int64_t>;
std::pair<Counts, Counts> counted(const RandomOrder& order, const Counts& extents, const RowSplit& how) {
  std::pair<Counts, Counts> found;
  std::int64_t position = 0;
  for (const std::int64_t extent : extents) {
    std::int64_t test = 0, train = 0;
    for (std::int64_t i = 0; i < extent; ++i) {
      const std::int64_t place = order.place_of(position++);
      test += place < how.num_test;
      train += place >= how.num_test && place < how.num_test + how.num_train;
    }
    found.first.push_back(test);
    found.second.push_back(train);
  }
  return found;
}

}  // namespace

RandomOrder::RandomOrder(std::uint64_t seed, std::int64_t count) : count_(static_cast<std::uint64_t>(count)) {
  const int bits = std::max<int>(2, std::bit_width(count_ <= 1 ? std::uint64_t{1} : count_ - 1));
  mask_ = bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
  shift_ = (bits + 1) / 2;
  for (std::uint64_t& key : keys_) key = seed = mixed(seed);
}

std::int64_t RandomOrder::place_of(std::int64_t position) const {
  auto x = static_cast<std::uint64_t>(position);
  do {
    for (const std::uint64_t key : keys_) {
      x = (x + key) & mask_;
      x ^= x >> shift_;
      x = (x * ((key >> 7) | 1)) & mask_;
      x ^= x >> shift_;
    }
  } while (x >= count_);
  return static_cast<std::int64_t>(x);
}

MetaPtr ChosenRows::infer_meta() const {
  Chunks chunks = array_meta(array).chunks();
  PLAIT_CHECK(chunks.at(0).size() == counts.size());
  chunks[0] = counts;
  return make_array_meta(array_meta(array).dtype(), std::move(chunks));
}

BlockTask ChosenRows::block_task(std::int64_t block) const {
  const std::int64_t start = array_meta(array).block_start(block)[0];
  return {.call = chosen_kernel({seed, order_count, first, last, start}),
          .inputs = {{0, block}},
          .output_bytes = static_cast<const ArrayMeta&>(meta()).block_bytes(block)};
}

std::vector<TrainTest> split_rows(const std::vector<Array>& arrays, const RowSplit& how) {
  start_ml();
  std::vector<TrainTest> parts;
  std::map<Counts, std::pair<Counts, Counts>> known;  // by the extents of the blocks
  std::vector<ExprPtr> rows_of;
  for (const Array& array : arrays) rows_of.push_back(array.expr());
  // Both parts of all arrays are read of the same rows.
  rows_of = made_once(rows_of);
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    const Array& array = arrays[i];
    const Counts extents = array.chunks().at(0);
    const std::int64_t rows = array.shape()[0];
    if (rows == kUnknownExtent)
      throw value_error(
          "split_rows: the number of rows is not known before it is computed; call compute_chunk_sizes() first");
    if (rows != arrays[0].shape()[0])
      throw value_error(fmt::format("Found input variables with inconsistent numbers of samples: [{}, {}]",
                                    arrays[0].shape()[0], rows));
    if (how.num_test + how.num_train > rows)
      throw value_error(fmt::format("split_rows: {} rows for testing and {} for training are asked of {} rows",
                                    how.num_test, how.num_train, rows));
    auto counts = known.find(extents);
    if (counts == known.end())
      counts = known.emplace(extents, counted(RandomOrder(how.seed, rows), extents, how)).first;
    const auto part = [&](std::int64_t first, std::int64_t count, const Counts& of_blocks) {
      return Array(make_expr<ChosenRows>(rows_of[i], static_cast<std::int64_t>(how.seed), rows, first, first + count,
                                         of_blocks));
    };
    parts.push_back(
        {part(how.num_test, how.num_train, counts->second.second), part(0, how.num_test, counts->second.first)});
  }
  return parts;
}

void register_split_kernels() {
  define(chosen_kernel, "The rows of a block that a random order of all rows chooses.", chosen);
}

}  // namespace plait::ml
