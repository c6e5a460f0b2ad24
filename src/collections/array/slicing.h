// Slices: some elements of an array along each axis, in blocks that follow the array's own.
#pragma once

#include <optional>
#include <variant>

#include "collections/array/array_meta.h"
#include "collections/array/axes.h"
#include "expr/expr.h"
#include "kernels/array/span.h"

namespace plait {

// The part of one block along one axis that a span takes.
struct BlockPart {
  std::int64_t block = 0;
  Span within;  // counted from the block's start
};
// The blocks that a span touches, in the order of the result; one part without elements where it takes none.
std::vector<BlockPart> parts_of(const Span& span, const std::vector<std::int64_t>& blocks);

// One span an axis; no axis comes or goes.
struct Slice final : Op<Slice> {
  ExprPtr array;
  Spans spans;
  static constexpr auto op_name = "getitem";
  static constexpr auto type_name = "slice";
  static constexpr auto fields = std::tuple{&Slice::array, &Slice::spans};

  MetaPtr infer_meta() const override;
  std::string describe() const override;
  ExprPtr simplify() const override;
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override { return true; }
};

// The elements at `positions` (0 <= p < extent) along one axis, in that order.
struct Take final : Op<Take> {
  ExprPtr array;
  int axis = 0;
  std::vector<std::int64_t> positions;
  static constexpr auto op_name = "getitem";
  static constexpr auto type_name = "take";
  static constexpr auto fields = std::tuple{&Take::array, &Take::axis, &Take::positions};

  MetaPtr infer_meta() const override;
  std::string describe() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// The elements under a mask of the same shape and chunks; one axis, of unknown extent.
struct MaskedElements final : Op<MaskedElements> {
  ExprPtr array;
  ExprPtr mask;
  static constexpr auto op_name = "getitem";
  static constexpr auto type_name = "masked_elements";
  static constexpr auto fields = std::tuple{&MaskedElements::array, &MaskedElements::mask};

  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override { return true; }
};

// What stands under a mask with one axis, along one axis of the array, whose extent becomes unknown.
struct SelectAlong final : Op<SelectAlong> {
  ExprPtr array;
  int axis = 0;
  ExprPtr mask;  // in the array's chunks along the axis
  static constexpr auto op_name = "getitem";
  static constexpr auto type_name = "select_along";
  static constexpr auto fields = std::tuple{&SelectAlong::array, &SelectAlong::axis, &SelectAlong::mask};

  MetaPtr infer_meta() const override;
  std::string describe() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// What stands at lazy positions along an axis, which is one block. The positions' axes take the place of the axis; they
// are one, or any number where the array has one axis.
struct LookUp final : Op<LookUp> {
  ExprPtr array;
  ExprPtr positions;
  int axis = 0;
  static constexpr auto op_name = "getitem";
  static constexpr auto type_name = "look_up";
  static constexpr auto fields = std::tuple{&LookUp::array, &LookUp::positions, &LookUp::axis};

  MetaPtr infer_meta() const override;
  std::string describe() const override { return "at lazy positions"; }
  BlockTask block_task(std::int64_t block) const override;
};

// What a user writes between the brackets.
struct SliceItem {
  std::optional<std::int64_t> start, stop, step;
};
struct NewAxisItem {};
struct EllipsisItem {};
struct PositionsItem {
  std::vector<std::int64_t> positions;
};
struct MaskItem {
  std::vector<bool> mask;
};
// Lazy positions, or a lazy mask.
struct LazyItem {
  ExprPtr chosen;
};
using IndexItem = std::variant<SliceItem, std::int64_t, NewAxisItem, EllipsisItem, PositionsItem, MaskItem, LazyItem>;

// What an index means along each axis of the array, and which axes come and go.
struct ResolvedIndex {
  Spans spans;
  std::vector<std::pair<int, std::vector<std::int64_t>>> takes;
  std::vector<std::pair<int, ExprPtr>> lazy;
  Axes dropped;  // of the array
  Axes added;    // of the result
  // Where the axis of the list stands in the result, if NumPy puts it in front: positions count as lists beside one,
  // and there are whole axes between them.
  std::optional<int> axis_to_front;
};
// Throws Error(index) naming index, axis and extent, Error(value) where only computing tells the extent.
ResolvedIndex resolve_index(const std::vector<IndexItem>& items, const ArrayMeta& array);

// NumPy's basic indexing, and a list of positions or a mask along one axis, or a mask of all axes alone. Throws
// Error(index) naming index, axis and extent.
ExprPtr get_item(ExprPtr array, const std::vector<IndexItem>& items);
ExprPtr slice(ExprPtr array, Spans spans);
// x[x > 3]. Throws Error(index) unless the mask is boolean and has the array's shape.
ExprPtr select(ExprPtr array, ExprPtr mask);
// x[mask], x[:, mask] for a lazy boolean mask with one axis. Throws Error(index) unless it has the axis' extent.
ExprPtr select_along(ExprPtr array, int axis, ExprPtr mask);
// Throws Error(index) unless the positions are integers with one axis, or with any number where the array has one axis.
ExprPtr look_up(ExprPtr array, ExprPtr positions, int axis = 0);
ExprPtr take(ExprPtr array, int axis, std::vector<std::int64_t> positions);

}  // namespace plait
