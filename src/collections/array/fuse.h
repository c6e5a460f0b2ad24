// TileRegion: the block operation into which elementwise work, index maps, constants, ranges and the leaves of
// reductions are lowered and fused. Each block is one task that runs one tile program (kernels/array/tile_program.h).
#pragma once

#include <memory>
#include <mutex>
#include <optional>
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
  // Of the sources that draw; block i of the region draws with seed i.
  std::vector<StreamSeeds> seeds;
  static constexpr auto op_name = "tiles";
  static constexpr auto fields = std::tuple{&TileRegion::inputs, &TileRegion::program, &TileRegion::chunks,
                                            &TileRegion::label, &TileRegion::seeds};

  std::string_view op() const override { return label; }
  std::string describe() const override;
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override;
  bool is_cheap() const override;
  ExprPtr absorb(std::size_t operand, const ExprPtr& producer) const override;

 private:
  // Made when the first block is: most regions become part of others before.
  const std::shared_ptr<const CompiledTiles>& compiled() const;

  mutable std::once_flag compiled_once_;
  mutable std::shared_ptr<const CompiledTiles> compiled_;
  mutable std::shared_ptr<const ArrayMeta> loop_;
};

// Another block operation seen as a region: constants, ranges, random numbers, transposed and stretched arrays, axes of
// extent one that come and go. Null for what cannot be one.
std::shared_ptr<const TileRegion> as_region(const ExprPtr& node);

// Puts a program together from lazy arrays.
class RegionBuilder {
 public:
  explicit RegionBuilder(Chunks chunks) : chunks_(std::move(chunks)) {}

  // An array that lines up with the region's chunks from the right, with axes of extent one stretched.
  std::uint16_t add_array(const ExprPtr& array);
  std::uint16_t add_constant(const ScalarValue& value, DType dtype);
  // The value itself when it has that type already.
  std::uint16_t add_cast(std::uint16_t value, DType dtype);
  std::uint16_t add_step(ElementOp op, DType loop, DType result, std::vector<std::uint16_t> operands);

  ExprPtr finish(std::string label, std::uint16_t result, std::optional<TileReduction> reduction = {});

 private:
  // Numbers of steps until the number of sources is known.
  static constexpr std::uint16_t kStep = 0x8000;
  DType dtype_of(std::uint16_t value) const;

  Chunks chunks_;
  std::vector<ExprPtr> inputs_;
  TileProgram program_;
};

}  // namespace plait
