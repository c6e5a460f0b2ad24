#include "collections/array/pad.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

#include "base/check.h"
#include "collections/array/arguments.h"
#include "collections/array/automatic_chunks.h"
#include "collections/array/creation.h"
#include "collections/array/elementwise.h"
#include "collections/array/joining.h"
#include "collections/array/layout.h"
#include "collections/array/limits.h"
#include "collections/array/quantile.h"
#include "collections/array/reduction.h"
#include "collections/array/slicing.h"

namespace plait {
namespace {

constexpr std::array<std::string_view, 11> kModes = {"constant", "empty",   "edge",    "linear_ramp", "maximum", "mean",
                                                     "median",   "minimum", "reflect", "symmetric",   "wrap"};
// Runs of neighbours become slices; where there are more, positions are taken one by one.
constexpr std::size_t kMostSlices = 64;
// Where more elements are mirrored, the positions that they come from are computed with the blocks, too.
constexpr std::int64_t kMostPositions = std::int64_t{1} << 20;

std::int64_t extent_of(const ExprPtr& array, int axis) { return array_meta(array).shape()[axis]; }

ExprPtr part(const ExprPtr& array, int axis, std::int64_t start, std::int64_t count, std::int64_t step = 1) {
  Spans spans;
  for (std::int64_t extent : array_meta(array).shape()) spans.push_back({0, extent, 1});
  spans[axis] = count == 0 ? Span{0, 0, 1} : Span{start, count, step};
  return slice(array, std::move(spans));
}

ExprPtr repeated(const ExprPtr& line, int axis, std::int64_t count) {
  Shape shape = array_meta(line).shape();
  shape[axis] = count;
  return broadcast_to(line, shape);
}

// Blocks for the elements before or behind an array: one, unless it would be larger than automatic ones are.
std::vector<std::int64_t> pad_blocks(const ArrayMeta& array, int axis, std::int64_t count) {
  std::int64_t bytes = static_cast<std::int64_t>(item_size(array.dtype()));
  for (int other = 0; other < array.ndim(); ++other) {
    if (other != axis) bytes = bounded_product(bytes, std::ranges::max(array.chunks()[other]));
  }
  const std::int64_t block = std::max<std::int64_t>(1, automatic_chunk_bytes() / std::max<std::int64_t>(1, bytes));
  check_block_extent("pad", static_cast<std::size_t>(axis), block, count);
  std::vector<std::int64_t> blocks(static_cast<std::size_t>(count / block), block);
  if (count % block != 0 || count == 0) blocks.push_back(count % block);
  return blocks;
}

ExprPtr constant(const ExprPtr& array, int axis, std::int64_t count, const ScalarValue& value) {
  const ArrayMeta& from = array_meta(array);
  NdArray scalar = NdArray::empty(from.dtype(), {});
  store_scalar(value, from.dtype(), scalar.mutable_bytes());
  Chunks chunks = from.chunks();
  chunks[axis] = pad_blocks(from, axis, count);
  return fill("full", std::move(scalar), std::move(chunks));
}

ExprPtr multiplied(ExprPtr a, ElementArgument b) {
  return elementwise(ElementOp::multiply, {std::move(a), std::move(b)});
}
ExprPtr minus(ExprPtr a, ExprPtr b) { return elementwise(ElementOp::subtract, {std::move(a), std::move(b)}); }

// From the end value towards the edge, which is not reached.
ExprPtr ramp(const ExprPtr& array, int axis, std::int64_t count, const ScalarValue& end, bool is_before) {
  const ArrayMeta& from = array_meta(array);
  const DType wide = is_complex(from.dtype()) ? DType::complex128 : DType::float64;
  const ExprPtr edge = astype(part(array, axis, is_before ? 0 : from.shape()[axis] - 1, 1), wide);
  Shape shape(from.shape().size(), 1);
  shape[axis] = count;
  const std::vector<std::int64_t> blocks = pad_blocks(from, axis, count);
  ExprPtr number =
      is_before ? arange(std::int64_t{0}, 1, DType::int64, {blocks}) : arange(count - 1, -1, DType::int64, {blocks});
  const ExprPtr step = elementwise(
      ElementOp::true_divide,
      {elementwise(ElementOp::subtract, {edge, ElementArgument(end)}), ScalarValue(static_cast<double>(count))});
  ExprPtr values = elementwise(ElementOp::add, {multiplied(step, reshape(number, shape)), ElementArgument(end)});
  if (is_integer(from.dtype())) values = elementwise(ElementOp::floor, {std::move(values)});
  return astype(std::move(values), from.dtype());
}

ExprPtr statistic(const ExprPtr& array, int axis, PadMode mode) {
  const DType dtype = array_meta(array).dtype();
  const auto reduced = [&](ReduceOp op) {
    return reduce(op, array, {.axes = std::vector<int>{axis}, .keepdims = true});
  };
  if (mode == PadMode::maximum) return reduced(ReduceOp::max);
  if (mode == PadMode::minimum) return reduced(ReduceOp::min);
  ExprPtr middle = mode == PadMode::mean ? reduced(ReduceOp::mean) : median("pad", array, {axis}, true, false);
  if (is_integer(dtype)) middle = elementwise(ElementOp::rint, {std::move(middle)});
  return astype(std::move(middle), dtype);
}

ExprPtr statistic_pad(const ExprPtr& array, int axis, std::int64_t count, PadMode mode,
                      const std::optional<std::int64_t>& length, bool is_before) {
  const std::int64_t extent = extent_of(array, axis);
  const std::int64_t taken = std::min(length.value_or(extent), extent);
  const bool has_value = taken > 0 || mode == PadMode::mean || mode == PadMode::median;
  check_number("pad", "stat_length", taken, has_value, "1 or more: no elements have no maximum and no minimum");
  return repeated(statistic(part(array, axis, is_before ? 0 : extent - taken, taken), axis, mode), axis, count);
}

// Where the element at `position`, counted from the array's start, comes from: the array is repeated or mirrored
// without an end.
std::int64_t source_of(std::int64_t position, std::int64_t extent, PadMode mode) {
  const auto modulo = [](std::int64_t a, std::int64_t n) { return ((a % n) + n) % n; };
  if (mode == PadMode::wrap || extent == 1) return modulo(position, extent);
  const std::int64_t period = mode == PadMode::reflect ? 2 * (extent - 1) : 2 * extent;
  const std::int64_t at = modulo(position, period);
  if (at < extent) return at;
  return mode == PadMode::reflect ? period - at : period - 1 - at;
}

// The elements at positions, as slices where they are few.
ExprPtr gathered(const ExprPtr& array, int axis, const std::vector<std::int64_t>& positions) {
  std::vector<Span> runs;
  for (std::int64_t position : positions) {
    if (!runs.empty()) {
      Span& run = runs.back();
      const std::int64_t step = position - (run.start + (run.count - 1) * run.step);
      if ((run.count == 1 && std::abs(step) == 1) || (run.count > 1 && step == run.step)) {
        run.step = step;
        ++run.count;
        continue;
      }
    }
    runs.push_back({position, 1, 1});
  }
  if (runs.size() > kMostSlices) return take(array, axis, positions);
  std::vector<ExprPtr> parts;
  for (const Span& run : runs) parts.push_back(part(array, axis, run.start, run.count, run.step));
  return concatenate(std::move(parts), axis);
}

// The positions count, count + 1, ... as one axis, counted from the array's start, in blocks for the array.
ExprPtr positions_from(const ExprPtr& array, int axis, std::int64_t start, std::int64_t count) {
  return arange(start, 1, DType::int64, {pad_blocks(array_meta(array), axis, count)});
}

ExprPtr computed(ElementOp op, ExprPtr a, std::int64_t b) { return elementwise(op, {std::move(a), ScalarValue(b)}); }

// source_of, of positions that are not counted one by one here.
ExprPtr sources_of(ExprPtr positions, std::int64_t extent, PadMode mode) {
  if (mode == PadMode::wrap || extent == 1) return computed(ElementOp::remainder, std::move(positions), extent);
  const std::int64_t period = mode == PadMode::reflect ? 2 * (extent - 1) : 2 * extent;
  const ExprPtr at = computed(ElementOp::remainder, std::move(positions), period);
  const std::int64_t last = mode == PadMode::reflect ? period : period - 1;
  return elementwise(ElementOp::minimum, {at, elementwise(ElementOp::subtract, {ScalarValue(last), at})});
}

ExprPtr mirrored_pad(const ExprPtr& array, int axis, std::int64_t count, PadMode mode, bool is_before) {
  const std::int64_t extent = extent_of(array, axis);
  if (count > kMostPositions) {
    ExprPtr positions = positions_from(array, axis, is_before ? -count : extent, count);
    return look_up(array, sources_of(std::move(positions), extent, mode), axis);
  }
  std::vector<std::int64_t> positions;
  for (std::int64_t i = 0; i < count; ++i)
    positions.push_back(source_of(is_before ? i - count : extent + i, extent, mode));
  return gathered(array, axis, positions);
}

ExprPtr joined(std::vector<ExprPtr> parts, int axis) {
  std::erase_if(parts, [&](const ExprPtr& one) { return extent_of(one, axis) == 0; });
  return concatenate(std::move(parts), axis);
}

// The same at the value of the edge: beyond the array every mirror image lies higher than the one before by what the
// array rises, and the odd ones are turned.
ExprPtr oddly_mirrored_pad(const ExprPtr& array, int axis, std::int64_t count, PadMode mode, bool is_before) {
  const std::int64_t extent = extent_of(array, axis);
  const std::int64_t period = mode == PadMode::reflect ? 2 * (extent - 1) : 2 * extent;
  const auto along = [&](ExprPtr line) {
    Shape shape(array_meta(array).shape().size(), 1);
    shape[axis] = count;
    return reshape(std::move(line), shape);
  };
  const ExprPtr positions = positions_from(array, axis, is_before ? -count : extent, count);
  const ExprPtr found = look_up(array, sources_of(positions, extent, mode), axis);
  const ExprPtr last = part(array, axis, extent - 1, 1);
  const ExprPtr rise = multiplied(minus(last, part(array, axis, 0, 1)), ScalarValue(std::int64_t{2}));
  const DType dtype = array_meta(array).dtype();
  const ExprPtr number = along(astype(computed(ElementOp::floor_divide, positions, period), dtype));
  const ExprPtr is_turned = along(
      elementwise(ElementOp::greater_equal, {computed(ElementOp::remainder, positions, period), ScalarValue(extent)}));
  const ExprPtr turned = minus(multiplied(last, ScalarValue(std::int64_t{2})), found);
  const ExprPtr image = where(is_turned, turned, found);
  return elementwise(ElementOp::add, {image, multiplied(rise, number)});
}

// Mirrored at the value of the edge as well: what is known grows at both ends until it is wide enough.
ExprPtr oddly_mirrored(ExprPtr array, int axis, std::int64_t before, std::int64_t after, PadMode mode) {
  const std::int64_t period = extent_of(array, axis);
  const bool holds_edge = mode == PadMode::symmetric;
  while (before > 0 || after > 0) {
    const std::int64_t extent = extent_of(array, axis);
    const std::int64_t most = holds_edge ? extent / period * period : (extent - 1) / (period - 1) * (period - 1);
    const std::int64_t skip = holds_edge ? 0 : 1;
    const std::int64_t left = std::min(most, before);
    const std::int64_t right = std::min(most, after);
    const auto mirrored = [&](std::int64_t edge, std::int64_t start, std::int64_t count) {
      return minus(multiplied(part(array, axis, edge, 1), ScalarValue(std::int64_t{2})),
                   part(array, axis, start, count, -1));
    };
    std::vector<ExprPtr> parts;
    if (left > 0) parts.push_back(mirrored(0, left - 1 + skip, left));
    parts.push_back(array);
    if (right > 0) parts.push_back(mirrored(extent - 1, extent - 1 - skip, right));
    array = joined(std::move(parts), axis);
    before -= left;
    after -= right;
  }
  return array;
}

ExprPtr pad_of(const ExprPtr& array, int axis, std::int64_t count, PadMode mode, const PadOptions& options,
               bool is_before) {
  if (count == 0) return part(array, axis, 0, 0);
  const std::size_t side = is_before ? 0 : 1;
  switch (mode) {
    case PadMode::constant:
      return constant(array, axis, count, options.values[axis][side]);
    case PadMode::empty:
      return constant(array, axis, count, ScalarValue(std::int64_t{0}));
    case PadMode::edge:
      return repeated(part(array, axis, is_before ? 0 : extent_of(array, axis) - 1, 1), axis, count);
    case PadMode::linear_ramp:
      return ramp(array, axis, count, options.values[axis][side], is_before);
    case PadMode::maximum:
    case PadMode::mean:
    case PadMode::median:
    case PadMode::minimum:
      return statistic_pad(array, axis, count, mode,
                           options.stat_length.empty() ? std::nullopt : options.stat_length[axis][side], is_before);
    default:
      return mirrored_pad(array, axis, count, mode, is_before);
  }
}

void check_widths(const ExprPtr& array, const PadPairs<std::int64_t>& widths, PadMode mode) {
  const ArrayMeta& from = array_meta(array);
  PLAIT_CHECK(widths.size() == from.shape().size());
  Shape padded = from.shape();
  for (std::size_t axis = 0; axis < widths.size(); ++axis) {
    const auto [before, after] = widths[axis];
    if (before < 0 || after < 0)
      throw value_error(
          fmt::format("pad: pad_width along axis {} is ({}, {}), expected 0 or more", axis, before, after));
    if (before == 0 && after == 0) continue;
    if (from.shape()[axis] == kUnknownExtent) {
      throw value_error(fmt::format(
          "pad: the extent along axis {} is not known before it is computed; call compute_chunk_sizes() first", axis));
    }
    padded[axis] = bounded_sum(bounded_sum(padded[axis], before), after);
    if (from.shape()[axis] == 0 && mode != PadMode::constant && mode != PadMode::empty)
      throw value_error(
          fmt::format("pad: axis {} has no elements, and only the modes 'constant' and 'empty' need none", axis));
  }
  check_shape("pad", padded, from.dtype(), true);
}

}  // namespace

PadMode parse_pad_mode(const std::string& name) {
  for (std::size_t i = 0; i < kModes.size(); ++i) {
    if (kModes[i] == name) return static_cast<PadMode>(i);
  }
  throw value_error(fmt::format("pad: mode '{}' is not supported; expected one of {}", name, fmt::join(kModes, ", ")));
}

ExprPtr pad(ExprPtr array, const PadPairs<std::int64_t>& widths, PadMode mode, const PadOptions& options) {
  check_widths(array, widths, mode);
  for (int axis = 0; axis < static_cast<int>(widths.size()); ++axis) {
    const auto [before, after] = widths[axis];
    if (before == 0 && after == 0) continue;
    const bool is_odd = options.is_odd && (mode == PadMode::reflect || mode == PadMode::symmetric);
    const bool turns = is_odd && extent_of(array, axis) > 1;
    if (turns && std::max(before, after) <= kMostPositions) {
      array = oddly_mirrored(std::move(array), axis, before, after, mode);
      continue;
    }
    const auto made = [&, axis](std::int64_t count, bool is_before) {
      return turns && count > 0 ? oddly_mirrored_pad(array, axis, count, mode, is_before)
                                : pad_of(array, axis, count, mode, options, is_before);
    };
    array = joined({made(before, true), array, made(after, false)}, axis);
  }
  return array;
}

}  // namespace plait
