#include "collections/array/contract.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "collections/array/axes.h"
#include "collections/array/elementwise.h"
#include "collections/array/layout.h"
#include "collections/array/matmul.h"
#include "collections/array/rechunk.h"
#include "collections/array/reduction.h"
#include "kernels/array/contract.h"

namespace plait {
namespace {

using Names = std::vector<int>;

bool has(const Names& names, int name) { return std::find(names.begin(), names.end(), name) != names.end(); }
int axis_of(const Names& names, int name) {
  return static_cast<int>(std::find(names.begin(), names.end(), name) - names.begin());
}

Names joined(const Names& a, const Names& b, const Names& c = {}) {
  Names all = a;
  all.insert(all.end(), b.begin(), b.end());
  all.insert(all.end(), c.begin(), c.end());
  return all;
}

// The sum over axes, in the array's own type.
ExprPtr summed(ExprPtr array, const Axes& axes) {
  if (axes.empty()) return array;
  const DType dtype = array_meta(array).dtype();
  if (is_bool(dtype)) return reduce(ReduceOp::any, std::move(array), {.axes = axes});
  return reduce(ReduceOp::sum, std::move(array), {.axes = axes, .dtype = dtype});
}

// Without the names that nobody else wants.
NamedAxes without(NamedAxes operand, const Names& others) {
  Axes axes;
  Names kept;
  for (int name : operand.names) {
    if (has(others, name))
      kept.push_back(name);
    else
      axes.push_back(axis_of(operand.names, name));
  }
  return {summed(std::move(operand.array), axes), std::move(kept)};
}

// The axes in the order of the names, and new ones of extent one for the names that it does not have.
ExprPtr spread(const NamedAxes& operand, const Names& names) {
  Axes order;
  Axes added;
  for (int i = 0; i < static_cast<int>(names.size()); ++i) {
    if (has(operand.names, names[i]))
      order.push_back(axis_of(operand.names, names[i]));
    else
      added.push_back(i);
  }
  ExprPtr array = transpose(operand.array, order);
  return added.empty() ? array : expand_dims(std::move(array), added);
}

// Both in the same chunks along the axes that they share.
void align(NamedAxes& a, NamedAxes& b, const Names& names) {
  Chunks chunks_a = array_meta(a.array).chunks();
  Chunks chunks_b = array_meta(b.array).chunks();
  for (int name : names) {
    auto& own_a = chunks_a[axis_of(a.names, name)];
    auto& own_b = chunks_b[axis_of(b.names, name)];
    own_a = own_b = common_chunks("einsum", {{own_a}, {own_b}})[0];
  }
  a.array = rechunk(std::move(a.array), std::move(chunks_a));
  b.array = rechunk(std::move(b.array), std::move(chunks_b));
}

std::uint64_t largest_block_bytes(const ArrayMeta& meta) {
  std::uint64_t bytes = item_size(meta.dtype());
  for (const auto& along : meta.chunks())
    bytes *= static_cast<std::uint64_t>(std::max<std::int64_t>(1, *std::max_element(along.begin(), along.end())));
  return bytes;
}

ExprPtr multiplied(const ExprPtr& a, const ExprPtr& b) { return elementwise(ElementOp::multiply, {a, b}); }

// a with axes (shared, own, summed), b with (shared, summed, own).
ExprPtr matrix_product(const ExprPtr& a, const ExprPtr& b, std::int64_t num_shared, std::int64_t num_summed) {
  const std::int64_t ndim = num_shared + 1 + num_summed;
  if (num_summed == 1 && array_meta(a).ndim() == ndim && array_meta(b).ndim() == ndim) return make_expr<Matmul>(a, b);
  std::int64_t num_blocks = 1;
  const auto grid = a->meta().grid();
  for (std::size_t axis = grid.size() - static_cast<std::size_t>(num_summed); axis < grid.size(); ++axis)
    num_blocks *= grid[axis];
  const std::uint64_t pair_bytes = largest_block_bytes(array_meta(a)) + largest_block_bytes(array_meta(b));
  const auto fitting = static_cast<std::int64_t>(max_product_input_bytes() / std::max<std::uint64_t>(pair_bytes, 1));
  const std::int64_t depth = std::clamp<std::int64_t>(fitting, 1, num_blocks);
  ExprPtr product = make_expr<ContractBlocks>(a, b, num_shared, num_summed, depth);
  return depth < num_blocks ? summed(std::move(product), {0}) : product;
}

}  // namespace

std::string ContractBlocks::describe() const { return fmt::format("over {} axes", num_summed); }

std::vector<std::int64_t> ContractBlocks::summed_grid() const {
  const auto grid = a->meta().grid();
  return {grid.end() - num_summed, grid.end()};
}

std::int64_t ContractBlocks::num_groups() const {
  std::int64_t num_blocks = 1;
  for (std::int64_t count : summed_grid()) num_blocks *= count;
  return (num_blocks + depth - 1) / depth;
}

MetaPtr ContractBlocks::infer_meta() const {
  const Chunks& of_a = array_meta(a).chunks();
  const Chunks& of_b = array_meta(b).chunks();
  Chunks chunks(of_a.begin(), of_a.end() - num_summed);
  chunks.insert(chunks.end(), of_b.begin() + num_shared + num_summed, of_b.end());
  if (num_groups() > 1)
    chunks.insert(chunks.begin(), std::vector<std::int64_t>(static_cast<std::size_t>(num_groups()), 1));
  return make_array_meta(promote(array_meta(a).dtype(), array_meta(b).dtype()), std::move(chunks));
}

BlockTask ContractBlocks::block_task(std::int64_t block) const {
  const auto& known = static_cast<const ArrayMeta&>(meta());
  std::vector<std::int64_t> index = unravel(block, known.grid());
  const bool adds_axis = num_groups() > 1;
  const std::int64_t group = adds_axis ? index.front() : 0;
  if (adds_axis) index.erase(index.begin());

  const auto own_a = static_cast<std::int64_t>(array_meta(a).ndim()) - num_summed;
  const std::vector<std::int64_t> lead(index.begin(), index.begin() + own_a);
  const std::vector<std::int64_t> shared(index.begin(), index.begin() + num_shared);
  const std::vector<std::int64_t> tail(index.begin() + own_a, index.end());
  const auto inner = summed_grid();
  std::int64_t num_blocks = 1;
  for (std::int64_t count : inner) num_blocks *= count;

  BlockTask task{.output_bytes = known.block_bytes(block)};
  const auto add = [&](std::uint32_t operand, std::vector<std::int64_t> at, const std::vector<std::int64_t>& next,
                       const std::vector<std::int64_t>& last) {
    at.insert(at.end(), next.begin(), next.end());
    at.insert(at.end(), last.begin(), last.end());
    task.inputs.push_back({operand, ravel(at, (operand == 0 ? a : b)->meta().grid())});
  };
  for (std::int64_t k = group * depth; k < std::min(num_blocks, (group + 1) * depth); ++k) {
    const auto at = unravel(k, inner);
    add(0, lead, at, {});
    add(1, shared, at, tail);
  }
  task.call = contract_kernel({known.dtype(), num_shared, num_summed, adds_axis});
  return task;
}

NamedAxes contract(NamedAxes a, NamedAxes b, const Names& wanted) {
  a = without(std::move(a), joined(b.names, wanted));
  b = without(std::move(b), joined(a.names, wanted));
  Names shared, inner, own_a, own_b;
  for (int name : a.names) (!has(b.names, name) ? own_a : has(wanted, name) ? shared : inner).push_back(name);
  for (int name : b.names) {
    if (!has(a.names, name)) own_b.push_back(name);
  }
  const bool is_product = !inner.empty() && !own_a.empty() && !own_b.empty();
  const bool is_plain = !inner.empty() && shared.empty() && !(own_a.empty() && own_b.empty());
  if (!is_product && !is_plain) {
    // Nothing that a product of matrices would do better: multiplied and added up in one pass.
    const Names all = joined(wanted, inner);
    Axes axes;
    for (std::size_t i = wanted.size(); i < all.size(); ++i) axes.push_back(static_cast<int>(i));
    return {summed(multiplied(spread(a, all), spread(b, all)), axes), wanted};
  }
  align(a, b, joined(shared, inner));
  const ExprPtr product =
      matrix_product(spread(a, joined(shared, own_a, inner)), spread(b, joined(shared, inner, own_b)),
                     static_cast<std::int64_t>(shared.size()), static_cast<std::int64_t>(inner.size()));
  return {spread({product, joined(shared, own_a, own_b)}, wanted), wanted};
}

ExprPtr tensordot(ExprPtr a, ExprPtr b, const std::vector<int>& axes_a, const std::vector<int>& axes_b) {
  const ArrayMeta& left = array_meta(a);
  const ArrayMeta& right = array_meta(b);
  const Axes of_a = normalize_axes("tensordot", axes_a, left.ndim());
  const Axes of_b = normalize_axes("tensordot", axes_b, right.ndim());
  const auto refuse = [&](std::string_view how) {
    return value_error(fmt::format("tensordot: axes {} of shape {} and {} of {} {}",
                                   to_string(Shape(of_a.begin(), of_a.end())), to_string(left.shape()),
                                   to_string(Shape(of_b.begin(), of_b.end())), to_string(right.shape()), how));
  };
  if (of_a.size() != of_b.size()) throw refuse("differ in number");
  Names names_a(static_cast<std::size_t>(left.ndim()));
  Names names_b(static_cast<std::size_t>(right.ndim()));
  for (int axis = 0; axis < left.ndim(); ++axis) names_a[axis] = axis;
  for (int axis = 0; axis < right.ndim(); ++axis) names_b[axis] = left.ndim() + axis;
  for (std::size_t i = 0; i < of_a.size(); ++i) {
    if (left.shape()[of_a[i]] != right.shape()[of_b[i]]) throw refuse("differ in extent");
    names_b[of_b[i]] = of_a[i];
  }
  Names wanted;
  for (int name : names_a) {
    if (!has(names_b, name)) wanted.push_back(name);
  }
  for (int name : names_b) {
    if (name >= left.ndim()) wanted.push_back(name);
  }
  const DType dtype = promote(left.dtype(), right.dtype());
  a = astype(std::move(a), dtype);
  b = astype(std::move(b), dtype);
  return contract({std::move(a), std::move(names_a)}, {std::move(b), std::move(names_b)}, wanted).array;
}

}  // namespace plait
