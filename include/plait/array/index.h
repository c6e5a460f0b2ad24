// What stands between the brackets of x[{...}]:
//
//   slice(0, 10), slice(0, 10, 2), slice({}, 5), all      part of an axis, or the whole
//   -1                                                    one position; the axis goes
//   new_axis, ellipsis                                    an axis of extent one; all axes that are not named
//   a list of positions, a mask, or an array of them      what stands at them; at most one in an index
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "plait/export.h"
#include "plait/ndarray.h"

namespace plait {

class Array;
class Expr;

struct SliceArgument {
  std::optional<std::int64_t> start, stop, step;
};
inline SliceArgument slice(std::optional<std::int64_t> start, std::optional<std::int64_t> stop, std::int64_t step = 1) {
  return {start, stop, step};
}
inline constexpr struct All {
} all{};
inline constexpr struct NewAxis {
} new_axis{};
inline constexpr struct Ellipsis {
} ellipsis{};

class PLAIT_API AxisIndex {
 public:
  using Lazy = std::shared_ptr<const Expr>;
  using Item =
      std::variant<SliceArgument, std::int64_t, NewAxis, Ellipsis, std::vector<std::int64_t>, std::vector<bool>, Lazy>;
  AxisIndex(SliceArgument item) : item_(item) {}                                   // NOLINT: implicit on purpose
  AxisIndex(int position) : item_(std::int64_t{position}) {}                       // NOLINT
  AxisIndex(std::int64_t position) : item_(position) {}                            // NOLINT
  AxisIndex(All) : item_(SliceArgument{}) {}                                       // NOLINT
  AxisIndex(NewAxis) : item_(NewAxis{}) {}                                         // NOLINT
  AxisIndex(Ellipsis) : item_(Ellipsis{}) {}                                       // NOLINT
  AxisIndex(std::vector<std::int64_t> positions) : item_(std::move(positions)) {}  // NOLINT
  AxisIndex(std::vector<bool> mask) : item_(std::move(mask)) {}                    // NOLINT
  // Positions or a mask. A mask with as many axes as the array stands alone in its index.
  AxisIndex(const NdArray& chosen);  // NOLINT
  AxisIndex(const Array& chosen);    // NOLINT
  const Item& item() const { return item_; }

 private:
  Item item_;
};

}  // namespace plait
