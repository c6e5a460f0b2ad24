#include "collections/array/automatic_chunks.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/settings.h"
#include "collections/array/limits.h"

namespace plait {
namespace {

using Blocks = std::vector<std::int64_t>;

Blocks equal_blocks(const std::string& what, int axis, std::int64_t block, std::int64_t extent) {
  if (extent == 0) return {0};
  block = std::clamp<std::int64_t>(block, 1, extent);
  check_block_extent(what, static_cast<std::size_t>(axis), block, extent);
  Blocks blocks(static_cast<std::size_t>(extent / block), block);
  if (extent % block != 0) blocks.push_back(extent % block);
  return blocks;
}

// Near `extent`: below `unit` as it is, above it a multiple.
double round_to(double extent, double unit) {
  if (extent <= unit) return std::max(1.0, std::floor(extent));
  return std::floor(extent / unit) * unit;
}

double median(Blocks blocks) {
  std::sort(blocks.begin(), blocks.end());
  const std::size_t middle = blocks.size() / 2;
  if (blocks.size() % 2 == 1) return static_cast<double>(blocks[middle]);
  return static_cast<double>(blocks[middle - 1] + blocks[middle]) / 2;
}

// The extent that most blocks have, if at least half do; else that of the axis.
double usual_extent(const Blocks& blocks, std::int64_t extent) {
  std::map<std::int64_t, std::size_t> counts;
  for (std::int64_t block : blocks) ++counts[block];
  std::int64_t usual = blocks.front();
  for (std::int64_t block : blocks) {
    if (counts[block] > counts[usual]) usual = block;
  }
  return static_cast<double>(usual > 1 && counts[usual] * 2 >= blocks.size() ? usual : extent);
}

std::int64_t largest(const Blocks& blocks) { return *std::max_element(blocks.begin(), blocks.end()); }

// Neighbouring blocks together, up to `limit` each.
Blocks merged_up_to(const Blocks& blocks, double limit) {
  Blocks merged;
  std::int64_t current = 0;
  for (std::int64_t block : blocks) {
    if (static_cast<double>(block + current) <= limit) {
      current += block;
    } else {
      if (current > 0) merged.push_back(current);
      current = block;
    }
  }
  if (current > 0) merged.push_back(current);
  return merged;
}

// Blocks along the axes that are not automatic, multiplied; at least 1.
double fixed_elements(const Chunks& chunks, const std::vector<int>& automatic) {
  double product = 1;
  for (std::size_t axis = 0; axis < chunks.size(); ++axis) {
    if (std::find(automatic.begin(), automatic.end(), static_cast<int>(axis)) == automatic.end()) {
      product *= static_cast<double>(largest(chunks[axis]));
    }
  }
  return std::max(product, 1.0);
}

void fill_equally(const std::string& what, Chunks& chunks, std::vector<int> axes, const Shape& shape,
                  double num_elements) {
  // Axes shorter than the common extent are taken whole, and leave more room for the others.
  while (!axes.empty()) {
    const double side = std::pow(num_elements / fixed_elements(chunks, axes), 1.0 / static_cast<double>(axes.size()));
    std::vector<int> longer;
    for (int axis : axes) {
      if (static_cast<double>(shape[axis]) < side)
        chunks[axis] = {shape[axis]};
      else
        longer.push_back(axis);
    }
    if (longer.size() == axes.size()) {
      for (int axis : axes)
        chunks[axis] = equal_blocks(
            what, axis, static_cast<std::int64_t>(round_to(side, static_cast<double>(shape[axis]))), shape[axis]);
      return;
    }
    axes = std::move(longer);
  }
}

// Grows or shrinks earlier blocks in rounds: an axis that meets its end drops out and leaves its share to the others.
class ScaledChunks {
 public:
  ScaledChunks(const std::string& what, const Shape& shape, const Chunks& previous, double num_elements, double fixed,
               const std::vector<int>& axes)
      : what_(what),
        shape_(shape),
        previous_(previous),
        num_elements_(num_elements),
        fixed_(fixed),
        open_(axes.begin(), axes.end()) {
    for (int axis : axes) extent_[axis] = median(previous[axis]);
    shrinks_ = factor() < 1;
    if (shrinks_) {
      for (int axis : axes)
        result_[axis] = equal_blocks(what_, axis, static_cast<std::int64_t>(extent_[axis]), shape_[axis]);
    }
  }

  const std::map<int, Blocks>& run() {
    double now = factor();
    for (int round = 0; round < 100; ++round) {
      bool again = one_round(now);
      if (again || shrinks_) {
        const double before = now;
        now = factor();
        again = again || now != before;
      }
      if (!again) break;
    }
    return result_;
  }

 private:
  // How much larger blocks may be than they are.
  double factor() const {
    double product = fixed_;
    for (const auto& [axis, extent] : extent_) product *= extent > 0 ? extent : 1;
    return num_elements_ / product;
  }

  bool one_round(double factor) {
    static const double tolerance = config::get_double(config::setting::chunk_size_tolerance);
    bool again = false;
    const std::vector<int> axes(open_.begin(), open_.end());
    const double share = 1.0 / static_cast<double>(axes.size());
    for (int axis : axes) {
      const double wanted = extent_[axis] * std::pow(factor, share);
      if (wanted > static_cast<double>(shape_[axis])) {
        open_.erase(axis);
        extent_.erase(axis);
        fixed_ *= static_cast<double>(std::max<std::int64_t>(shape_[axis], 1));
        result_[axis] = {shape_[axis]};
        again = true;
      } else if (shrinks_ || static_cast<double>(largest(previous_[axis])) > wanted * std::pow(tolerance, share)) {
        const double rounded = round_to(wanted, usual_extent(previous_[axis], shape_[axis]));
        result_[axis] = equal_blocks(what_, axis, static_cast<std::int64_t>(rounded), shape_[axis]);
        if (shrinks_) extent_[axis] = rounded;
        if (wanted < 1) {
          open_.erase(axis);
          again = true;
        }
      } else {
        result_[axis] = merged_up_to(previous_[axis], wanted);
      }
    }
    return again && !open_.empty();
  }

  const std::string& what_;
  const Shape& shape_;
  const Chunks& previous_;
  double num_elements_;
  double fixed_;
  std::set<int> open_;            // axes still to be scaled
  std::map<int, double> extent_;  // of a block, before scaling
  std::map<int, Blocks> result_;
  bool shrinks_ = false;
};

}  // namespace

std::int64_t automatic_chunk_bytes() { return config::get_bytes(config::setting::chunk_size); }

void fill_automatic_chunks(const std::string& what, Chunks& chunks, const std::vector<int>& automatic,
                           const Shape& shape, std::int64_t num_bytes, DType dtype, const Chunks* previous) {
  const double num_elements =
      static_cast<double>(std::max<std::int64_t>(num_bytes, 1)) / static_cast<double>(item_size(dtype));
  const bool scales =
      previous && std::all_of(automatic.begin(), automatic.end(), [&](int axis) { return shape[axis] > 0; });
  if (!scales) return fill_equally(what, chunks, automatic, shape, num_elements);
  ScaledChunks scaled(what, shape, *previous, num_elements, fixed_elements(chunks, automatic), automatic);
  for (const auto& [axis, blocks] : scaled.run()) chunks[axis] = blocks;
}

}  // namespace plait
