// Counter-based random words (Philox 4x32, ten rounds): what an element gets follows from the seed and its position
// alone, never from chunks, threads or the order of work. Behind default_rng(seed, chunk_invariant=True).
//
// Pure functions.
#pragma once

#include <array>
#include <cstdint>

#include "kernels/array/random/seed_sequence.h"
#include "kernels/array/random/stream_seed.h"
#include "plait/ndarray.h"

namespace plait {

struct CounterKey {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
};
CounterKey counter_key(const StreamSeed& seed);

// Word number `which` of the element at `position`; an element has as many as its distribution asks for.
std::uint64_t counter_word(CounterKey key, std::uint64_t position, std::uint32_t which);
// Word number 0 of consecutive positions.
void fill_counter_words(CounterKey key, std::uint64_t first_position, std::uint64_t* out, std::int64_t n);
// In [0, 1), multiples of 2^-53, from word number 0.
void fill_counter_uniform(CounterKey key, std::uint64_t first_position, double* out, std::int64_t n);

// Where a block stands in its whole array.
struct BlockPlacement {
  Shape array_shape;
  Shape origin;
  Shape shape;

  static constexpr auto fields =
      std::tuple{&BlockPlacement::array_shape, &BlockPlacement::origin, &BlockPlacement::shape};
};

// Walks over a block in C order; elements that stand side by side in the whole array come as one run.
class BlockPositions {
 public:
  BlockPositions() : BlockPositions(BlockPlacement{}) {}
  // A 0-d block, that is one element, when the placement is empty.
  explicit BlockPositions(const BlockPlacement& placement);

  struct Run {
    std::uint64_t first = 0;
    std::int64_t count = 0;
  };
  // The next run, of at most `max_count` elements. Must not be called beyond the block's end.
  Run next(std::int64_t max_count);

 private:
  Shape shape_;
  Shape strides_;
  Shape index_;
  std::uint64_t row_start_ = 0;
  std::int64_t row_size_ = 1;
  std::int64_t in_row_ = 0;
};

}  // namespace plait
