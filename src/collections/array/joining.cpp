#include "collections/array/joining.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "collections/array/axes.h"
#include "collections/array/elementwise.h"
#include "collections/array/layout.h"
#include "collections/array/rechunk.h"
#include "expr/joined.h"
#include "kernels/array/views.h"

namespace plait {
namespace {

void check_shapes(const std::vector<ExprPtr>& arrays, int axis) {
  const Shape& first = array_meta(arrays[0]).shape();
  for (std::size_t i = 1; i < arrays.size(); ++i) {
    const Shape& shape = array_meta(arrays[i]).shape();
    bool fits = shape.size() == first.size();
    for (std::size_t other = 0; fits && other < shape.size(); ++other) {
      const bool is_known = shape[other] != kUnknownExtent && first[other] != kUnknownExtent;
      fits = static_cast<int>(other) == axis || !is_known || shape[other] == first[other];
    }
    if (!fits) {
      throw value_error(
          fmt::format("concatenate: array {} has shape {}, but array 0 has {}; they may differ along axis {} only", i,
                      to_string(shape), to_string(first), axis));
    }
  }
}

// All in the same chunks along the axes that are not joined.
void align_other_axes(std::vector<ExprPtr>& arrays, int axis) {
  std::vector<Chunks> others;
  for (const ExprPtr& array : arrays) {
    others.push_back(array_meta(array).chunks());
    others.back().erase(others.back().begin() + axis);
  }
  const Chunks common = common_chunks("concatenate", others);
  for (ExprPtr& array : arrays) {
    Chunks chunks = common;
    chunks.insert(chunks.begin() + axis, array_meta(array).chunks()[axis]);
    array = rechunk(std::move(array), std::move(chunks));
  }
}

}  // namespace

MetaPtr Concatenate::infer_meta() const {
  PLAIT_CHECK(!arrays.empty());
  Chunks chunks = array_meta(arrays[0]).chunks();
  chunks[axis].clear();
  first_blocks_.clear();
  for (const ExprPtr& array : arrays) {
    first_blocks_.push_back(static_cast<std::int64_t>(chunks[axis].size()));
    const auto& more = array_meta(array).chunks()[axis];
    chunks[axis].insert(chunks[axis].end(), more.begin(), more.end());
  }
  return make_array_meta(array_meta(arrays[0]).dtype(), std::move(chunks));
}

std::string Concatenate::describe() const { return fmt::format("axis={}", axis); }

ExprPtr Concatenate::simplify() const { return arrays.size() == 1 ? arrays[0] : nullptr; }

ExprPtr Concatenate::lower() const {
  const auto of_same_axis = [this](const Concatenate& inner) { return inner.axis == axis; };
  std::vector<ExprPtr> parts = without_inner(arrays, &Concatenate::arrays, of_same_axis);
  return parts.size() == arrays.size() ? nullptr : make_expr<Concatenate>(std::move(parts), axis);
}

BlockTask Concatenate::block_task(std::int64_t block) const {
  const auto& known = static_cast<const ArrayMeta&>(meta());
  auto index = unravel(block, known.grid());
  const auto next = std::upper_bound(first_blocks_.begin(), first_blocks_.end(), index[axis]);
  const auto operand = static_cast<std::uint32_t>(next - first_blocks_.begin() - 1);
  index[axis] -= first_blocks_[operand];
  return {.call = slice_kernel({}),
          .inputs = {{operand, ravel(index, arrays[operand]->meta().grid())}},
          .output_bytes = known.block_bytes(block)};
}

ExprPtr concatenate(std::vector<ExprPtr> arrays, int axis) {
  if (arrays.empty()) throw value_error("concatenate: no arrays are given; give at least one");
  const int ndim = array_meta(arrays[0]).ndim();
  if (ndim == 0)
    throw value_error("concatenate: array 0 has shape (), but arrays are joined along an axis; use stack for scalars");
  axis = normalize_axis("concatenate", axis, ndim);
  check_shapes(arrays, axis);

  DType dtype = array_meta(arrays[0]).dtype();
  for (const ExprPtr& array : arrays) dtype = promote(dtype, array_meta(array).dtype());
  for (ExprPtr& array : arrays) array = astype(std::move(array), dtype);

  const auto is_empty = [&](const ExprPtr& array) { return array_meta(array).shape()[axis] == 0; };
  if (!std::all_of(arrays.begin(), arrays.end(), is_empty)) std::erase_if(arrays, is_empty);
  if (arrays.size() == 1) return arrays[0];
  align_other_axes(arrays, axis);
  return make_expr<Concatenate>(std::move(arrays), axis);
}

ExprPtr stack(const std::vector<ExprPtr>& arrays, int axis) {
  if (arrays.empty()) throw value_error("stack: no arrays are given; give at least one");
  const ArrayMeta& first = array_meta(arrays[0]);
  axis = normalize_axis("stack", axis, first.ndim() + 1);
  std::vector<ExprPtr> layers;
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    const Shape& shape = array_meta(arrays[i]).shape();
    if (shape != first.shape()) {
      throw value_error(fmt::format("stack: array {} has shape {}, but array 0 has {}; all must have the same", i,
                                    to_string(shape), to_string(first.shape())));
    }
    layers.push_back(expand_dims(arrays[i], {axis}));
  }
  return concatenate(std::move(layers), axis);
}

}  // namespace plait
