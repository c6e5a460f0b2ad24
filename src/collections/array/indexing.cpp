// NumPy's square brackets: what the user wrote becomes one span, or one list of positions, an axis.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "collections/array/layout.h"
#include "collections/array/slicing.h"

namespace plait {
namespace {

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();

std::string extent_text(std::int64_t extent) {
  return extent == kUnknownExtent ? "an extent that is not known before it is computed"
                                  : fmt::format("{} elements", extent);
}

std::int64_t checked_position(std::int64_t position, int axis, std::int64_t extent) {
  if (extent == kUnknownExtent) {
    throw value_error(
        fmt::format("index {} along axis {}: the axis has an extent that is not known before it is computed; call "
                    "compute_chunk_sizes() first",
                    position, axis));
  }
  if (position < -extent || position >= extent) {
    throw index_error(fmt::format("index {} is out of bounds for axis {} with size {}", position, axis, extent));
  }
  return position < 0 ? position + extent : position;
}

// Python's slice.indices().
Span span_of(const SliceItem& item, int axis, std::int64_t extent) {
  const std::int64_t step = item.step.value_or(1);
  if (step == 0) throw value_error(fmt::format("the slice along axis {} has step 0; the step must move", axis));
  if (extent == kUnknownExtent) {
    if (!item.start && !item.stop && step == 1) return {0, kUnknownExtent, 1};
    throw value_error(fmt::format("a slice along axis {}: the axis has {}; call compute_chunk_sizes() first", axis,
                                  extent_text(extent)));
  }
  const std::int64_t low = step > 0 ? 0 : -1;
  const std::int64_t high = step > 0 ? extent : extent - 1;
  const auto bounded = [&](std::int64_t position) {
    return std::clamp(position < 0 ? position + extent : position, low, high);
  };
  const std::int64_t start = item.start ? bounded(*item.start) : (step > 0 ? low : high);
  const std::int64_t stop = item.stop ? bounded(*item.stop) : (step > 0 ? high : low);
  const std::int64_t distance = step > 0 ? stop - start : start - stop;
  const std::int64_t stride = step > 0 ? step : step == kLowest ? kHighest : -step;
  const std::int64_t count = distance <= 0 ? 0 : (distance - 1) / stride + 1;
  if (count == 0) return {0, 0, 1};
  return count == 1 ? Span{start, 1, 1} : Span{start, count, step};
}

std::vector<std::int64_t> positions_under(const std::vector<bool>& mask, int axis, std::int64_t extent) {
  if (static_cast<std::int64_t>(mask.size()) != extent) {
    throw index_error(fmt::format("the mask along axis {} has {} entries, but the axis has {}", axis, mask.size(),
                                  extent_text(extent)));
  }
  std::vector<std::int64_t> positions;
  for (std::size_t i = 0; i < mask.size(); ++i) {
    if (mask[i]) positions.push_back(static_cast<std::int64_t>(i));
  }
  return positions;
}

bool takes_axis(const IndexItem& item) {
  return !std::holds_alternative<NewAxisItem>(item) && !std::holds_alternative<EllipsisItem>(item);
}

bool is_advanced(const IndexItem& item) { return takes_axis(item) && !std::holds_alternative<SliceItem>(item); }

// Whether something stands between the lists and positions of an index, such as an ellipsis for no axis at all.
bool is_parted(const std::vector<IndexItem>& items) {
  const auto first = std::ranges::find_if(items, is_advanced);
  const auto behind = std::find_if_not(first, items.end(), is_advanced);
  return std::any_of(behind, items.end(), is_advanced);
}

// The ellipsis, or the end, stands for whole axes.
std::vector<IndexItem> with_every_axis(const std::vector<IndexItem>& items, const ArrayMeta& array) {
  const auto given = std::count_if(items.begin(), items.end(), takes_axis);
  if (given > array.ndim()) {
    throw index_error(fmt::format("too many indices: {} are given, but the array has {} {} (shape {})", given,
                                  array.ndim(), array.ndim() == 1 ? "axis" : "axes", to_string(array.shape())));
  }
  std::vector<IndexItem> all;
  bool has_ellipsis = false;
  const auto fill = [&] { all.insert(all.end(), static_cast<std::size_t>(array.ndim() - given), SliceItem{}); };
  for (const IndexItem& item : items) {
    if (!std::holds_alternative<EllipsisItem>(item)) {
      all.push_back(item);
    } else if (has_ellipsis) {
      throw index_error("an index can only have a single ellipsis ('...')");
    } else {
      has_ellipsis = true;
      fill();
    }
  }
  if (!has_ellipsis) fill();
  return all;
}

// Positions that follow each other are a slice.
std::optional<Span> as_span(const std::vector<std::int64_t>& positions) {
  if (positions.empty()) return std::nullopt;
  for (std::size_t i = 1; i < positions.size(); ++i) {
    if (positions[i] != positions[i - 1] + 1) return std::nullopt;
  }
  return Span{positions.front(), static_cast<std::int64_t>(positions.size()), 1};
}

// Lazy positions, or a lazy mask, are a line.
void check_lazy(const ExprPtr& chosen) {
  const ArrayMeta& about = array_meta(chosen);
  if (!is_bool(about.dtype()) && !is_integer(about.dtype())) {
    throw index_error(
        fmt::format("an array of dtype {} is no index; expected integers or booleans", name(about.dtype())));
  }
  if (about.ndim() != 1) {
    throw not_implemented(fmt::format("an index array with {} axes is not there yet; expected one axis", about.ndim()));
  }
}

// What stands at lazy positions, or under a lazy mask, along an axis.
ExprPtr at_lazy(ExprPtr array, int axis, const ExprPtr& chosen) {
  if (is_bool(array_meta(chosen).dtype())) return select_along(std::move(array), axis, chosen);
  return look_up(std::move(array), chosen, axis);
}

}  // namespace

ResolvedIndex resolve_index(const std::vector<IndexItem>& items, const ArrayMeta& array) {
  ResolvedIndex found;
  const bool parted = is_parted(items);
  int result_axis = 0;
  for (const IndexItem& item : with_every_axis(items, array)) {
    if (std::holds_alternative<NewAxisItem>(item)) {
      found.added.push_back(result_axis++);
      continue;
    }
    const auto axis = static_cast<int>(found.spans.size());
    const std::int64_t extent = array.shape()[axis];
    if (const auto* position = std::get_if<std::int64_t>(&item)) {
      found.spans.push_back({checked_position(*position, axis, extent), 1, 1});
      found.dropped.push_back(axis);
      continue;
    }
    ++result_axis;
    if (const auto* part = std::get_if<SliceItem>(&item)) {
      found.spans.push_back(span_of(*part, axis, extent));
      continue;
    }
    found.spans.push_back({0, extent, 1});
    if (parted) found.axis_to_front = result_axis - 1;
    if (const auto* lazy = std::get_if<LazyItem>(&item)) {
      check_lazy(lazy->chosen);
      found.lazy.emplace_back(axis, lazy->chosen);
      continue;
    }
    std::vector<std::int64_t> positions;
    if (const auto* listed = std::get_if<PositionsItem>(&item)) {
      for (std::int64_t position : listed->positions) positions.push_back(checked_position(position, axis, extent));
    } else {
      positions = positions_under(std::get<MaskItem>(item).mask, axis, extent);
    }
    found.takes.emplace_back(axis, std::move(positions));
  }
  if (found.takes.size() + found.lazy.size() > 1) {
    throw not_implemented(
        "more than one list of positions in an index is not there yet: x.vindex[[0, 1], [2, 3]] takes single elements, "
        "x[[0, 1]][:, [2, 3]] rows and then columns");
  }
  return found;
}

ExprPtr get_item(ExprPtr array, const std::vector<IndexItem>& items) {
  const ArrayMeta& from = array_meta(array);
  if (const auto* alone = items.size() == 1 ? std::get_if<LazyItem>(&items[0]) : nullptr) {
    const ArrayMeta& mask = array_meta(alone->chosen);
    if (is_bool(mask.dtype()) && mask.ndim() == from.ndim()) return select(std::move(array), alone->chosen);
  }
  ResolvedIndex index = resolve_index(items, from);
  std::erase_if(index.takes, [&](const auto& chosen) {
    const auto span = as_span(chosen.second);
    if (span) index.spans[chosen.first] = *span;
    return span.has_value();
  });

  bool is_whole = true;
  for (int axis = 0; axis < from.ndim(); ++axis)
    is_whole = is_whole && index.spans[axis] == Span{0, from.shape()[axis], 1};
  ExprPtr result = std::move(array);
  if (!is_whole) result = slice(std::move(result), index.spans);
  for (auto& [axis, positions] : index.takes) result = take(std::move(result), axis, std::move(positions));
  for (const auto& [axis, chosen] : index.lazy) result = at_lazy(std::move(result), axis, chosen);
  if (!index.dropped.empty()) result = squeeze(std::move(result), index.dropped);
  if (!index.added.empty()) result = expand_dims(std::move(result), index.added);
  if (index.axis_to_front) result = moveaxis(std::move(result), {*index.axis_to_front}, {0});
  return result;
}

}  // namespace plait
