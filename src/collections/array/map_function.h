// A C++ function applied to blocks: what has no operation of its own.
#pragma once

#include "base/function.h"
#include "collections/array/array_meta.h"
#include "collections/array/map_blocks.h"
#include "plait/array/map_blocks.h"

namespace plait {

// Block i of the result is function(place of i, blocks...): of every array the block that goes with i.
struct MapFunction final : Op<MapFunction> {
  std::vector<ExprPtr> arrays;
  Function function;
  Token identity;  // stands for the function: its name, or unlike all others where it has none in other processes
  DType dtype = DType::float64;
  Chunks chunks;
  std::vector<std::vector<int>> result_axes;  // as of MapBlocks
  static constexpr auto op_name = "map_function";
  static constexpr auto fields = std::tuple{&MapFunction::arrays, &MapFunction::function, &MapFunction::identity,
                                            &MapFunction::dtype,  &MapFunction::chunks,   &MapFunction::result_axes};

  std::string_view op() const override { return function.name(); }
  std::string describe() const override { return "a C++ function"; }
  Token compute_token() const override;
  MetaPtr infer_meta() const override { return make_array_meta(dtype, chunks); }
  BlockTask block_task(std::int64_t block) const override;
};

ExprPtr map_function(Function function, std::vector<ExprPtr> arrays, DType dtype, Chunks chunks,
                     std::vector<std::vector<int>> result_axes);

// The array that a C++ function makes of blocks that line up.
Array map_lined_up(const BlockFunction& function, const LinedUpBlocks& blocks, DType dtype);

// As the engine calls it: the place is the first input.
Function::Run block_runner(BlockFunction::Run run);
void register_map_function_kernel();

}  // namespace plait
