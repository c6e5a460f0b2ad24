// TileStrips: runs the steps of a tile program over a tile in strips, so short that the values between two steps stay
// in the first-level cache and that a strip of results written past the caches does not hold up the next loads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/array/compiled_tiles.h"

namespace plait {

class TileStrips {
 public:
  static constexpr std::int64_t kStrip = kConstantBlock;

  // `memory` of num_bytes(program) outlives this object.
  TileStrips(const CompiledTiles& compiled, std::byte* memory);
  static std::size_t num_bytes(const CompiledTiles& compiled);

  // The elements of a source, one after the other, from number `first` of the tile on; or kConstantBlock equal ones.
  void set_source(std::uint16_t source, TileOperand elements, std::int64_t first = 0);

  // Computes the elements first .. first + count of the tile into `to`, one after the other. The program has a step.
  void run(std::int64_t first, std::int64_t count, std::byte* to);
  // The same, but each strip is made in the cache and handed to done(strip, its position after `first`, its length).
  template <class Done>
  void run_each(std::int64_t first, std::int64_t count, Done&& done) {
    for (std::int64_t at = 0; at < count; at += kStrip) {
      const std::int64_t n = std::min(kStrip, count - at);
      run_strip(first + at, n, last_strip_);
      done(last_strip_, at, n);
    }
  }

 private:
  struct Operand {
    const std::byte* data = nullptr;
    std::int64_t step = 0;   // bytes an element of the tile; 0 for what stands in a register or is constant
    std::int64_t first = 0;  // the element at `data`
    bool is_constant = false;
  };
  struct PlacedStep {
    const CompiledTiles::Step* step;
    std::byte* to;
    std::size_t operands;  // index of the first one
  };

  void run_strip(std::int64_t first, std::int64_t n, std::byte* result);
  void run_in_float(const CompiledTiles::Step& step, const TileOperand* operands, std::byte* to, std::int64_t n);

  const CompiledTiles& compiled_;
  std::vector<PlacedStep> steps_;
  std::vector<Operand> operands_;                          // of all steps
  std::vector<std::vector<std::size_t>> source_operands_;  // where each source is an operand
  std::byte* last_strip_ = nullptr;
  float* float_scratch_ = nullptr;
};

}  // namespace plait
