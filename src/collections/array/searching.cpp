#include "collections/array/searching.h"

#include <fmt/format.h>

#include <algorithm>

#include "collections/array/arguments.h"
#include "collections/array/creation.h"
#include "collections/array/distinct.h"
#include "collections/array/elementwise.h"
#include "collections/array/layout.h"
#include "collections/array/reduction.h"
#include "collections/array/slicing.h"

namespace plait {
namespace {

ExprPtr searched(ExprPtr keys, ExprPtr array, bool asks_presence, bool after_equal) {
  const DType common = promote(array_meta(keys).dtype(), array_meta(array).dtype());
  keys = astype(std::move(keys), common);
  array = astype(std::move(array), common);
  const bool has_several = keys->meta().num_blocks() > 1;
  ExprPtr found = make_expr<SearchBlocks>(std::move(keys), std::move(array), asks_presence,
                                          SearchParams{.after_equal = after_equal, .adds_axis = has_several});
  if (!has_several) return found;
  return reduce(asks_presence ? ReduceOp::any : ReduceOp::sum, std::move(found), {.axes = std::vector<int>{0}});
}

enum class Direction { up, down, none };

Direction direction_of(const NdArray& edges) {
  const NdArray numbers = edges.astype(DType::float64).contiguous();
  const double* e = numbers.data<double>();
  bool rises = true;
  bool falls = true;
  for (std::int64_t i = 0; i + 1 < numbers.size(); ++i) {
    rises = rises && e[i] <= e[i + 1];
    falls = falls && e[i] >= e[i + 1];
  }
  return rises ? Direction::up : falls ? Direction::down : Direction::none;
}

ExprPtr in_memory(const NdArray& array) { return from_array(array, {{array.size()}}); }

}  // namespace

MetaPtr SearchBlocks::infer_meta() const {
  Chunks chunks = array_meta(array).chunks();
  if (params.adds_axis)
    chunks.insert(chunks.begin(), std::vector<std::int64_t>(static_cast<std::size_t>(keys->meta().num_blocks()), 1));
  return make_array_meta(asks_presence ? DType::bool_ : DType::int64, std::move(chunks));
}

BlockTask SearchBlocks::block_task(std::int64_t block) const {
  const std::int64_t num_blocks = array->meta().num_blocks();
  return {.call = asks_presence ? is_in_kernel(params) : search_sorted_kernel(params),
          .inputs = {{0, block / num_blocks}, {1, block % num_blocks}},
          .output_bytes = static_cast<const ArrayMeta&>(meta()).block_bytes(block)};
}

ExprPtr searchsorted(ExprPtr keys, ExprPtr values, bool after_equal) {
  const int ndim = array_meta(keys).ndim();
  check_number("searchsorted", "the number of axes of the array", std::int64_t{ndim}, ndim == 1, "one");
  return searched(std::move(keys), std::move(values), false, after_equal);
}

ExprPtr digitize(ExprPtr array, const NdArray& edges, bool right) {
  check_number("digitize", "the number of axes of bins", std::int64_t{edges.ndim()}, edges.ndim() == 1, "one");
  if (is_complex(array_meta(array).dtype())) throw type_error("digitize: the array is complex, expected real numbers");
  const Direction direction = direction_of(edges);
  if (direction == Direction::none) throw value_error("digitize: bins must be monotonically increasing or decreasing");
  if (direction == Direction::up) return searched(in_memory(edges), std::move(array), false, !right);
  const NdArray turned = edges.sliced(0, edges.size() - 1, edges.size(), -1).copy();
  return elementwise(ElementOp::subtract,
                     {ScalarValue(edges.size()), searched(in_memory(turned), std::move(array), false, !right)});
}

ExprPtr isin(ExprPtr array, ExprPtr tests, bool invert) {
  const DType common = promote(array_meta(array).dtype(), array_meta(tests).dtype());
  ExprPtr found = searched(distinct_blocks(astype(std::move(tests), common)), std::move(array), true, false);
  return invert ? elementwise(ElementOp::logical_not, {std::move(found)}) : found;
}

}  // namespace plait
