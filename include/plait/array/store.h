// Writing an array into something else, block by block: a data set of a file, a buffer, a service.
//
//   store(x, [&](const TargetPlace& place, const NdArray& block) { file.write(place, block); });
//   store(x, target, {.target_shape = Shape{100, 100}, .region = {slice(10, 20), slice(0, {}, 2)}});
//
// Several threads call the target at once, each with a block of its own. A target that was registered by name
// (BlockTarget::registered) is written to under the scheduler "processes", too.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "plait/array/array.h"

namespace plait {

// Elements start, start + step, ..., before stop, along one axis of the target.
struct TargetSlice {
  std::int64_t start = 0;
  std::int64_t stop = 0;
  std::int64_t step = 1;
  bool operator==(const TargetSlice&) const = default;
  static constexpr auto fields = std::tuple{&TargetSlice::start, &TargetSlice::stop, &TargetSlice::step};
};
using TargetPlace = std::vector<TargetSlice>;

class PLAIT_API BlockTarget {
 public:
  using Write = std::function<void(const TargetPlace&, const NdArray&)>;

  // `name`: what people call it.
  BlockTarget(std::string name, Write write) : name_(std::move(name)), write_(std::move(write)) {}
  template <class F>
    requires std::is_invocable_v<const F&, const TargetPlace&, const NdArray&>
  BlockTarget(F write) : BlockTarget("store", Write(std::move(write))) {}  // NOLINT: implicit on purpose
  // Known by its name for the rest of the program, in its worker processes, too; the same name again is a bug. Before
  // plait::init().
  static BlockTarget registered(const std::string& name, Write write);

  const std::string& name() const { return name_; }
  const Write& write() const { return write_; }
  bool is_registered() const { return is_registered_; }

 private:
  std::string name_;
  Write write_;
  bool is_registered_ = false;
};

struct StoreOptions {
  // Of the target, if it is known: then what does not fit is an error, and a region may count from the end.
  std::optional<Shape> target_shape = {};
  std::vector<AxisIndex> region = {};  // the place in the target: slices forwards; empty: from its beginning
};

PLAIT_API void store(const Array& array, const BlockTarget& target, const StoreOptions& how = {},
                     const RunSettings& settings = {}, Location where = Location::current());
// Computing the result (a True) writes the blocks. Throws Error(value) where extents are unknown, or where the array
// does not fit its place.
PLAIT_API Array lazy_store(const Array& array, const BlockTarget& target, const StoreOptions& how = {},
                           Location where = Location::current());

namespace detail {
// For a target of another language, as a value; it is called with the place and the block.
PLAIT_API Array lazy_store(const Array& array, const Value& target, const StoreOptions& how,
                           Location where = Location::current());
}  // namespace detail

}  // namespace plait
