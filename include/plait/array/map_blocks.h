// C++ functions on blocks: what has no operation.
//
//   auto y = map_blocks([](const NdArray& a, const NdArray& b) { return ...; }, {x, w});
//   auto z = map_blocks([](const BlockPlace& place, const NdArray& a) { return ...; }, {x}, {.dtype = DType::int64});
//
// The function gets the blocks that line up (by their numbers, where the extents of the arrays do not go together),
// which it must not change, and gives the block of the result; several threads call it at once. A wrong dtype or shape
// of its block is an error of the run. A function that was registered by name (BlockFunction::registered) runs under
// the scheduler "processes", too.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "plait/array/array.h"

namespace plait {

// Which block of the result a function makes, its extents, and its first element; -1 where only computing tells.
struct BlockPlace {
  std::vector<std::int64_t> index;
  Shape shape;
  Shape start;
};

class PLAIT_API BlockFunction {
 public:
  using Run = std::function<NdArray(const BlockPlace&, std::span<const NdArray>)>;

  // `name`: what people call it.
  BlockFunction(std::string name, Run run) : name_(std::move(name)), run_(std::move(run)) {}
  // Known by its name for the rest of the program, in its worker processes, too; the same name again is a bug. Before
  // plait::init().
  static BlockFunction registered(const std::string& name, Run run);

  // A function of N blocks, with or without the place before them.
  template <std::size_t N, class F>
  static Run of(F function) {
    return [function = std::move(function)](const BlockPlace& place, std::span<const NdArray> blocks) -> NdArray {
      return [&]<std::size_t... I>(std::index_sequence<I...>) {
        if constexpr (std::invocable<const F&, const BlockPlace&, decltype(blocks[I])...>)
          return function(place, blocks[I]...);
        else
          return function(blocks[I]...);
      }(std::make_index_sequence<N>{});
    };
  }

  const std::string& name() const { return name_; }
  const Run& run() const { return run_; }
  bool is_registered() const { return is_registered_; }

 private:
  std::string name_;
  Run run_;
  bool is_registered_ = false;
};

struct BlockMapping {
  std::optional<DType> dtype = {};  // of the result; the first array's by default
  // Along each axis of the result: one extent for all blocks, or the extents of all. By default those of the arrays.
  std::optional<std::vector<AxisExtents>> chunks = {};
  // Axes that the function removes, of which it gets all blocks as one, and axes that it adds.
  std::vector<int> drop_axis = {};
  std::vector<int> new_axis = {};
  std::string name = "map_blocks";
};

PLAIT_API Array map_blocks(const BlockFunction& function, const std::vector<Array>& arrays,
                           const BlockMapping& how = {}, Location where = Location::current());
template <std::size_t N, class F>
  requires(!std::same_as<F, BlockFunction>)
Array map_blocks(F function, const Array (&arrays)[N], const BlockMapping& how = {},
                 Location where = Location::current()) {
  return map_blocks(BlockFunction(how.name, BlockFunction::of<N>(std::move(function))),
                    std::vector<Array>(arrays, arrays + N), how, where);
}

// How blocks of arrays go with those of a result.
struct LinedUpBlocks {
  std::vector<Array> arrays;                      // in the chunks in which they meet
  std::vector<std::vector<std::int64_t>> chunks;  // of the result
  // For each axis of each array, the axis of the result that counts its blocks, or -1.
  std::vector<std::vector<int>> axes;
};
// Throws Error(value) where the arrays or the chunks do not fit.
PLAIT_API LinedUpBlocks line_up_blocks(const std::vector<Array>& arrays, const BlockMapping& how);

namespace detail {
// For a function of another language, as a value; it is called with the parts of a BlockPlace and the blocks. Along
// axes that the result does not count it gets all blocks, as one if `join`. `reason`: why the engine does not do it
// itself.
PLAIT_API Array map_blocks(const Value& function, const LinedUpBlocks& blocks, DType dtype, const std::string& name,
                           bool join = true, const std::string& reason = "", Location where = Location::current());
}  // namespace detail

}  // namespace plait
