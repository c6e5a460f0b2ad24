// Public functions on diagonals, pads and named axes.
#include <fmt/format.h>

#include "collections/array/api/arguments.h"
#include "collections/array/contract.h"
#include "collections/array/diagonal.h"
#include "collections/array/pad.h"
#include "collections/array/rechunk.h"
#include "plait/array/diagonal.h"
#include "plait/array/pad.h"
#include "plait/array/products.h"

namespace plait {
namespace {

// One entry an axis: those given, or the only one for all.
template <class T>
PadPairs<T> each_axis(const BeforeAfter<T>& given, std::string_view argument, int ndim) {
  const auto count = static_cast<std::size_t>(ndim);
  if (given.size() == count) return given;
  if (given.size() == 1) return PadPairs<T>(count, given[0]);
  throw value_error(
      fmt::format("pad: {} has {} entries, expected one, or one for each of {} axes", argument, given.size(), ndim));
}

ScalarValue number_of(const Operand& operand) {
  if (operand.is_number()) return operand.number();
  throw value_error("pad: a value is an array, expected a number");
}

}  // namespace

Array diagonal(const Array& array, std::int64_t offset, int axis1, int axis2, Location where) {
  const SourceScope scope = source_scope(where);
  return Array(diagonal(array.expr(), offset, axis1, axis2));
}

Array trace(const Array& array, std::int64_t offset, int axis1, int axis2, std::optional<DType> dtype, Location where) {
  const SourceScope scope = source_scope(where);
  return Array(trace(array.expr(), offset, axis1, axis2, dtype));
}

Array diag(const Array& array, std::int64_t k, Location where) {
  const SourceScope scope = source_scope(where);
  return Array(diag(array.expr(), k));
}

namespace {

// The array without the blocks that have no element: what is done element by element merges them away where an extent
// is one, and the pieces of a padded array must agree.
ExprPtr without_empty_blocks(const ExprPtr& array) {
  Chunks chunks = array_meta(array).chunks();
  for (auto& blocks : chunks) {
    std::erase(blocks, 0);
    if (blocks.empty()) blocks = {0};
  }
  return chunks == array_meta(array).chunks() ? array : rechunk(array, std::move(chunks));
}

}  // namespace

Array pad(const Array& array, const BeforeAfter<std::int64_t>& widths, const std::string& mode, const Padding& how,
          Location where) {
  const SourceScope scope = source_scope(where);
  const int ndim = array.ndim();
  PadOptions options{.is_odd = how.is_odd};
  const BeforeAfter<Operand> zero = {{Operand(0, where), Operand(0, where)}};
  for (const auto& [before, after] : each_axis(how.values.empty() ? zero : how.values, "values", ndim))
    options.values.push_back({number_of(before), number_of(after)});
  if (!how.stat_length.empty()) options.stat_length = each_axis(how.stat_length, "stat_length", ndim);
  return Array(
      pad(without_empty_blocks(array.expr()), each_axis(widths, "pad_width", ndim), parse_pad_mode(mode), options));
}

Array tensordot(const Array& a, const Array& b, const std::vector<int>& axes_of_a, const std::vector<int>& axes_of_b,
                Location where) {
  const SourceScope scope = source_scope(where);
  return Array(tensordot(a.expr(), b.expr(), axes_of_a, axes_of_b));
}

Array einsum(const std::string& subscripts, const std::vector<Array>& operands, const Einsum& how, Location where) {
  const SourceScope scope = source_scope(where);
  return Array(einsum(subscripts, exprs_of(operands), how.dtype, how.optimize));
}

}  // namespace plait
