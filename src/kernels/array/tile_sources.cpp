#include "kernels/array/tile_sources.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/check.h"
#include "base/half.h"
#include "kernels/array/random/draw_stream.h"
#include "kernels/array/random/uniform_stream.h"
#include "kernels/array/span.h"
#include "kernels/array/tile_copy.h"

namespace plait {
namespace {

template <class T>
T range_value(const TileSource& source, std::int64_t position) {
  if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    if (std::holds_alternative<std::int64_t>(source.value)) {
      const auto start = static_cast<std::uint64_t>(std::get<std::int64_t>(source.value));
      const auto step = static_cast<std::uint64_t>(std::get<std::int64_t>(source.step));
      return static_cast<T>(start + static_cast<std::uint64_t>(position) * step);
    }
  }
  double value = std::get<double>(source.value) + static_cast<double>(position) * std::get<double>(source.step);
  if (source.last && position == source.last_position) value = *source.last;
  if constexpr (std::is_same_v<T, Half>)
    return to_half(static_cast<float>(value));
  else
    return static_cast<T>(value);
}

void count_up(const TileWalk& walk, const TileSource& source, const Stepper& stepper, std::byte* to) {
  const int last = walk.ndim - 1;
  const std::int64_t step = stepper.strides[last];
  visit_dtype(source.dtype, [&]<class Tag>(Tag) {
    using T = typename Tag::type;
    T* out = reinterpret_cast<T*>(to);
    for_each_row(walk, [&](const TileRow& row) {
      const std::int64_t at = row.offset(walk, stepper);
      for (std::int64_t i = 0; i < row.count; ++i) out[row.first + i] = range_value<T>(source, at + i * step);
    });
  });
}

}  // namespace

// Uniform doubles, the common case, are drawn without a detour.
class TileSources::Draws {
 public:
  Draws(const StreamSeed& seed, const TileSource& source, const BlockPlacement& placement) {
    const Distribution& distribution = *source.distribution;
    if (distribution.kind == DistributionKind::random && is_floating(distribution.dtype) &&
        distribution.dtype != DType::float16) {
      uniform_.emplace(seed, placement);
      is_double_ = distribution.dtype == DType::float64;
    } else {
      any_.emplace(seed, distribution, placement);
    }
  }

  void fill(void* out, std::int64_t n) {
    if (any_) return any_->fill(out, n);
    if (is_double_)
      uniform_->fill(static_cast<double*>(out), n);
    else
      uniform_->fill(static_cast<float*>(out), n);
  }

 private:
  std::optional<UniformStream> uniform_;
  std::optional<DrawStream> any_;
  bool is_double_ = true;
};

TileSources::TileSources(const CompiledTiles& compiled, Inputs inputs, const TileParams& params)
    : program_(compiled.program()) {
  arrays_.resize(program_.sources.size(), nullptr);
  draws_.resize(program_.sources.size());
  for (std::size_t i = 0; i < program_.sources.size(); ++i) {
    const TileSource& source = program_.sources[i];
    if (source.kind == SourceKind::block) {
      arrays_[i] = &inputs[source.input].as<NdArray>();
      PLAIT_CHECK(arrays_[i]->dtype() == source.dtype);
    } else if (source.kind == SourceKind::draw) {
      const BlockPlacement none;
      draws_[i] = std::make_unique<Draws>(params.seeds.at(source.input), source,
                                          params.placements.empty() ? none : params.placements.at(source.input));
    }
  }
}

TileSources::~TileSources() = default;

void TileSources::match_extents(Shape& shape) const {
  for (std::size_t i = 0; i < program_.sources.size(); ++i) {
    if (arrays_[i]) plait::match_extents(shape, *arrays_[i], program_.sources[i].axes);
  }
}

void TileSources::plan(TileWalk& walk, const Shape& start) const {
  for (std::size_t i = 0; i < program_.sources.size(); ++i) {
    Stepper& stepper = walk.steppers[i];
    const TileSource& source = program_.sources[i];
    if (source.kind == SourceKind::block) {
      for (int axis = 0; axis < walk.ndim; ++axis) {
        stepper.strides[axis] = source.axes[axis] < 0 ? 0 : arrays_[i]->strides()[source.axes[axis]];
      }
    } else if (source.kind == SourceKind::range) {
      stepper.strides[source.axis] = 1;
      stepper.at = start.at(source.axis);
    }
  }
}

int TileSources::transposed_axis(const TileWalk& walk) const {
  const int last = walk.ndim - 1;
  for (std::size_t i = 0; i < program_.sources.size(); ++i) {
    if (program_.sources[i].kind != SourceKind::block) continue;
    const Stepper& stepper = walk.steppers[i];
    const auto item = static_cast<std::int64_t>(item_size(program_.sources[i].dtype));
    if (stepper.strides[last] == item || stepper.strides[last] == 0) continue;
    for (int axis = 0; axis < last; ++axis) {
      if (stepper.strides[axis] == item) return axis;
    }
  }
  return -1;
}

void TileSources::plan_prefetch(const TileWalk& walk, bool by_rows) {
  // The hardware follows a row once it has seen a few lines of it, and stops at the end of a page.
  constexpr std::int64_t kShortRow = 32 * 1024;
  const int last = walk.ndim - 1;
  for (int axis = 0; axis < last; ++axis) {
    if (walk.tile_extents[axis] > 1) row_axis_ = axis;
  }
  for (std::size_t i = 0; last > 0 && i < program_.sources.size(); ++i) {
    if (program_.sources[i].kind != SourceKind::block) continue;
    const auto source = static_cast<std::uint16_t>(i);
    const Stepper& stepper = walk.steppers[i];
    const auto item = static_cast<std::int64_t>(item_size(program_.sources[i].dtype));
    const bool goes_on = stepper.strides[last] == item && stepper.strides[last - 1] == walk.extents[last] * item;
    if (walk.extents[last] * item > kShortRow || goes_on) continue;
    if (by_rows && row_axis_ >= 0 && has_rows(walk, source))
      prefetched_rows_.push_back(source);
    else
      prefetched_tiles_.push_back(source);
  }
}

void TileSources::prefetch_tile(const TileWalk& ahead) const {
  for (std::uint16_t source : prefetched_tiles_) {
    plait::prefetch_tile(ahead, ahead.steppers[source], arrays_[source]->bytes(),
                         item_size(program_.sources[source].dtype));
  }
}

void TileSources::prefetch_row(const TileWalk& walk, const TileRow& row) const {
  constexpr std::int64_t kRowsAhead = 8;
  for (std::uint16_t source : prefetched_rows_) {
    if (row.index[row_axis_] + kRowsAhead >= walk.tile[row_axis_]) return;
    const std::byte* ahead = this->row(walk, row, source) + kRowsAhead * walk.steppers[source].strides[row_axis_];
    prefetch_run(ahead, row.count * static_cast<std::int64_t>(item_size(program_.sources[source].dtype)));
  }
}

bool TileSources::has_rows(const TileWalk& walk, std::uint16_t number) const {
  const TileSource& source = program_.sources[number];
  return source.kind == SourceKind::block &&
         walk.steppers[number].strides[walk.ndim - 1] == static_cast<std::int64_t>(item_size(source.dtype));
}

const std::byte* TileSources::row(const TileWalk& walk, const TileRow& row, std::uint16_t number) const {
  return arrays_[number]->bytes() + row.offset(walk, walk.steppers[number]);
}

TileOperand TileSources::load(const TileWalk& walk, std::uint16_t number, std::byte* memory) {
  const TileSource& source = program_.sources[number];
  const Stepper& stepper = walk.steppers[number];
  const std::size_t item = item_size(source.dtype);
  switch (source.kind) {
    case SourceKind::block: {
      const std::byte* base = arrays_[number]->bytes();
      if (walk.is_contiguous(stepper, static_cast<std::int64_t>(item))) return {base + stepper.at, false};
      if (walk.is_still(stepper)) {
        repeat_element(base + stepper.at, item, memory, std::min(walk.num_elements, kConstantBlock));
        return {memory, true};
      }
      gather_tile(walk, stepper, base, memory, item);
      return {memory, false};
    }
    case SourceKind::range:
      count_up(walk, source, stepper, memory);
      return {memory, false};
    case SourceKind::draw:
      draw(number, memory, walk.num_elements);
      return {memory, false};
    case SourceKind::constant:
      break;
  }
  PLAIT_CHECK(false);
  return {};
}

void TileSources::draw(std::uint16_t source, std::byte* to, std::int64_t n) { draws_[source]->fill(to, n); }

}  // namespace plait
