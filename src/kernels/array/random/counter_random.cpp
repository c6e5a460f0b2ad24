#include "kernels/array/random/counter_random.h"

#include "base/check.h"
#include "kernels/array/random/counter_lanes.h"

namespace plait {

CounterKey counter_key(const StreamSeed& seed) {
  PLAIT_CHECK(seed.kind == StreamKind::counter);
  std::array<std::uint32_t, 2> words;
  seed.pool.child(seed.index).generate(std::span<std::uint32_t>(words));
  return {words[0], words[1]};
}

// The counter's third word tells the first words, two elements of which share one block of four, from the later ones,
// two of which share a block of one element.
std::uint64_t counter_word(CounterKey key, std::uint64_t position, std::uint32_t which) {
  const std::uint64_t counter = which == 0 ? position / 2 : position;
  const std::uint64_t half = which == 0 ? position % 2 : (which - 1) % 2;
  const std::uint32_t series = which == 0 ? 0 : 1 + (which - 1) / 2;
  const PhiloxBlock block =
      philox({static_cast<std::uint32_t>(counter), static_cast<std::uint32_t>(counter >> 32), series, 0}, key);
  return block[2 * half] | std::uint64_t{block[2 * half + 1]} << 32;
}

void fill_counter_words(CounterKey key, std::uint64_t first_position, std::uint64_t* out, std::int64_t n) {
  if (n > 0 && first_position % 2 == 1) {
    *out++ = counter_word(key, first_position++, 0);
    --n;
  }
  fill_counter_pairs(key, first_position / 2, out, n / 2);
  if (n % 2 == 1) out[n - 1] = counter_word(key, first_position + n - 1, 0);
}

void fill_counter_uniform(CounterKey key, std::uint64_t first_position, double* out, std::int64_t n) {
  constexpr std::int64_t kWords = 512;
  std::array<std::uint64_t, kWords> words;
  for (std::int64_t at = 0; at < n; at += kWords) {
    const std::int64_t count = std::min(kWords, n - at);
    fill_counter_words(key, first_position + at, words.data(), count);
    uniform_of_words(words.data(), out + at, count);
  }
}

BlockPositions::BlockPositions(const BlockPlacement& placement)
    : shape_(placement.shape),
      strides_(contiguous_strides(placement.array_shape, 1)),
      index_(placement.shape.size(), 0) {
  PLAIT_CHECK(placement.array_shape.size() == shape_.size() && placement.origin.size() == shape_.size());
  for (std::size_t axis = 0; axis < shape_.size(); ++axis) row_start_ += placement.origin[axis] * strides_[axis];
  // Trailing axes that the block has whole make one long row together with the axis before them.
  std::size_t num_outer = shape_.size();
  bool is_whole = true;
  while (num_outer > 0 && is_whole) {
    --num_outer;
    row_size_ *= shape_[num_outer];
    is_whole = shape_[num_outer] == placement.array_shape[num_outer];
  }
  shape_.resize(num_outer);
  strides_.resize(num_outer);
  index_.resize(num_outer);
}

BlockPositions::Run BlockPositions::next(std::int64_t max_count) {
  if (in_row_ == row_size_) {
    in_row_ = 0;
    std::size_t axis = shape_.size();
    while (axis > 0) {
      --axis;
      row_start_ += strides_[axis];
      if (++index_[axis] < shape_[axis]) break;
      row_start_ -= index_[axis] * strides_[axis];
      index_[axis] = 0;
    }
  }
  const Run run{row_start_ + in_row_, std::min(max_count, row_size_ - in_row_)};
  in_row_ += run.count;
  return run;
}

}  // namespace plait
