#include "collections/array/api/arguments.h"

#include <fmt/format.h>

#include "collections/array/creation.h"
#include "collections/array/limits.h"
#include "collections/array/rechunk.h"
#include "collections/start.h"
#include "plait/array/creation.h"

namespace plait {
namespace {

AxisChunks axis_chunks(const AxisExtents& extents) {
  if (extents.keeps()) return KeepAxis{};
  if (extents.lists_blocks()) return extents.extents();
  if (extents.extents().empty()) return parse_axis_chunks(extents.text());
  if (extents.extents()[0] == -1) return WholeAxis{};
  return extents.extents()[0];
}

IndexItem index_item(const AxisIndex& index) {
  if (const auto* part = std::get_if<SliceArgument>(&index.item()))
    return SliceItem{part->start, part->stop, part->step};
  if (const auto* position = std::get_if<std::int64_t>(&index.item())) return *position;
  if (const auto* positions = std::get_if<std::vector<std::int64_t>>(&index.item())) return PositionsItem{*positions};
  if (const auto* mask = std::get_if<std::vector<bool>>(&index.item())) return MaskItem{*mask};
  if (const auto* lazy = std::get_if<AxisIndex::Lazy>(&index.item())) return LazyItem{*lazy};
  if (std::holds_alternative<NewAxis>(index.item())) return NewAxisItem{};
  return EllipsisItem{};
}

ScalarValue scalar_of(const NdArray& array) {
  const NdArray one = array.contiguous();
  if (is_bool(one.dtype())) return *one.data<bool>();
  if (is_unsigned_integer(one.dtype())) return *one.astype(DType::uint64).data<std::uint64_t>();
  if (is_integer(one.dtype())) return *one.astype(DType::int64).data<std::int64_t>();
  if (is_floating(one.dtype())) return *one.astype(DType::float64).data<double>();
  return *one.astype(DType::complex128).data<std::complex<double>>();
}

}  // namespace

ChunkArgument ChunkArgument::same_everywhere(AxisExtents extents) {
  ChunkArgument argument;
  argument.axes_ = {std::move(extents)};
  return argument;
}

ChunkArgument ChunkArgument::per_axis(std::vector<AxisExtents> axes) {
  ChunkArgument argument;
  argument.axes_ = std::move(axes);
  argument.same_everywhere_ = false;
  return argument;
}

ChunkArgument ChunkArgument::by_axis(std::map<int, AxisExtents> axes) {
  ChunkArgument argument = per_axis({});
  argument.by_axis_ = true;
  for (auto& [axis, extents] : axes) {
    argument.named_.push_back(axis);
    argument.axes_.push_back(std::move(extents));
  }
  return argument;
}

ChunkSpec chunk_spec(const ChunkArgument& argument) {
  if (argument.is_same_everywhere()) return axis_chunks(argument.axes()[0]);
  if (argument.is_by_axis()) {
    std::map<int, AxisChunks> named;
    for (std::size_t i = 0; i < argument.axes().size(); ++i)
      named[argument.named_axes()[i]] = axis_chunks(argument.axes()[i]);
    return named;
  }
  std::vector<AxisChunks> axes;
  for (const AxisExtents& extents : argument.axes()) axes.push_back(axis_chunks(extents));
  return axes;
}

Chunks new_chunks(const std::string& what, const Shape& shape, const ChunkArgument& chunks, DType dtype) {
  check_shape(what, shape, dtype);
  return normalize_chunks(what, chunk_spec(chunks), shape, dtype);
}

ChunkArgument ChunkArgument::with_block_size(const std::string& size) const {
  ChunkArgument argument = *this;
  for (AxisExtents& extents : argument.axes_) {
    if (extents.text() == "auto") extents = AxisExtents(size);
  }
  return argument;
}

Chunks normalize_chunks(const ChunkArgument& chunks, const Shape& shape, DType dtype, const Chunks* previous,
                        const std::string& what) {
  return normalize_chunks(what, chunk_spec(chunks), shape, dtype, previous);
}

Chunks common_chunks(const std::vector<Chunks>& all, const std::string& what) {
  return common_chunks(std::string_view(what), all);
}

Operand::Operand(const Array& array, Location where) : expr_(array.expr()), where_(where) {}
Operand::Operand(const NdArray& array, Location where) : where_(where) {
  if (array.ndim() != 0) {
    expr_ = from_array(array, {}, where).expr();
  } else {
    number_ = scalar_of(array);
    dtype_ = array.dtype();
  }
}

ElementArgument element_argument(const Operand& operand) {
  if (operand.expr()) return operand.expr();
  if (operand.dtype()) return {ScalarValue(operand.number()), *operand.dtype()};
  ElementArgument weak{ScalarValue(operand.number())};
  weak.is_beyond_64_bits = operand.is_beyond_64_bits();
  return weak;
}

void check_within_64_bits(const Operand& operand) {
  if (!operand.is_beyond_64_bits()) return;
  throw overflow_error(fmt::format("the integer {} does not fit 64 bits; arrays hold integers of at most 64 bits",
                                   std::get<double>(operand.number())));
}

Array as_array(const Operand& operand) {
  if (operand.expr()) return Array(operand.expr());
  start();
  check_within_64_bits(operand);
  const DType dtype = operand.dtype().value_or(dtype_of_scalar(operand.number()));
  NdArray scalar = NdArray::empty(dtype, {});
  store_scalar(operand.number(), dtype, scalar.mutable_bytes());
  return Array(from_array(scalar, Chunks{}));
}

Operand typed(const Array& array, std::int64_t number) { return Operand(Operand::Number(number), array.dtype()); }

AxisIndex::AxisIndex(const Array& chosen) : item_(chosen.expr()) {}
AxisIndex::AxisIndex(const NdArray& chosen) {
  if (!is_bool(chosen.dtype()) && !is_integer(chosen.dtype()))
    throw index_error(
        fmt::format("an array of dtype {} is no index; expected integers or booleans", name(chosen.dtype())));
  if (chosen.ndim() > 1 || (chosen.ndim() == 0 && is_bool(chosen.dtype()))) {
    item_ = from_array(chosen).expr();
    return;
  }
  const NdArray listed = (is_bool(chosen.dtype()) ? chosen : chosen.astype(DType::int64)).contiguous();
  if (is_bool(chosen.dtype()))
    item_ = std::vector<bool>(listed.data<bool>(), listed.data<bool>() + listed.size());
  else if (chosen.ndim() == 0)
    item_ = *listed.data<std::int64_t>();
  else
    item_ = std::vector(listed.data<std::int64_t>(), listed.data<std::int64_t>() + listed.size());
}

std::vector<IndexItem> index_items(const std::vector<AxisIndex>& index) {
  std::vector<IndexItem> items;
  for (const AxisIndex& one : index) items.push_back(index_item(one));
  return items;
}

std::vector<ExprPtr> exprs_of(const std::vector<Array>& arrays) {
  std::vector<ExprPtr> exprs;
  for (const Array& array : arrays) exprs.push_back(array.expr());
  return exprs;
}

}  // namespace plait
