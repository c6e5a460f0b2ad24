// Block operations of other families seen as tile programs, so that regions can absorb them.
#include "collections/array/creation.h"
#include "collections/array/fuse.h"
#include "collections/array/layout.h"
#include "collections/array/random_draw.h"

namespace plait {
namespace {

using RegionPtr = std::shared_ptr<const TileRegion>;

RegionPtr region_of(std::vector<ExprPtr> inputs, TileSource source, Chunks chunks, std::string_view label,
                    std::vector<StreamSeeds> seeds = {}) {
  TileProgram program;
  program.sources.push_back(std::move(source));
  return std::static_pointer_cast<const TileRegion>(make_expr<TileRegion>(
      std::move(inputs), std::move(program), std::move(chunks), std::string(label), std::move(seeds)));
}

ScalarValue scalar_value(const NdArray& scalar) {
  return visit_dtype(scalar.dtype(), [&]<class Tag>(Tag) -> ScalarValue {
    using T = typename Tag::type;
    if constexpr (std::is_same_v<T, Half>)
      return scalar.astype(DType::float64).item<double>();
    else if constexpr (std::is_same_v<T, bool>)
      return scalar.item<bool>();
    else if constexpr (std::is_unsigned_v<T>)
      return static_cast<std::uint64_t>(scalar.item<T>());
    else if constexpr (std::is_integral_v<T>)
      return static_cast<std::int64_t>(scalar.item<T>());
    else if constexpr (std::is_floating_point_v<T>)
      return static_cast<double>(scalar.item<T>());
    else
      return std::complex<double>(scalar.item<T>());
  });
}

RegionPtr region_of_fill(const Fill& fill) {
  return region_of({},
                   {.kind = SourceKind::constant, .dtype = fill.scalar().dtype(), .value = scalar_value(fill.scalar())},
                   fill.chunks, fill.op());
}

RegionPtr region_of_range(const Range& range) {
  TileSource source{.kind = SourceKind::range, .dtype = range.dtype};
  if (is_integer(range.dtype) && range.label == "arange") {
    source.value = range.integer_start;
    source.step = range.integer_step;
  } else {
    source.value = range.start;
    source.step = range.step;
  }
  source.last = range.last;
  source.last_position = array_meta(range.shared_from_this()).shape()[0] - 1;
  return region_of({}, std::move(source), range.chunks, range.op());
}

RegionPtr region_of_view(const ExprPtr& array, std::vector<int> axes, const Expr& node) {
  TileSource source{.kind = SourceKind::block, .dtype = array_meta(array).dtype()};
  source.axes = std::move(axes);
  return region_of({array}, std::move(source), static_cast<const ArrayMeta&>(node.meta()).chunks(), node.op());
}

bool is_one(const std::vector<std::int64_t>& blocks) { return blocks.size() == 1 && blocks[0] == 1; }

RegionPtr region_of_broadcast(const BroadcastTo& node) {
  const Chunks& from = array_meta(node.array).chunks();
  std::vector<int> axes(node.chunks.size(), -1);
  const std::size_t lead = node.chunks.size() - from.size();
  for (std::size_t axis = 0; axis < from.size(); ++axis) {
    if (from[axis] == node.chunks[axis + lead])
      axes[axis + lead] = static_cast<int>(axis);
    else if (!is_one(from[axis]))
      return nullptr;
  }
  return region_of_view(node.array, std::move(axes), node);
}

RegionPtr region_of_reshape(const ReshapeBlocks& node) {
  auto axes = node.kept_axes();
  return axes ? region_of_view(node.array, std::move(*axes), node) : nullptr;
}

// Whether numbers can be drawn tile by tile: one number a draw, none of which depends on all others.
bool draws_one_by_one(const Distribution& distribution) {
  if (values_per_draw(distribution) != 1) return false;
  return distribution.kind != DistributionKind::choice || distribution.replace;
}

RegionPtr region_of_draw(const RandomDraw& draw) {
  if (!draw.parameters.empty() || !draws_one_by_one(draw.distribution)) return nullptr;
  TileSource source{.kind = SourceKind::draw, .dtype = draw.distribution.dtype};
  source.distribution = draw.distribution;
  return region_of({}, std::move(source), draw.chunks, draw.op(), {draw.seeds});
}

}  // namespace

RegionPtr as_region(const ExprPtr& node) {
  SourceScope scope(node->source());
  if (auto region = std::dynamic_pointer_cast<const TileRegion>(node)) return region;
  if (const auto* fill = dynamic_cast<const Fill*>(node.get())) return region_of_fill(*fill);
  if (const auto* range = dynamic_cast<const Range*>(node.get())) return region_of_range(*range);
  if (const auto* draw = dynamic_cast<const RandomDraw*>(node.get())) return region_of_draw(*draw);
  if (const auto* broadcast = dynamic_cast<const BroadcastTo*>(node.get())) return region_of_broadcast(*broadcast);
  if (const auto* reshape = dynamic_cast<const ReshapeBlocks*>(node.get())) return region_of_reshape(*reshape);
  if (const auto* transpose = dynamic_cast<const Transpose*>(node.get())) {
    return region_of_view(transpose->array, std::vector<int>(transpose->axes.begin(), transpose->axes.end()), *node);
  }
  return nullptr;
}

}  // namespace plait
