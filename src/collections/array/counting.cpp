#include "collections/array/counting.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "collections/array/arguments.h"
#include "collections/array/creation.h"
#include "collections/array/elementwise.h"
#include "collections/array/layout.h"
#include "collections/array/rechunk.h"
#include "collections/array/reduction.h"

namespace plait {
namespace {

// Edges stand in memory, in the plan and in every task.
constexpr std::int64_t kMostBins = std::int64_t{1} << 27;

constexpr std::int64_t kBlocksCombined = 16;

// One task a block of arrays in the same chunks.
std::vector<BlockTask::Input> same_block(const std::vector<ExprPtr>& arrays, std::int64_t block) {
  std::vector<BlockTask::Input> inputs;
  for (std::uint32_t operand = 0; operand < arrays.size(); ++operand) inputs.push_back({operand, block});
  return inputs;
}

ExprPtr in_chunks_of(ExprPtr array, const ExprPtr& other, std::string_view what, std::string_view role) {
  const Shape& wanted = array_meta(other).shape();
  const Shape& found = array_meta(array).shape();
  if (found != wanted) {
    throw value_error(
        fmt::format("{}: the {} have shape {}, but the array has {}", what, role, to_string(found), to_string(wanted)));
  }
  return rechunk(std::move(array), array_meta(other).chunks());
}

// In which type weights are added up.
DType total_dtype(DType weights) {
  if (is_complex(weights)) return DType::complex128;
  if (is_floating(weights)) return DType::float64;
  return is_unsigned_integer(weights) ? DType::uint64 : DType::int64;
}

ExprPtr divided(ExprPtr a, ExprPtr b) { return elementwise(ElementOp::true_divide, {std::move(a), std::move(b)}); }

// The sizes of an axis' bins, along that axis of the histogram.
ExprPtr bin_sizes(const Bins& bins, std::size_t axis, std::size_t ndim) {
  const NdArray edges = bins.edges.astype(DType::float64).contiguous();
  Shape shape(ndim, 1);
  shape[axis] = edges.size() - 1;
  NdArray sizes = NdArray::empty(DType::float64, shape);
  for (std::int64_t i = 0; i + 1 < edges.size(); ++i)
    sizes.mutable_data<double>()[i] = edges.data<double>()[i + 1] - edges.data<double>()[i];
  Chunks chunks;
  for (std::int64_t extent : shape) chunks.push_back({extent});
  return from_array(sizes, std::move(chunks));
}

}  // namespace

MetaPtr BincountBlocks::infer_meta() const {
  const std::int64_t extent = params.num_counts > 0 ? params.num_counts : kUnknownExtent;
  return make_array_meta(params.has_weights ? DType::float64 : DType::int64,
                         {std::vector<std::int64_t>(static_cast<std::size_t>(arrays[0]->meta().num_blocks()), extent)});
}

BlockTask BincountBlocks::block_task(std::int64_t block) const {
  return {.call = bincount_kernel(params),
          .inputs = same_block(arrays, block),
          .output_bytes = static_cast<const ArrayMeta&>(meta()).block_bytes(block)};
}

MetaPtr AddCounts::infer_meta() const {
  const ArrayMeta& from = array_meta(array);
  const auto groups = static_cast<std::size_t>((from.num_blocks() + group - 1) / group);
  return make_array_meta(from.dtype(), {std::vector<std::int64_t>(groups, from.chunks()[0][0])});
}

BlockTask AddCounts::block_task(std::int64_t block) const {
  BlockTask task{.call = sum_counts_kernel(params),
                 .output_bytes = static_cast<const ArrayMeta&>(meta()).block_bytes(block)};
  for (std::int64_t at = block * group; at < std::min((block + 1) * group, array->meta().num_blocks()); ++at)
    task.inputs.push_back({0, at});
  return task;
}

MetaPtr HistogramBlocks::infer_meta() const {
  Chunks chunks = {std::vector<std::int64_t>(static_cast<std::size_t>(arrays[0]->meta().num_blocks()), 1)};
  for (const HistogramAxis& axis : params.axes) chunks.push_back({axis.edges.as<NdArray>().size() - 1});
  return make_array_meta(params.dtype, std::move(chunks));
}

BlockTask HistogramBlocks::block_task(std::int64_t block) const {
  return {.call = histogram_kernel(params),
          .inputs = same_block(arrays, block),
          .output_bytes = static_cast<const ArrayMeta&>(meta()).block_bytes(block)};
}

ExprPtr bincount(ExprPtr array, ExprPtr weights, std::int64_t minlength, std::optional<std::int64_t> split_every) {
  const ArrayMeta& from = array_meta(array);
  check_number("bincount", "the number of axes of the array", std::int64_t{from.ndim()}, from.ndim() == 1, "one");
  check_at_least("bincount", "minlength", minlength, 0);
  const std::int64_t group = split_every.value_or(kBlocksCombined);
  check_at_least("bincount", "split_every", group, 2);
  if (!(is_integer(from.dtype()) || is_bool(from.dtype())) || from.dtype() == DType::uint64) {
    throw type_error(
        fmt::format("bincount: the array is {}, expected integers that cast safely to int64", name(from.dtype())));
  }
  std::vector<ExprPtr> arrays = {array};
  if (weights) {
    if (is_complex(array_meta(weights).dtype()))
      throw type_error(
          fmt::format("bincount: the weights are {}, expected real numbers", name(array_meta(weights).dtype())));
    arrays.push_back(in_chunks_of(astype(std::move(weights), DType::float64), array, "bincount", "weights"));
  }
  // As in NumPy: where there is nothing to weigh, counts are integers.
  const bool is_empty = from.is_known() && from.shape()[0] == 0;
  if (is_empty) arrays.resize(1);
  const bool has_weights = arrays.size() > 1;
  const BincountParams params{minlength, has_weights};
  ExprPtr counts = make_expr<BincountBlocks>(std::move(arrays), params);
  do {
    counts = make_expr<AddCounts>(std::move(counts), params, group);
  } while (counts->meta().num_blocks() > 1);
  return counts;
}

Bins Bins::even(std::string_view what, std::int64_t count, double low, double high) {
  check_at_least(what, "bins", count, 1);
  check_number(what, "bins", count, count <= kMostBins, fmt::format("at most {}", kMostBins));
  if (!std::isfinite(low) || !std::isfinite(high))
    throw value_error(fmt::format("{}: range is ({}, {}), expected finite ends", what, low, high));
  if (low > high)
    throw value_error(fmt::format("{}: range is ({}, {}), expected the larger end last", what, low, high));
  if (low == high) {
    low -= 0.5;
    high += 0.5;
  }
  // numpy.linspace
  NdArray edges = NdArray::empty(DType::float64, {count + 1});
  auto* to = edges.mutable_data<double>();
  const double step = (high - low) / static_cast<double>(count);
  for (std::int64_t i = 0; i < count; ++i) to[i] = static_cast<double>(i) * step + low;
  to[count] = high;
  return {std::move(edges), true};
}

Bins Bins::between(std::string_view what, NdArray edges) {
  check_number(what, "the number of axes of bins", std::int64_t{edges.ndim()}, edges.ndim() == 1, "one");
  check_at_least(what, "the number of edges", edges.size(), 2);
  if (is_complex(edges.dtype())) throw type_error(fmt::format("{}: bins are complex, expected real numbers", what));
  const NdArray numbers = edges.astype(DType::float64).contiguous();
  const double* e = numbers.data<double>();
  for (std::int64_t i = 0; i + 1 < numbers.size(); ++i) {
    if (e[i] > e[i + 1]) {
      throw value_error(fmt::format("{}: bins must increase monotonically, but edge {} is {} and edge {} is {}", what,
                                    i, e[i], i + 1, e[i + 1]));
    }
  }
  return {std::move(edges), false};
}

ExprPtr histogram(std::string_view what, std::vector<ExprPtr> arrays, const std::vector<Bins>& bins, ExprPtr weights,
                  const HistogramResult& how) {
  HistogramParams params;
  for (std::size_t axis = 0; axis < arrays.size(); ++axis) {
    const DType own = array_meta(arrays[axis]).dtype();
    if (is_complex(own)) throw type_error(fmt::format("{}: the array is {}, expected real numbers", what, name(own)));
    DType common = promote(own, bins[axis].edges.dtype());
    if (is_bool(common)) common = DType::int8;
    if (common == DType::float16) common = DType::float32;
    if (bins[axis].is_even) common = DType::float64;
    // A conversion may merge blocks of an axis of extent one, so the chunks are made alike after it.
    arrays[axis] = astype(std::move(arrays[axis]), common);
    if (axis > 0) arrays[axis] = in_chunks_of(std::move(arrays[axis]), arrays[0], what, "coordinates");
    params.axes.push_back({Value::of(bins[axis].edges.astype(common).contiguous()), bins[axis].is_even});
  }
  std::optional<DType> result = how.dtype;
  if (weights) {
    const DType own = array_meta(weights).dtype();
    if (result && !can_cast_safely(own, *result) && !is_integer(own)) {
      throw type_error(
          fmt::format("{}: the weights are {}, expected what casts to {}", what, name(own), name(*result)));
    }
    params.has_weights = true;
    params.dtype = result.value_or(total_dtype(own));
    if (!result) result = own;
    arrays.push_back(in_chunks_of(astype(std::move(weights), params.dtype), arrays[0], what, "weights"));
  }
  ExprPtr counts = reduce(ReduceOp::sum, make_expr<HistogramBlocks>(std::move(arrays), params),
                          {.axes = std::vector<int>{0}, .dtype = params.dtype});
  if (result) counts = astype(std::move(counts), *result);
  if (!how.density) return counts;
  const ExprPtr total = reduce(ReduceOp::sum, counts);
  for (std::size_t axis = 0; axis < bins.size(); ++axis)
    counts = divided(counts, bin_sizes(bins[axis], axis, bins.size()));
  return divided(std::move(counts), total);
}

}  // namespace plait
