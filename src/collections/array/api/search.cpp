// Public functions on conditions, and assignment.
#include "plait/array/search.h"

#include <fmt/format.h>

#include "collections/array/api/arguments.h"
#include "collections/array/assignment.h"
#include "collections/array/creation.h"
#include "collections/array/layout.h"
#include "collections/array/rechunk.h"
#include "collections/array/slicing.h"
#include "plait/array/assignment.h"
#include "plait/array/elementwise.h"
#include "plait/array/layout.h"

namespace plait {
namespace {

Array is_not_zero(const Array& array) { return is_bool(array.dtype()) ? array : array != typed(array, 0); }

// The index along one axis of every element, in the array's chunks.
ExprPtr indices_along(const Array& array, int axis) {
  const Chunks& chunks = array_meta(array.expr()).chunks();
  Shape line(chunks.size(), 1);
  line[axis] = array.shape()[axis];
  const ExprPtr numbers = reshape(arange(std::int64_t{0}, 1, DType::int64, {chunks[axis]}), line);
  return rechunk(broadcast_to(numbers, array.shape()), chunks);
}

// The common type of the choices.
DType common_dtype(const std::vector<Operand>& choices) {
  Operand sum = choices[0];
  for (std::size_t i = 1; i < choices.size(); ++i) sum = plait::where(Array(as_array(Operand(true))), sum, choices[i]);
  return as_array(sum).dtype();
}

}  // namespace

std::vector<Array> nonzero(const Array& array, Location where) {
  const SourceScope scope = source_scope(where);
  if (array.ndim() == 0) throw value_error("nonzero: the array has no axes; use reshape to give it one");
  if (!array_meta(array.expr()).is_known()) {
    throw value_error(
        "nonzero: an extent of the array is not known before it is computed; call compute_chunk_sizes() first");
  }
  const Array mask = is_not_zero(array);
  std::vector<Array> found;
  for (int axis = 0; axis < array.ndim(); ++axis) found.emplace_back(select(indices_along(array, axis), mask.expr()));
  return found;
}

Array argwhere(const Array& array, Location where) {
  const SourceScope scope = source_scope(where);
  return stack(nonzero(array), 1);
}

Array flatnonzero(const Array& array, Location where) {
  const SourceScope scope = source_scope(where);
  return nonzero(array.ravel())[0];
}

Array extract(const Array& condition, const Array& array, Location where) {
  const SourceScope scope = source_scope(where);
  const Array flat = array.ravel();
  const Array chosen = is_not_zero(condition).ravel();
  // A shorter condition says nothing of the elements behind it.
  if (!(chosen.shape()[0] < flat.shape()[0])) return flat[chosen];
  return flat[{slice(0, chosen.shape()[0])}][chosen];
}

Array select(const std::vector<Array>& conditions, const std::vector<Operand>& choices, const Operand& otherwise) {
  const SourceScope scope = source_scope(otherwise.where());
  if (conditions.size() != choices.size()) {
    throw value_error(fmt::format("select: {} conditions are given for {} choices; give as many of each",
                                  conditions.size(), choices.size()));
  }
  if (conditions.empty()) throw value_error("select: no conditions are given; give at least one");
  std::vector<Operand> all = choices;
  all.push_back(otherwise);
  const DType dtype = common_dtype(all);
  Operand chosen = otherwise;
  for (std::size_t i = conditions.size(); i-- > 0;) chosen = plait::where(conditions[i], choices[i], chosen);
  return Array(chosen.expr()).astype(dtype);
}

Array assign(const Array& array, const std::vector<AxisIndex>& index, const Operand& value) {
  const SourceScope scope = source_scope(value.where());
  return Array(assign(array.expr(), index_items(index), element_argument(value)));
}

}  // namespace plait
