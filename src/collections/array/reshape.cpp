// Reshape: which axes become which, and the chunks in which every block of the array holds the elements of one block of
// the result, in order. The chunks are Dask's.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/check.h"
#include "collections/array/creation.h"
#include "collections/array/layout.h"
#include "collections/array/rechunk.h"

namespace plait {
namespace {

using Blocks = std::vector<std::int64_t>;

std::int64_t product(const Shape& extents, std::size_t first, std::size_t end) {
  return std::accumulate(extents.begin() + static_cast<std::ptrdiff_t>(first),
                         extents.begin() + static_cast<std::ptrdiff_t>(end), std::int64_t{1}, std::multiplies<>());
}

std::int64_t largest(const Blocks& blocks) { return *std::max_element(blocks.begin(), blocks.end()); }

std::int64_t largest_block(const Chunks& group) {
  std::int64_t elements = 1;
  for (const Blocks& blocks : group) elements *= largest(blocks);
  return elements;
}

// The extent in `parts` pieces that differ by at most one, the smaller ones first.
void append_even(Blocks& blocks, std::int64_t extent, std::int64_t parts) {
  const std::int64_t longest = (extent + parts - 1) / parts;
  const std::int64_t num_short = longest * parts - extent;
  for (std::int64_t i = 0; i < parts; ++i) blocks.push_back(i < num_short ? longest - 1 : longest);
}

// The extents of all blocks of a group of axes, merged into one axis.
Blocks merged(const Chunks& group) {
  Blocks all = {1};
  for (const Blocks& blocks : group) {
    Blocks next;
    for (std::int64_t outer : all) {
      for (std::int64_t inner : blocks) next.push_back(outer * inner);
    }
    all = std::move(next);
  }
  return all;
}

// Every block cut into about `parts` pieces.
Blocks expanded(const Blocks& blocks, std::int64_t parts) {
  if (parts == 1) return blocks;
  Blocks all;
  for (std::int64_t left : blocks) {
    const double piece = std::max(static_cast<double>(left) / static_cast<double>(parts), 1.0);
    while (static_cast<double>(left) >= 2 * piece) {
      all.push_back(static_cast<std::int64_t>(piece));
      left -= static_cast<std::int64_t>(piece);
    }
    if (left != 0) all.push_back(left);
  }
  return all;
}

// Boundaries moved so that every extent is a multiple of `unit`.
Blocks contracted(const Blocks& blocks, std::int64_t unit) {
  Blocks all;
  std::int64_t rest = 0;
  for (std::int64_t block : blocks) {
    rest += block;
    if (rest >= unit) all.push_back(rest / unit * unit);
    rest %= unit;
  }
  return all;
}

// Axes behind the first were taken whole, which made blocks larger than `limit` elements: cut the first axis that can
// be cut while each block stays one run of elements, that is, one behind axes of blocks of one.
void cut_to_size(Chunks& group, std::int64_t limit) {
  for (std::size_t axis = 0; axis < group.size() && largest_block(group) > limit; ++axis) {
    Blocks& blocks = group[axis];
    if (largest(blocks) == 1) continue;
    const std::int64_t total = largest_block(group);
    if (blocks.size() == 1) {
      Blocks cut;
      append_even(cut, blocks[0], std::min((total + limit - 1) / limit, blocks[0]));
      blocks = std::move(cut);
    } else {
      const std::int64_t others = total / largest(blocks);
      Blocks cut;
      for (std::int64_t block : blocks) {
        const std::int64_t parts = std::min((block * others + limit - 1) / limit, block);
        if (block * others <= limit)
          cut.push_back(block);
        else
          append_even(cut, block, parts);
      }
      blocks = std::move(cut);
    }
    if (largest(blocks) != 1) return;
  }
}

// Chunks of the array and of the result that hold the same elements block by block; built from the last axis.
struct Plan {
  Chunks from;
  Chunks to;
};

void push_front(Chunks& chunks, const Chunks& group) { chunks.insert(chunks.begin(), group.begin(), group.end()); }

// Axes first..last of the array become one.
void merge_axes(Plan& plan, const ArrayMeta& array, std::size_t first, std::size_t last) {
  Chunks group(array.chunks().begin() + static_cast<std::ptrdiff_t>(first),
               array.chunks().begin() + static_cast<std::ptrdiff_t>(last) + 1);
  const bool single_rows =
      std::all_of(array.chunks().begin(), array.chunks().begin() + static_cast<std::ptrdiff_t>(last),
                  [](const Blocks& blocks) { return largest(blocks) == 1; });
  if (!single_rows) {
    const std::int64_t limit = largest_block(group);
    std::int64_t parts = 1;
    for (std::size_t i = 1; i < group.size(); ++i) {
      parts *= static_cast<std::int64_t>(group[i].size());
      group[i] = {array.shape()[first + i]};
    }
    group[0] = expanded(group[0], parts);
    cut_to_size(group, limit);
  }
  push_front(plan.from, group);
  plan.to.insert(plan.to.begin(), merged(group));
}

// One axis of the array becomes axes first..last of the result.
void split_axis(Plan& plan, const Blocks& blocks, const Shape& shape, std::size_t first, std::size_t last) {
  const std::int64_t unit = product(shape, first + 1, last + 1);
  Chunks group = {contracted(blocks, unit)};
  for (std::int64_t& rows : group[0]) rows /= unit;
  for (std::size_t axis = first + 1; axis <= last; ++axis) group.push_back({shape[axis]});
  cut_to_size(group, largest(blocks));
  push_front(plan.to, group);
  plan.from.insert(plan.from.begin(), merged(group));
}

// Empty where axes would have to be split unevenly.
std::optional<Plan> plan_reshape(const ArrayMeta& array, const Shape& shape) {
  Plan plan;
  std::size_t in = array.shape().size();
  std::size_t out = shape.size();
  while (in > 0 || out > 0) {
    const std::int64_t from = in > 0 ? array.shape()[in - 1] : 1;
    const std::int64_t to = out > 0 ? shape[out - 1] : 1;
    if (in > 0 && out > 0 && from == to) {
      plan.from.insert(plan.from.begin(), array.chunks()[in - 1]);
      plan.to.insert(plan.to.begin(), array.chunks()[in - 1]);
      --in, --out;
    } else if (in > 0 && from == 1) {
      plan.from.insert(plan.from.begin(), Blocks{1});
      --in;
    } else if (out > 0 && to == 1) {
      plan.to.insert(plan.to.begin(), Blocks{1});
      --out;
    } else if (from < to) {
      std::size_t first = in - 1;
      while (first > 0 && product(array.shape(), first, in) < to) --first;
      if (product(array.shape(), first, in) != to) return std::nullopt;
      merge_axes(plan, array, first, in - 1);
      in = first;
      --out;
    } else {
      std::size_t first = out - 1;
      while (first > 0 && product(shape, first, out) < from) --first;
      if (product(shape, first, out) != from) return std::nullopt;
      split_axis(plan, array.chunks()[in - 1], shape, first, out - 1);
      out = first;
      --in;
    }
  }
  return plan;
}

Shape with_missing_extent(const ArrayMeta& array, Shape shape) {
  const std::int64_t size = num_elements(array.shape());
  const auto fail = [&](const char* why) {
    return value_error(fmt::format("reshape: an array of shape {} ({} elements) cannot have shape {}: {}",
                                   to_string(array.shape()), size, to_string(shape), why));
  };
  std::int64_t known = 1;
  auto missing = shape.end();
  for (auto extent = shape.begin(); extent != shape.end(); ++extent) {
    if (*extent >= 0) {
      known *= *extent;
    } else if (*extent != -1 || missing != shape.end()) {
      throw fail("one extent may be -1, none may be less");
    } else {
      missing = extent;
    }
  }
  if (missing != shape.end()) {
    if (known == 0 || size % known != 0) throw fail("the extents given do not divide the number of elements");
    *missing = size / known;
  } else if (known != size) {
    throw fail("the numbers of elements differ");
  }
  return shape;
}

}  // namespace

ExprPtr reshape(ExprPtr array, Shape shape) {
  const MetaPtr kept = array->meta_ptr();
  const ArrayMeta& from = array_meta(array);
  if (!from.is_known()) {
    if (from.ndim() == 1 && shape == Shape{-1}) return array;
    throw value_error(
        "reshape: an extent of the array is not known before it is computed; call compute_chunk_sizes() first");
  }
  shape = with_missing_extent(from, std::move(shape));
  if (shape == from.shape()) return array;
  if (num_elements(shape) == 0) {
    Chunks chunks;
    for (std::int64_t extent : shape) chunks.push_back({extent});
    return zeros(from.dtype(), std::move(chunks));
  }
  auto plan = plan_reshape(from, shape);
  // Through one long axis any shape can become any other.
  if (!plan) return reshape(reshape(std::move(array), {num_elements(from.shape())}), shape);
  return make_expr<ReshapeBlocks>(rechunk(std::move(array), std::move(plan->from)), std::move(plan->to));
}

}  // namespace plait
