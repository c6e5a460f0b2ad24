#include "kernels/array/gather.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace plait {
namespace {

Value gather(Inputs inputs, const GatherParams& params, const TaskContext& context) {
  Shape shape = params.shape;
  const std::vector<int> unknown = unknown_axes(shape);
  for (const Piece& piece : params.pieces) match_extents(shape, inputs[piece.input].as<NdArray>(), unknown);
  NdArray out = context.output(params.dtype, shape);
  for (const Piece& piece : params.pieces) {
    context.check_cancelled();
    NdArray place = out;
    for (std::size_t axis = 0; axis < piece.to.size(); ++axis) {
      if (piece.from[axis].count == kUnknownExtent) continue;
      place = place.sliced(static_cast<int>(axis), piece.to[axis], piece.from[axis].count);
    }
    place.assign(view_of(inputs[piece.input].as<NdArray>(), piece.from));
  }
  return Value::of(std::move(out));
}

Value take(Inputs inputs, const TakeParams& params, const TaskContext& context) {
  Shape shape = params.shape;
  const std::vector<int> unknown = unknown_axes(shape);
  for (const Value& input : inputs) match_extents(shape, input.as<NdArray>(), unknown);
  NdArray out = context.output(params.dtype, shape);
  for (const TakePart& part : params.parts) {
    const auto& from = inputs[part.input].as<NdArray>();
    for (std::size_t i = 0; i < part.from.size(); ++i) {
      context.check_cancelled();
      out.sliced(params.axis, part.to[i], 1).assign(from.sliced(params.axis, part.from[i], 1));
    }
  }
  return Value::of(std::move(out));
}

Value paste(Inputs inputs, const PasteParams& params, const TaskContext& context) {
  const auto& block = inputs[0].as<NdArray>();
  NdArray out = context.output(block.dtype(), block.shape());
  out.assign(block);
  NdArray place = view_of(out, params.spans);
  place.assign(inputs[1].as<NdArray>());
  return Value::of(std::move(out));
}

// The number of true elements; throws Error(index) where the mask has another shape than what it is a mask for.
std::int64_t count_wanted(const NdArray& mask, const Shape& shape) {
  if (mask.shape() != shape) {
    throw index_error(fmt::format("a block of the mask has shape {}, but what it selects from has {}",
                                  to_string(mask.shape()), to_string(shape)));
  }
  const bool* wanted = mask.data<bool>();
  return std::count(wanted, wanted + mask.size(), true);
}

Value select(Inputs inputs, const TaskContext&) {
  const NdArray from = inputs[0].as<NdArray>().contiguous();
  const NdArray mask = inputs[1].as<NdArray>().contiguous();
  const std::int64_t count = count_wanted(mask, from.shape());
  const bool* wanted = mask.data<bool>();

  NdArray out = NdArray::empty(from.dtype(), {count});
  visit_dtype(from.dtype(), [&]<class Tag>(Tag) {
    using T = typename Tag::type;
    const T* values = from.data<T>();
    T* to = out.mutable_data<T>();
    // Every element is written and only the wanted ones are stepped over: no branch that a random mask would mislead.
    for (std::int64_t i = 0, at = 0; at < count; ++i) {
      to[at] = values[i];
      at += wanted[i];
    }
  });
  return Value::of(std::move(out));
}

Value select_along(Inputs inputs, const SelectAlongParams& params, const TaskContext& context) {
  const auto& from = inputs[0].as<NdArray>();
  const NdArray mask = inputs[1].as<NdArray>().contiguous();
  Shape shape = from.shape();
  shape[params.axis] = count_wanted(mask, {shape[params.axis]});
  NdArray out = NdArray::empty(from.dtype(), shape);
  const bool* wanted = mask.data<bool>();
  std::int64_t to = 0;
  for (std::int64_t first = 0; first < mask.size();) {
    context.check_cancelled();
    // Neighbours that are wanted go together.
    std::int64_t end = first;
    while (end < mask.size() && wanted[end]) ++end;
    if (end > first) {
      out.sliced(params.axis, to, end - first).assign(from.sliced(params.axis, first, end - first));
      to += end - first;
    }
    first = end + 1;
  }
  return Value::of(std::move(out));
}

// A position along an axis, counted from its start.
std::int64_t checked_place(std::int64_t position, int axis, std::int64_t extent) {
  const std::int64_t place = position < 0 ? position + extent : position;
  if (place < 0 || place >= extent)
    throw index_error(fmt::format("index {} is out of bounds for axis {} with size {}", position, axis, extent));
  return place;
}

Value look_up(Inputs inputs, const LookUpParams& params, const TaskContext& context) {
  const NdArray from = inputs[0].as<NdArray>().contiguous();
  const NdArray positions = inputs[1].as<NdArray>().astype(DType::int64).contiguous();
  const std::int64_t* at = positions.data<std::int64_t>();
  const std::int64_t extent = from.shape()[params.axis];
  Shape shape(from.shape().begin(), from.shape().begin() + params.axis);
  const std::int64_t num_outer = num_elements(shape);
  shape.insert(shape.end(), positions.shape().begin(), positions.shape().end());
  const Shape behind(from.shape().begin() + params.axis + 1, from.shape().end());
  shape.insert(shape.end(), behind.begin(), behind.end());
  NdArray out = NdArray::empty(from.dtype(), shape);
  // Elements that follow each other behind the axis go together: none in an empty block.
  const std::size_t row = static_cast<std::size_t>(num_elements(behind)) * item_size(from.dtype());
  std::byte* to = out.mutable_bytes();
  for (std::int64_t outer = 0; outer < num_outer; ++outer) {
    const std::byte* rows = from.bytes() + static_cast<std::size_t>(outer * extent) * row;
    for (std::int64_t i = 0; i < positions.size(); ++i, to += row) {
      if ((i & 0xffff) == 0) context.check_cancelled();
      const std::int64_t position = checked_place(at[i], params.axis, extent);
      std::memcpy(to, rows + static_cast<std::size_t>(position) * row, row);
    }
  }
  return Value::of(std::move(out));
}

Value number_places(Inputs inputs, const NumberPlacesParams& params, const TaskContext& context) {
  NdArray out = context.output(DType::int64, {params.extent});
  auto* numbers = out.mutable_data<std::int64_t>();
  std::fill_n(numbers, params.extent, -1);
  std::int64_t count = 0;
  for (const Value& input : inputs) {
    context.check_cancelled();
    const NdArray positions = input.as<NdArray>().astype(DType::int64).contiguous();
    for (std::int64_t i = 0; i < positions.size(); ++i)
      numbers[checked_place(positions.data<std::int64_t>()[i], params.axis, params.extent)] = count++;
  }
  if (params.num_expected != kUnknownExtent && params.num_expected != count) {
    throw value_error(fmt::format("the value has {} elements along axis {}, but {} are to be set there",
                                  params.num_expected, params.axis, count));
  }
  return Value::of(std::move(out));
}

}  // namespace

void register_gather_kernels() {
  define(gather_kernel, "One block pasted together from slices of other blocks.", gather);
  define(take_kernel, "Chosen positions of several blocks along one axis.", take);
  define(paste_kernel, "A block with some of its elements replaced.", paste);
  define(select_kernel, "The elements of a block under a mask.", select);
  define(select_along_kernel, "The rows of a block, along one axis, under a mask of that axis.", select_along);
  define(look_up_kernel, "What stands in a block at the positions of another.", look_up);
  define(number_places_kernel, "Which of the positions of an index names each place of an axis.", number_places);
}

}  // namespace plait
