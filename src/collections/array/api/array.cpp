// The members of the public Array.
#include "plait/array/array.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <ostream>

#include "base/check.h"
#include "base/elsewhere.h"
#include "collections/array/api/arguments.h"
#include "collections/array/creation.h"
#include "collections/array/layout.h"
#include "collections/array/rechunk.h"
#include "graph/graph.h"
#include "plait/array/elementwise.h"
#include "plait/array/products.h"
#include "plait/array/reductions.h"

namespace plait {
namespace {

std::int64_t median_of(std::vector<std::int64_t> extents) {
  std::ranges::sort(extents);
  const std::size_t half = extents.size() / 2;
  return extents.size() % 2 != 0 ? extents[half] : (extents[half - 1] + extents[half]) / 2;
}

// As many blocks of nearly one extent, or one fewer where the smallest is at most half of the largest. They stay as
// they are where the extent would have to be further from the median than half of it.
std::vector<std::int64_t> balanced(std::vector<std::int64_t> blocks) {
  if (blocks.size() < 2 || std::ranges::find(blocks, kUnknownExtent) != blocks.end()) return blocks;
  const std::int64_t total = std::accumulate(blocks.begin(), blocks.end(), std::int64_t{0});
  if (total == 0) return blocks;
  const auto [smallest, largest] = std::ranges::minmax(blocks);
  const std::int64_t count = std::ssize(blocks) - (2 * smallest <= largest ? 1 : 0);
  const std::int64_t median = median_of(blocks);
  // Of the extents that make so many blocks the least makes them most alike.
  const std::int64_t extent = std::max((total + count - 1) / count, median - median / 2);
  if (extent > median + median / 2 || (total + extent - 1) / extent != count) return blocks;
  std::vector<std::int64_t> even(static_cast<std::size_t>(total / extent), extent);
  if (total % extent != 0) even.push_back(total % extent);
  return even;
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

Array Array::with_known_chunks(const RunSettings& settings) const {
  if (array_meta(expr_).is_known()) return *this;
  const Array kept = persist(settings);
  const auto grid = kept.expr()->meta().grid();
  Chunks chunks = array_meta(kept.expr()).chunks();
  for (std::int64_t block = 0; block < kept.npartitions(); ++block) {
    const BlockTask task = kept.expr()->block_task(block);
    const Value* value = literal_kernel.params_of(task.call);
    PLAIT_CHECK(value != nullptr);
    const Value here = opened(*value);
    const Shape& shape = here.as<NdArray>().shape();
    const auto index = unravel(block, grid);
    for (std::size_t axis = 0; axis < chunks.size(); ++axis) chunks[axis][index[axis]] = shape[axis];
  }
  return Array(plait::with_known_chunks(kept.expr(), std::move(chunks)));
}

Array Array::operator[](std::initializer_list<AxisIndex> index) const {
  return Array(get_item(expr_, index_items(index)));
}

Array Array::get(const std::vector<AxisIndex>& index, Location where) const {
  const SourceScope scope = source_scope(where);
  return Array(get_item(expr_, index_items(index)));
}

Array Array::operator[](const Array& mask) const { return Array(select(expr_, mask.expr_)); }

Array Array::astype(DType dtype, Location where) const {
  const SourceScope scope = source_scope(where);
  return Array(plait::astype(expr_, dtype));
}

Array Array::rechunk(const ChunkArgument& chunks, bool balance, Location where) const {
  const SourceScope scope = source_scope(where);
  const ArrayMeta& meta = array_meta(expr_);
  Chunks wanted = plait::normalize_chunks(chunks, meta.shape(), meta.dtype(), &meta.chunks(), "rechunk");
  if (balance) {
    for (auto& blocks : wanted) blocks = balanced(std::move(blocks));
  }
  return Array(plait::rechunk(expr_, std::move(wanted)));
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

Array Array::squeeze(const std::vector<int>& axes, Location where) const {
  const SourceScope scope = source_scope(where);
  return Array(plait::squeeze(expr_, axes));
}

Array Array::expand_dims(const std::vector<int>& axes, Location where) const {
  const SourceScope scope = source_scope(where);
  return Array(plait::expand_dims(expr_, axes));
}

Array Array::broadcast_to(const Shape& shape, Location where) const {
  const SourceScope scope = source_scope(where);
  return Array(plait::broadcast_to(expr_, shape));
}

Array Array::sum(const ReducedAxes& axes, const Reduction& how, Location where) const {
  return reduce("sum", *this, axes, how, where);
}
Array Array::prod(const ReducedAxes& axes, const Reduction& how, Location where) const {
  return reduce("prod", *this, axes, how, where);
}
Array Array::mean(const ReducedAxes& axes, const Reduction& how, Location where) const {
  return reduce("mean", *this, axes, how, where);
}
Array Array::var(const ReducedAxes& axes, const Reduction& how, Location where) const {
  return reduce("var", *this, axes, how, where);
}
Array Array::std(const ReducedAxes& axes, const Reduction& how, Location where) const {
  return reduce("std", *this, axes, how, where);
}
Array Array::min(const ReducedAxes& axes, const Reduction& how, Location where) const {
  return reduce("min", *this, axes, how, where);
}
Array Array::max(const ReducedAxes& axes, const Reduction& how, Location where) const {
  return reduce("max", *this, axes, how, where);
}
Array Array::any(const ReducedAxes& axes, const Reduction& how, Location where) const {
  return reduce("any", *this, axes, how, where);
}
Array Array::all(const ReducedAxes& axes, const Reduction& how, Location where) const {
  return reduce("all", *this, axes, how, where);
}
Array Array::argmin(const ReducedAxes& axis, const Reduction& how, Location where) const {
  return reduce("argmin", *this, axis, how, where);
}
Array Array::argmax(const ReducedAxes& axis, const Reduction& how, Location where) const {
  return reduce("argmax", *this, axis, how, where);
}

Array Array::dot(const Operand& other) const { return plait::dot(Operand(*this, other.where()), other); }
Array Array::clip(const OptionalOperand& low, const OptionalOperand& high) const {
  return plait::clip(Operand(*this, low.where()), low, high);
}
Array Array::round(int decimals, Location where) const { return plait::round(Operand(*this, where), decimals); }

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
