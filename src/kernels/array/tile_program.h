// TileProgram: a fused region of array work as data. It runs once an output chunk, tile by tile (a few thousand
// elements in the inner caches): sources are loaded, drawn or counted up, steps compute on tiles, and the last value is
// stored in the result or reduced over some axes. No chunk between the sources and the result ever stands in memory.
//
// Programs are plain values that travel; CompiledTiles is a program checked and prepared for running, immutable and
// shared by the tasks of a layer. The kernel "tiles" runs one on a task's input blocks.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/kernel.h"
#include "kernels/array/element_op.h"
#include "kernels/array/random/counter_random.h"
#include "kernels/array/random/distribution.h"
#include "kernels/array/random/stream_seed.h"
#include "kernels/array/reduce_op.h"
#include "kernels/array/span.h"
#include "plait/ndarray.h"

namespace plait {

enum class SourceKind : std::uint8_t {
  block,     // an input of the task
  constant,  // one value everywhere
  range,     // start + position along an axis * step
  draw,      // random numbers, in C order of the chunk
};

// A value that the program takes from outside. Axes of the tiles are those of the chunk that the program runs over.
struct TileSource {
  SourceKind kind = SourceKind::block;
  DType dtype = DType::float64;
  std::uint32_t input = 0;  // block: position among the task's inputs
  // block: the input's axis for each axis of the chunk, -1 where the input is stretched. An input's axis that does not
  // appear has extent one.
  std::vector<int> axes;
  ScalarValue value = 0.0;     // constant; range: the value at position 0 of the whole array
  ScalarValue step = 0.0;      // range
  std::int64_t axis = 0;       // range
  std::optional<double> last;  // range: the value at position `last_position`, exactly
  std::int64_t last_position = -1;
  std::optional<Distribution> distribution;  // draw: one number a draw; `input` counts the task's seeds
  static constexpr auto fields = std::tuple{
      &TileSource::kind, &TileSource::dtype, &TileSource::input, &TileSource::axes,          &TileSource::value,
      &TileSource::step, &TileSource::axis,  &TileSource::last,  &TileSource::last_position, &TileSource::distribution};
};

// Values are numbered: sources first, then the result of each step. All operands of a step have its loop's types (see
// element_types): conversions are steps of their own.
struct TileStep {
  ElementOp op = ElementOp::positive;
  DType loop = DType::float64;  // the type of the operands (of the last one for `where`)
  DType result = DType::float64;
  std::vector<std::uint16_t> operands;
  static constexpr auto fields = std::tuple{&TileStep::op, &TileStep::loop, &TileStep::result, &TileStep::operands};
};

struct TileReduction {
  ReduceOp op = ReduceOp::sum;
  std::vector<int> axes;  // of the chunk
  // argmin, argmax: the shape of the whole array, to number positions in C order; only the reduced axes count.
  Shape array_shape;
  // Set when no other block has a part in the result: it is finished here.
  std::optional<CombineParams> finish;
  static constexpr auto fields =
      std::tuple{&TileReduction::op, &TileReduction::axes, &TileReduction::array_shape, &TileReduction::finish};
};

struct TileProgram {
  std::vector<TileSource> sources;
  std::vector<TileStep> steps;
  std::uint16_t result = 0;
  std::optional<TileReduction> reduction;
  static constexpr auto fields =
      std::tuple{&TileProgram::sources, &TileProgram::steps, &TileProgram::result, &TileProgram::reduction};

  DType dtype_of(std::uint16_t value) const {
    return value < sources.size() ? sources[value].dtype : steps[value - sources.size()].result;
  }
  DType dtype() const { return dtype_of(result); }
};

class CompiledTiles;

// What one block of a region needs besides its inputs.
struct TileParams {
  std::shared_ptr<const CompiledTiles> program;
  Shape shape;  // of the chunk; kUnknownExtent where the input blocks tell
  Shape start;  // where it stands in the whole array; needed by ranges and arg-reductions, else may be empty
  std::vector<StreamSeed> seeds;
  std::vector<BlockPlacement> placements;  // one a seed where seeds are chunk-invariant, else may be empty
  static constexpr auto fields = std::tuple{&TileParams::program, &TileParams::shape, &TileParams::start,
                                            &TileParams::seeds, &TileParams::placements};
};

// Checks the program (a mistake in it is a bug) and prepares it.
std::shared_ptr<const CompiledTiles> compile_tiles(TileProgram program);
const TileProgram& program_of(const CompiledTiles& compiled);

// Runs it: the kernel "tiles".
Value run_tiles(Inputs inputs, const TileParams& params, const TaskContext& context);
inline constinit KernelId<TileParams> tiles_kernel{"tiles"};

template <>
struct Codec<std::shared_ptr<const CompiledTiles>> {
  static void encode(Encoder& to, const std::shared_ptr<const CompiledTiles>& compiled) {
    plait::encode(to, program_of(*compiled));
  }
  static std::shared_ptr<const CompiledTiles> decode(Decoder& from) {
    return compile_tiles(plait::decode<TileProgram>(from));
  }
};

}  // namespace plait
