#include "plait/array/store.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/function.h"
#include "collections/array/api/arguments.h"
#include "collections/array/slicing.h"
#include "collections/array/store_blocks.h"
#include "collections/start.h"

namespace plait {
namespace {

const SliceArgument& slice_of(const AxisIndex& index) {
  const auto* item = std::get_if<SliceArgument>(&index.item());
  if (!item || item->step.value_or(1) < 1) throw value_error("store: a region is made of slices forwards, one an axis");
  return *item;
}

// A slice of a target whose extent nobody knows. Without an end there is room for `extent` elements.
Span open_span(const SliceArgument& slice, std::int64_t extent) {
  const std::int64_t start = slice.start.value_or(0), step = slice.step.value_or(1);
  if (start < 0 || slice.stop.value_or(0) < 0)
    throw value_error("store: a region that counts from the end needs a target whose shape is known");
  if (!slice.stop) return {start, extent, step};
  return {start, (std::max(*slice.stop - start, std::int64_t{0}) + step - 1) / step, step};
}

Spans region_of(const Shape& shape, const StoreOptions& how) {
  if (how.region.size() != shape.size()) {
    throw value_error(fmt::format("store: the region has {} slices, but the array has {} axes; give one an axis",
                                  how.region.size(), shape.size()));
  }
  Spans spans;
  for (std::size_t axis = 0; axis < shape.size(); ++axis)
    spans.push_back(open_span(slice_of(how.region[axis]), shape[axis]));
  return spans;
}

Spans region_within(const Shape& target_shape, const StoreOptions& how) {
  for (const AxisIndex& index : how.region) slice_of(index);
  Chunks chunks;
  for (const std::int64_t extent : target_shape) chunks.push_back({extent});
  return resolve_index(index_items(how.region), ArrayMeta(DType::bool_, std::move(chunks))).spans;
}

// Where the array's elements belong. Those of the whole target, if there is no region.
Spans place_of(const Shape& shape, const StoreOptions& how) {
  Spans spans;
  if (!how.region.empty()) {
    spans = how.target_shape ? region_within(*how.target_shape, how) : region_of(shape, how);
  } else {
    for (const std::int64_t extent : how.target_shape.value_or(shape)) spans.push_back({0, extent, 1});
  }
  Shape room;
  for (const Span& span : spans) room.push_back(span.count);
  if (room == shape) return spans;
  throw value_error(
      how.region.empty()
          ? fmt::format("store: the array has shape {}, but the target has {}; give a region (regions=) "
                        "for a part",
                        to_string(shape), to_string(room))
          : fmt::format("store: the array has shape {}, but the region has {}", to_string(shape), to_string(room)));
}

Array stored(const Array& array, Shared<Value> target, const Token& identity, const StoreOptions& how) {
  if (!array_meta(array.expr()).is_known())
    throw value_error("store: the array has blocks of unknown extent; call compute_chunk_sizes() first");
  Spans region = place_of(array.shape(), how);
  return Array(make_expr<StoreBlocks>(array.expr(), std::move(target), identity, std::move(region))).all();
}

}  // namespace

BlockTarget BlockTarget::registered(const std::string& name, Write write) {
  BlockTarget target(name, std::move(write));
  Function::registered(name, target_runner(target.write_));
  target.is_registered_ = true;
  return target;
}

Array lazy_store(const Array& array, const BlockTarget& target, const StoreOptions& how, Location where) {
  start();
  const SourceScope scope = source_scope(where);
  if (target.is_registered()) {
    const Shared<Value> function(Value::of(Function::named(target.name())));
    return stored(array, function, tokenize("function", target.name()), how);
  }
  const Token identity = unique_token();
  const Function function(target.name(), target_runner(target.write()));
  return stored(array, Shared<Value>(Value::of(function), identity), identity, how);
}

Array detail::lazy_store(const Array& array, const Value& target, const StoreOptions& how, Location where) {
  const SourceScope scope = source_scope(where);
  const Shared<Value> function(target);
  return stored(array, function, function.token(), how);
}

void store(const Array& array, const BlockTarget& target, const StoreOptions& how, const RunSettings& settings,
           Location where) {
  lazy_store(array, target, how, where).compute(settings);
}

}  // namespace plait
