// Rechunk: the same elements in other blocks.
//
// Every new block is pasted from slices of the old ones. Where a new block would touch more old memory than one task
// may hold, blocks of an intermediate shape come between, so that any pair of chunkings works in a small memory budget.
#pragma once

#include "collections/array/array_meta.h"
#include "expr/expr.h"

namespace plait {

struct Rechunk final : Op<Rechunk> {
  ExprPtr array;
  Chunks chunks;
  static constexpr auto op_name = "rechunk";
  static constexpr auto fields = std::tuple{&Rechunk::array, &Rechunk::chunks};

  MetaPtr infer_meta() const override;
  std::string describe() const override;
  ExprPtr simplify() const override;
  ExprPtr lower() const override;
};

// The block operation: every block pasted from all the old blocks that it overlaps.
struct RechunkBlocks final : Op<RechunkBlocks> {
  ExprPtr array;
  Chunks chunks;
  static constexpr auto op_name = "rechunk";
  static constexpr auto type_name = "rechunk_blocks";
  static constexpr auto fields = std::tuple{&RechunkBlocks::array, &RechunkBlocks::chunks};

  MetaPtr infer_meta() const override;
  std::string describe() const override;
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override;
};

// `array` itself when it already stands in these chunks. Throws Error(value) when they do not sum to the shape.
ExprPtr rechunk(ExprPtr array, Chunks chunks);

// The chunks in which arrays that are broadcast against each other can meet: along each axis of the result every
// boundary that any of them has. Throws Error(value) naming both shapes when they do not broadcast.
Chunks common_chunks(std::string_view what, const std::vector<Chunks>& all);
// `array` rechunked so that it lines up with blocks of the broadcast result `chunks` (its own axes of extent one stay).
ExprPtr align_to(ExprPtr array, const Chunks& chunks);

}  // namespace plait
