// The members of the public Array.
#include "plait/array.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "collections/array/api/chunk_argument.h"
#include "collections/array/elementwise.h"
#include "collections/array/layout.h"
#include "collections/array/matmul.h"
#include "collections/array/rechunk.h"
#include "collections/array/reduction.h"
#include "collections/array/slicing.h"

namespace plait {
namespace {

IndexItem index_item(const AxisIndex& index) {
  if (const auto* part = std::get_if<SliceArgument>(&index.item()))
    return SliceItem{part->start, part->stop, part->step};
  if (const auto* position = std::get_if<std::int64_t>(&index.item())) return *position;
  if (const auto* positions = std::get_if<std::vector<std::int64_t>>(&index.item())) return PositionsItem{*positions};
  if (std::holds_alternative<NewAxis>(index.item())) return NewAxisItem{};
  return EllipsisItem{};
}

Array reduced(const Array& array, ReduceOp op, const ReducedAxes& axes, const Reduction& how, Location where) {
  const SourceScope scope = source_scope(where);
  return Array(reduce(op, array.expr(),
                      {.axes = axes.axes(),
                       .keepdims = how.keepdims,
                       .ddof = how.ddof,
                       .dtype = how.dtype,
                       .split_every = how.split_every}));
}

}  // namespace

NdArray Array::computed(const Value& value) { return value.as<NdArray>(); }

DType Array::dtype() const { return array_meta(expr_).dtype(); }
Shape Array::shape() const { return array_meta(expr_).shape(); }
int Array::ndim() const { return array_meta(expr_).ndim(); }
std::int64_t Array::size() const { return array_meta(expr_).is_known() ? num_elements(shape()) : kUnknownExtent; }
std::int64_t Array::num_bytes() const {
  return size() == kUnknownExtent ? kUnknownExtent : size() * static_cast<std::int64_t>(item_size(dtype()));
}
std::vector<std::vector<std::int64_t>> Array::chunks() const { return array_meta(expr_).chunks(); }
std::int64_t Array::npartitions() const { return expr_->meta().num_blocks(); }
std::string Array::name() const { return expr_->name(); }

Shape Array::chunksize() const {
  Shape largest;
  for (const auto& blocks : array_meta(expr_).chunks())
    largest.push_back(*std::max_element(blocks.begin(), blocks.end()));
  return largest;
}

NdArray Array::compute(const RunSettings& settings) const { return std::get<0>(compute_with(settings, *this)); }
Array Array::persist(const RunSettings& settings) const { return Array(detail::persist_plans({expr_}, settings)[0]); }

Array Array::operator[](std::initializer_list<AxisIndex> index) const {
  std::vector<IndexItem> items;
  for (const AxisIndex& item : index) items.push_back(index_item(item));
  return Array(get_item(expr_, items));
}

Array Array::get(const std::vector<AxisIndex>& index, Location where) const {
  const SourceScope scope = source_scope(where);
  std::vector<IndexItem> items;
  for (const AxisIndex& item : index) items.push_back(index_item(item));
  return Array(get_item(expr_, items));
}

Array Array::operator[](const Array& mask) const { return Array(select(expr_, mask.expr_)); }

Array Array::astype(DType dtype, Location where) const {
  const SourceScope scope = source_scope(where);
  return Array(plait::astype(expr_, dtype));
}

Array Array::rechunk(const ChunkArgument& chunks, Location where) const {
  const SourceScope scope = source_scope(where);
  const ArrayMeta& meta = array_meta(expr_);
  return Array(plait::rechunk(
      expr_, normalize_chunks("rechunk", chunk_spec(chunks), meta.shape(), meta.dtype(), &meta.chunks())));
}

Array Array::transpose(Location where) const {
  const SourceScope scope = source_scope(where);
  return Array(plait::transpose(expr_));
}

Array Array::transpose(const std::vector<int>& axes, Location where) const {
  const SourceScope scope = source_scope(where);
  return Array(plait::transpose(expr_, axes));
}

Array Array::swapaxes(int a, int b, Location where) const {
  const SourceScope scope = source_scope(where);
  return Array(plait::swapaxes(expr_, a, b));
}

Array Array::reshape(const Shape& shape, Location where) const {
  const SourceScope scope = source_scope(where);
  return Array(plait::reshape(expr_, shape));
}

Array Array::squeeze(Location where) const {
  const SourceScope scope = source_scope(where);
  return Array(plait::squeeze(expr_));
}

Array Array::expand_dims(int axis, Location where) const {
  const SourceScope scope = source_scope(where);
  return Array(plait::expand_dims(expr_, {axis}));
}

Array Array::broadcast_to(const Shape& shape, Location where) const {
  const SourceScope scope = source_scope(where);
  return Array(plait::broadcast_to(expr_, shape));
}

Array Array::sum(const ReducedAxes& axes, const Reduction& how, Location where) const {
  return reduced(*this, ReduceOp::sum, axes, how, where);
}
Array Array::prod(const ReducedAxes& axes, const Reduction& how, Location where) const {
  return reduced(*this, ReduceOp::prod, axes, how, where);
}
Array Array::mean(const ReducedAxes& axes, const Reduction& how, Location where) const {
  return reduced(*this, ReduceOp::mean, axes, how, where);
}
Array Array::var(const ReducedAxes& axes, const Reduction& how, Location where) const {
  return reduced(*this, ReduceOp::var, axes, how, where);
}
Array Array::std(const ReducedAxes& axes, const Reduction& how, Location where) const {
  return reduced(*this, ReduceOp::std, axes, how, where);
}
Array Array::min(const ReducedAxes& axes, const Reduction& how, Location where) const {
  return reduced(*this, ReduceOp::min, axes, how, where);
}
Array Array::max(const ReducedAxes& axes, const Reduction& how, Location where) const {
  return reduced(*this, ReduceOp::max, axes, how, where);
}
Array Array::any(const ReducedAxes& axes, const Reduction& how, Location where) const {
  return reduced(*this, ReduceOp::any, axes, how, where);
}
Array Array::all(const ReducedAxes& axes, const Reduction& how, Location where) const {
  return reduced(*this, ReduceOp::all, axes, how, where);
}
Array Array::argmin(const ReducedAxes& axis, const Reduction& how, Location where) const {
  return reduced(*this, ReduceOp::argmin, axis, how, where);
}
Array Array::argmax(const ReducedAxes& axis, const Reduction& how, Location where) const {
  return reduced(*this, ReduceOp::argmax, axis, how, where);
}

Array Array::dot(const Operand& other) const { return matmul(Operand(*this, other.where()), other); }

std::ostream& operator<<(std::ostream& out, const Array& array) {
  const auto text = [](const Shape& extents) {
    std::string shown = to_string(extents);
    for (auto at = shown.find("-1"); at != std::string::npos; at = shown.find("-1")) shown.replace(at, 2, "nan");
    return shown;
  };
  return out << fmt::format("plait.array<{}, shape={}, dtype={}, chunksize={}>", array.expr()->op(),
                            text(array.shape()), name(array.dtype()), text(array.chunksize()));
}

}  // namespace plait
