// Functions on blocks that the names of axes bring together.
//
//   auto products = blockwise([](const NdArray& a, const NdArray& b) { return ...; }, "ij", {{x, "i"}, {y, "j"}});
//
// The function gets, of each array, the block that goes with its own; along an axis that the result does not name it
// gets all blocks as one. See map_blocks.h for what else holds of functions on blocks.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "plait/array/map_blocks.h"

namespace plait {

class PLAIT_API AxisNames {
 public:
  AxisNames(std::vector<std::string> names) : names_(std::move(names)) {}  // NOLINT: implicit on purpose
  // A letter for each axis.
  AxisNames(const char* letters) {  // NOLINT
    for (; *letters; ++letters) names_.emplace_back(1, *letters);
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
};

struct NamedArray {
  Array array;
  AxisNames axes;
};

// What the blocks along an axis become: one extent, those of all blocks, or a function of each.
using ExtentChange = std::variant<AxisExtents, std::function<std::int64_t(std::int64_t)>>;

struct BlockwiseOptions {
  std::optional<DType> dtype = {};                   // of the result; the first array's by default
  std::map<std::string, AxisExtents> new_axes = {};  // that no array has: one extent, or those of all blocks
  std::map<std::string, ExtentChange> adjust_chunks = {};
  bool align_arrays = true;  // cut arrays wherever one of them is; else their blocks fit already
  std::string name = "blockwise";
};

PLAIT_API Array blockwise(const BlockFunction& function, const AxisNames& result, const std::vector<NamedArray>& arrays,
                          const BlockwiseOptions& how = {}, Location where = Location::current());
template <std::size_t N, class F>
  requires(!std::same_as<F, BlockFunction>)
Array blockwise(F function, const AxisNames& result, const NamedArray (&arrays)[N], const BlockwiseOptions& how = {},
                Location where = Location::current()) {
  return blockwise(BlockFunction(how.name, BlockFunction::of<N>(std::move(function))), result,
                   std::vector<NamedArray>(arrays, arrays + N), how, where);
}

// Throws Error(value) where axes of one name differ in extent, or an axis of the result has none.
PLAIT_API LinedUpBlocks line_up_blockwise(const AxisNames& result, const std::vector<NamedArray>& arrays,
                                          const BlockwiseOptions& how = {});

}  // namespace plait
