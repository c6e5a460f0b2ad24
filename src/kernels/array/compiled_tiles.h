// CompiledTiles: a tile program with its loops looked up, its constants laid out and its registers assigned.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/array/reduce_loops.h"
#include "kernels/array/tile_loops.h"
#include "kernels/array/tile_program.h"

namespace plait {

class CompiledTiles {
 public:
  static constexpr int kMaxOperands = 3;

  // Computes a value from others.
  struct Step {
    std::uint16_t value = 0;
    std::uint16_t to = 0;  // register
    TileLoop loop = nullptr;
    std::uint8_t num_operands = 0;
    std::uint16_t operands[kMaxOperands] = {};  // values
    // float16 operands are widened to float32 and the result narrowed again.
    bool widens[kMaxOperands] = {};
    bool narrows = false;
  };

  explicit CompiledTiles(TileProgram program);

  const TileProgram& program() const { return program_; }
  // The sources that change from element to element and that somebody reads.
  const std::vector<std::uint16_t>& loads() const { return loads_; }
  const std::vector<Step>& steps() const { return steps_; }
  // Steps that do not live at the same time share a register.
  int num_registers() const { return num_registers_; }
  std::size_t widest_item() const { return widest_item_; }
  // How many elements a tile has at most: what is loaded for it should stay in the first-level cache, or, where a
  // source is transposed on the way and wide pieces of its columns are read, in the second-level one.
  std::int64_t tile_elements() const { return elements_in(16 * 1024); }
  std::int64_t wide_tile_elements() const { return elements_in(256 * 1024); }
  // kConstantBlock equal elements.
  const std::byte* constant_block(std::uint16_t source) const { return constants_[source].data(); }
  const ReduceLoops& reduce() const { return reduce_; }
  bool has_draws() const { return has_draws_; }

 private:
  std::int64_t elements_in(std::size_t num_bytes) const {
    return std::max<std::int64_t>(static_cast<std::int64_t>(num_bytes / widest_item_), 1024);
  }
  void lay_out_constants();
  void schedule();

  TileProgram program_;
  std::vector<std::uint16_t> loads_;
  std::vector<Step> steps_;
  std::vector<std::vector<std::byte>> constants_;
  int num_registers_ = 0;
  std::size_t widest_item_ = 1;
  bool has_draws_ = false;
  ReduceLoops reduce_;
};

}  // namespace plait
