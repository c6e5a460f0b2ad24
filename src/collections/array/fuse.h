// TileRegion: the block operation into which elementwise work, index maps, constants, ranges and the leaves of reductions
// are lowered and fused. Each block is one task that runs one tile program (kernels/array/tile_program.h).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "collections/array/array_meta.h"
#include "expr/expr.h"
#include "kernels/array/tile_program.h"

namespace plait {

struct TileRegion final : Op<TileRegion> {
  std::vector<ExprPtr> inputs;  // source i of kind block reads inputs[source.input]
  TileProgram program;
  Chunks chunks;      // those that the program runs over: the result's, unless it reduces
  std::string label;  // what people call the last operation in it: "add", "mean_chunk"
  static constexpr auto op_name = "tiles";
  static constexpr auto fields = std::tuple{&TileRegion::inputs, &TileRegion::program, &TileRegion::chunks, &TileRegion::label};

  std::string_view op() const override { return label; }
  std::string describe() const override;
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override;
  bool is_cheap() const override;
  ExprPtr absorb(std::size_t operand, const ExprPtr& producer) const override;

 private:
  mutable std::shared_ptr<const CompiledTiles> compiled_;
};

// A region that gives its operand unchanged, or another node seen as a region: constants, ranges, transposed and stretched
// arrays. Null for what cannot be one.
ExprPtr as_region(const ExprPtr& node);

}  // namespace plait
