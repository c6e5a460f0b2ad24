#include "collections/array/layout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "base/check.h"
#include "collections/array/creation.h"
#include "collections/array/rechunk.h"
#include "kernels/array/views.h"

namespace plait {
namespace {

Chunks permuted(const Chunks& chunks, const Axes& axes) {
  Chunks result;
  for (int axis : axes) result.push_back(chunks[axis]);
  return result;
}

bool is_identity(const Axes& axes) {
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (axes[i] != static_cast<int>(i)) return false;
  }
  return true;
}

template <class T>
const T* as_op(const ExprPtr& expr) {
  return dynamic_cast<const T*>(expr.get());
}

BlockTask view_task(KernelCall call, std::int64_t source_block, std::uint64_t output_bytes) {
  return {.call = std::move(call), .inputs = {{0, source_block}}, .output_bytes = output_bytes};
}

// Axes of extent one may have blocks without elements beside the one that has it: they go.
ExprPtr with_unit_blocks(ExprPtr array, const Axes& axes) {
  Chunks chunks = array_meta(array).chunks();
  for (int axis : axes) chunks[axis] = {1};
  return rechunk(std::move(array), std::move(chunks));
}

const ArrayMeta& own_meta(const Expr& expr) { return static_cast<const ArrayMeta&>(expr.meta()); }

}  // namespace

MetaPtr Transpose::infer_meta() const {
  const ArrayMeta& from = array_meta(array);
  PLAIT_CHECK(static_cast<int>(axes.size()) == from.ndim());
  return make_array_meta(from.dtype(), permuted(from.chunks(), axes));
}

std::string Transpose::describe() const { return fmt::format("axes=({})", fmt::join(axes, ", ")); }

ExprPtr Transpose::simplify() const {
  if (is_identity(axes)) return array;
  if (const auto* inner = as_op<Transpose>(array)) {
    Axes both;
    for (int axis : axes) both.push_back(inner->axes[axis]);
    return make_expr<Transpose>(inner->array, both);
  }
  if (const auto* constant = as_op<Fill>(array)) {
    return make_expr<Fill>(constant->label, constant->value, permuted(constant->chunks, axes));
  }
  return nullptr;
}

std::int64_t Transpose::source_block(std::int64_t block) const {
  const auto index = unravel(block, meta().grid());
  std::vector<std::int64_t> source(index.size());
  for (std::size_t i = 0; i < axes.size(); ++i) source[axes[i]] = index[i];
  return ravel(source, array->meta().grid());
}

BlockTask Transpose::block_task(std::int64_t block) const {
  return view_task(transpose_kernel({axes}), source_block(block), own_meta(*this).block_bytes(block));
}

MetaPtr ReshapeBlocks::infer_meta() const { return make_array_meta(array_meta(array).dtype(), chunks); }

std::string ReshapeBlocks::describe() const { return fmt::format("shape={}", to_string(own_meta(*this).shape())); }

ExprPtr ReshapeBlocks::simplify() const {
  if (array_meta(array).chunks() == chunks) return array;
  if (const auto* inner = as_op<ReshapeBlocks>(array)) return make_expr<ReshapeBlocks>(inner->array, chunks);
  if (const auto* constant = as_op<Fill>(array)) return make_expr<Fill>(constant->label, constant->value, chunks);
  return nullptr;
}

BlockTask ReshapeBlocks::block_task(std::int64_t block) const {
  const ArrayMeta& known = own_meta(*this);
  BlockShapeParams params{known.block_shape(block), {}};
  if (!known.is_known()) params.axes = kept_axes().value();
  return view_task(reshape_block_kernel(std::move(params)), block, known.block_bytes(block));
}

std::optional<std::vector<int>> ReshapeBlocks::kept_axes() const {
  const auto is_one = [](const std::vector<std::int64_t>& blocks) { return blocks.size() == 1 && blocks[0] == 1; };
  const Chunks& from = array_meta(array).chunks();
  std::vector<int> axes(chunks.size(), -1);
  std::size_t own = 0;
  for (std::size_t axis = 0; axis < chunks.size(); ++axis) {
    if (is_one(chunks[axis])) continue;
    while (own < from.size() && is_one(from[own])) ++own;
    if (own == from.size() || from[own] != chunks[axis]) return std::nullopt;
    axes[axis] = static_cast<int>(own++);
  }
  while (own < from.size() && is_one(from[own])) ++own;
  if (own != from.size()) return std::nullopt;
  return axes;
}

MetaPtr BroadcastTo::infer_meta() const { return make_array_meta(array_meta(array).dtype(), chunks); }

std::string BroadcastTo::describe() const { return fmt::format("shape={}", to_string(own_meta(*this).shape())); }

ExprPtr BroadcastTo::simplify() const {
  if (array_meta(array).chunks() == chunks) return array;
  if (const auto* constant = as_op<Fill>(array)) return make_expr<Fill>(constant->label, constant->value, chunks);
  return nullptr;
}

BlockTask BroadcastTo::block_task(std::int64_t block) const {
  const ArrayMeta& known = own_meta(*this);
  const auto index = unravel(block, known.grid());
  const auto from_grid = array->meta().grid();
  const std::size_t lead = index.size() - from_grid.size();
  std::vector<std::int64_t> source(from_grid.size());
  for (std::size_t axis = 0; axis < source.size(); ++axis) source[axis] = from_grid[axis] == 1 ? 0 : index[axis + lead];
  return view_task(broadcast_block_kernel({known.block_shape(block), {}}), ravel(source, from_grid),
                   known.block_bytes(block));
}

ExprPtr transpose(ExprPtr array, Axes axes) {
  const int ndim = array_meta(array).ndim();
  if (static_cast<int>(axes.size()) != ndim) {
    throw value_error(fmt::format("transpose: {} axes are given, but the array has {} (shape {})", axes.size(), ndim,
                                  to_string(array_meta(array).shape())));
  }
  return make_expr<Transpose>(std::move(array), normalize_axes("transpose", axes, ndim));
}

ExprPtr transpose(ExprPtr array) {
  Axes axes(static_cast<std::size_t>(array_meta(array).ndim()));
  std::iota(axes.rbegin(), axes.rend(), 0);
  return transpose(std::move(array), std::move(axes));
}

ExprPtr swapaxes(ExprPtr array, int a, int b) {
  const int ndim = array_meta(array).ndim();
  Axes axes(static_cast<std::size_t>(ndim));
  std::iota(axes.begin(), axes.end(), 0);
  std::swap(axes[normalize_axis("swapaxes", a, ndim)], axes[normalize_axis("swapaxes", b, ndim)]);
  return transpose(std::move(array), std::move(axes));
}

ExprPtr moveaxis(ExprPtr array, const Axes& from, const Axes& to) {
  const int ndim = array_meta(array).ndim();
  const Axes sources = normalize_axes("moveaxis", from, ndim);
  const Axes targets = normalize_axes("moveaxis", to, ndim);
  if (sources.size() != targets.size()) {
    throw value_error(fmt::format("moveaxis: {} source axes and {} destination axes are given; give as many of each",
                                  from.size(), to.size()));
  }
  Axes axes(static_cast<std::size_t>(ndim), -1);
  for (std::size_t i = 0; i < sources.size(); ++i) axes[targets[i]] = sources[i];
  int next = 0;
  for (int& axis : axes) {
    if (axis != -1) continue;
    while (std::find(sources.begin(), sources.end(), next) != sources.end()) ++next;
    axis = next++;
  }
  return transpose(std::move(array), std::move(axes));
}

ExprPtr expand_dims(ExprPtr array, const Axes& axes) {
  const ArrayMeta& from = array_meta(array);
  const int ndim = from.ndim() + static_cast<int>(axes.size());
  const Axes added = normalize_axes("expand_dims", axes, ndim);
  Chunks chunks;
  auto next = from.chunks().begin();
  for (int axis = 0; axis < ndim; ++axis) {
    const bool is_new = std::find(added.begin(), added.end(), axis) != added.end();
    chunks.push_back(is_new ? std::vector<std::int64_t>{1} : *next++);
  }
  return make_expr<ReshapeBlocks>(std::move(array), std::move(chunks));
}

ExprPtr squeeze(ExprPtr array, const std::optional<Axes>& axes) {
  const ArrayMeta& from = array_meta(array);
  Axes dropped;
  if (axes) {
    if (from.ndim() == 0 && names_only_element(*axes)) return array;
    dropped = normalize_axes("squeeze", *axes, from.ndim());
  } else {
    for (int axis = 0; axis < from.ndim(); ++axis) {
      if (from.shape()[axis] == 1) dropped.push_back(axis);
    }
  }
  Chunks chunks = from.chunks();
  std::sort(dropped.rbegin(), dropped.rend());
  for (int axis : dropped) {
    if (from.shape()[axis] != 1) {
      throw value_error(fmt::format("squeeze: axis {} has extent {}, expected 1 (shape {})", axis, from.shape()[axis],
                                    to_string(from.shape())));
    }
    chunks.erase(chunks.begin() + axis);
  }
  if (dropped.empty()) return array;
  return make_expr<ReshapeBlocks>(with_unit_blocks(std::move(array), dropped), std::move(chunks));
}

ExprPtr broadcast_to(ExprPtr array, const Shape& shape) {
  const ArrayMeta& from = array_meta(array);
  if (from.shape() == shape) return array;
  const auto lead = static_cast<std::ptrdiff_t>(shape.size()) - from.ndim();
  bool fits = lead >= 0;
  Chunks chunks;
  Axes stretched;
  for (std::ptrdiff_t axis = 0; fits && axis < static_cast<std::ptrdiff_t>(shape.size()); ++axis) {
    const std::int64_t old = axis < lead ? 1 : from.shape()[axis - lead];
    fits = shape[axis] >= 0 && (old == 1 || old == shape[axis]);
    if (axis >= lead && old == 1 && shape[axis] != 1) stretched.push_back(static_cast<int>(axis - lead));
    chunks.push_back(axis >= lead && old == shape[axis] ? from.chunks()[axis - lead] : std::vector{shape[axis]});
  }
  if (!fits) {
    throw value_error(
        fmt::format("broadcast_to: shape {} cannot be stretched to {}: from the right, each axis must have the same "
                    "extent or 1",
                    to_string(from.shape()), to_string(shape)));
  }
  return make_expr<BroadcastTo>(with_unit_blocks(std::move(array), stretched), std::move(chunks));
}

}  // namespace plait
