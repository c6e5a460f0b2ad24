#include "kernels/array/gather.h"

#include <fmt/format.h>

#include <cstring>

#include "base/check.h"

namespace plait {
namespace {

Value gather(Inputs inputs, const GatherParams& params, const TaskContext& context) {
  NdArray out = context.output(params.dtype, params.shape);
  for (const Piece& piece : params.pieces) {
    context.check_cancelled();
    NdArray place = out;
    for (std::size_t axis = 0; axis < piece.to.size(); ++axis) {
      place = place.sliced(static_cast<int>(axis), piece.to[axis], piece.from[axis].count);
    }
    place.assign(view_of(inputs[piece.input].as<NdArray>(), piece.from));
  }
  return Value::of(std::move(out));
}

Value take(Inputs inputs, const TakeParams& params, const TaskContext& context) {
  NdArray out = context.output(params.dtype, params.shape);
  for (const TakePart& part : params.parts) {
    const auto& from = inputs[part.input].as<NdArray>();
    for (std::size_t i = 0; i < part.from.size(); ++i) {
      context.check_cancelled();
      out.sliced(params.axis, part.to[i], 1).assign(from.sliced(params.axis, part.from[i], 1));
    }
  }
  return Value::of(std::move(out));
}

Value select(Inputs inputs, const TaskContext&) {
  const NdArray from = inputs[0].as<NdArray>().contiguous();
  const NdArray mask = inputs[1].as<NdArray>().contiguous();
  PLAIT_CHECK(from.shape() == mask.shape());
  const bool* wanted = mask.data<bool>();
  std::int64_t count = 0;
  for (std::int64_t i = 0; i < mask.size(); ++i) count += wanted[i];

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

Value look_up(Inputs inputs, const TaskContext& context) {
  const NdArray from = inputs[0].as<NdArray>().contiguous();
  const NdArray positions = inputs[1].as<NdArray>().astype(DType::int64).contiguous();
  const std::int64_t* at = positions.data<std::int64_t>();
  NdArray out = NdArray::empty(from.dtype(), positions.shape());
  const std::size_t size = item_size(from.dtype());
  std::byte* to = out.mutable_bytes();
  for (std::int64_t i = 0; i < positions.size(); ++i, to += size) {
    if ((i & 0xffff) == 0) context.check_cancelled();
    const std::int64_t position = at[i] < 0 ? at[i] + from.size() : at[i];
    if (position < 0 || position >= from.size()) {
      throw index_error(fmt::format("index {} is out of bounds for axis 0 with size {}", at[i], from.size()));
    }
    std::memcpy(to, from.bytes() + static_cast<std::size_t>(position) * size, size);
  }
  return Value::of(std::move(out));
}

}  // namespace

const Kernel* gather_kernel() {
  static const Kernel* kernel = register_kernel(
      make_kernel<GatherParams>("gather", "One block pasted together from slices of other blocks.", gather));
  return kernel;
}

const Kernel* take_kernel() {
  static const Kernel* kernel =
      register_kernel(make_kernel<TakeParams>("take", "Chosen positions of several blocks along one axis.", take));
  return kernel;
}

const Kernel* select_kernel() {
  static const Kernel* kernel = register_kernel(make_kernel("select", "The elements of a block under a mask.", select));
  return kernel;
}

const Kernel* look_up_kernel() {
  static const Kernel* kernel =
      register_kernel(make_kernel("look_up", "The elements of a block at the positions of another.", look_up));
  return kernel;
}

void register_gather_kernels() {
  gather_kernel();
  take_kernel();
  select_kernel();
  look_up_kernel();
}

}  // namespace plait
