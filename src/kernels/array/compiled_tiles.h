// CompiledTiles: a tile program with its loops looked up, its constants laid out and its registers assigned.
#pragma once

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

  // Fetches a source or computes a step, into a register.
  struct Action {
    bool is_load = false;
    std::uint16_t source = 0;  // of a load
    std::uint16_t value = 0;   // what it makes
    std::uint16_t to = 0;      // register
    TileLoop loop = nullptr;
    std::uint8_t num_operands = 0;
    std::uint16_t operands[kMaxOperands] = {};  // values
    // float16 operands are widened to float32 and the result narrowed again.
    bool widens[kMaxOperands] = {};
    bool narrows = false;
  };

  explicit CompiledTiles(TileProgram program);

  const TileProgram& program() const { return program_; }
  const std::vector<Action>& actions() const { return actions_; }
  int num_registers() const { return num_registers_; }
  std::size_t register_bytes() const { return register_bytes_; }
  // How many elements a tile has at most: its registers fit the inner caches.
  std::int64_t tile_elements() const { return tile_elements_; }
  // kConstantBlock equal elements.
  const void* constant_block(std::uint16_t source) const { return constants_[source].data(); }
  const ReduceLoops& reduce() const { return reduce_; }
  bool has_draws() const { return has_draws_; }

  static constexpr std::int64_t kMaxTileElements = 4096;

 private:
  struct Draft;
  void choose_tile();
  void lay_out_constants();
  void schedule();

  TileProgram program_;
  std::vector<Action> actions_;
  std::vector<std::vector<std::byte>> constants_;
  int num_registers_ = 0;
  std::size_t register_bytes_ = 0;
  std::int64_t tile_elements_ = 0;
  bool has_draws_ = false;
  ReduceLoops reduce_;
};

}  // namespace plait
