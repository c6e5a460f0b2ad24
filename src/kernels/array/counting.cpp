#include "kernels/array/counting.h"

#include <fmt/format.h>

#include <array>
#include <complex>

#include "base/check.h"
#include "base/half.h"
#include "kernels/array/lines.h"

namespace plait {
namespace {

// The largest of a block's numbers, -1 if there are none.
template <class T>
std::int64_t largest_number(const T* numbers, std::int64_t n) {
  std::int64_t largest = -1;
  std::int64_t smallest = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    largest = std::max(largest, static_cast<std::int64_t>(numbers[i]));
    smallest = std::min(smallest, static_cast<std::int64_t>(numbers[i]));
  }
  if (smallest < 0)
    throw value_error(fmt::format("bincount: the array holds {}, expected numbers of 0 or more", smallest));
  return largest;
}

template <class T>
NdArray counted(const NdArray& block, const double* weights, const BincountParams& params, const TaskContext& context) {
  const T* numbers = block.data<T>();
  const std::int64_t largest = largest_number(numbers, block.size());
  const DType dtype = params.has_weights ? DType::float64 : DType::int64;
  NdArray counts = NdArray::zeros(dtype, {std::max(params.num_counts, largest + 1)});
  auto* sums = weights ? counts.mutable_data<double>() : nullptr;
  auto* whole = weights ? nullptr : counts.mutable_data<std::int64_t>();
  for (std::int64_t first = 0; first < block.size(); first += kElementsBetweenChecks) {
    context.check_cancelled();
    const std::int64_t end = std::min(block.size(), first + kElementsBetweenChecks);
    if (weights)
      for (std::int64_t i = first; i < end; ++i) sums[static_cast<std::int64_t>(numbers[i])] += weights[i];
    else
      for (std::int64_t i = first; i < end; ++i) ++whole[static_cast<std::int64_t>(numbers[i])];
  }
  return counts;
}

Value bincount(Inputs inputs, const BincountParams& params, const TaskContext& context) {
  const NdArray block = inputs[0].as<NdArray>().contiguous();
  const NdArray weights = params.has_weights ? inputs[1].as<NdArray>().contiguous() : NdArray();
  NdArray counts;
  visit_dtype(block.dtype(), [&]<class Tag>(Tag) {
    using T = typename Tag::type;
    if constexpr (std::is_integral_v<T>)
      counts = counted<T>(block, params.has_weights ? weights.data<double>() : nullptr, params, context);
    else
      PLAIT_CHECK(false);
  });
  return Value::of(std::move(counts));
}

template <class T>
void add_to(NdArray& total, const NdArray& part) {
  const NdArray from = part.contiguous();
  T* to = total.mutable_data<T>();
  for (std::int64_t i = 0; i < from.size(); ++i) to[i] += from.data<T>()[i];
}

Value sum_counts(Inputs inputs, const BincountParams& params, const TaskContext& context) {
  std::int64_t longest = 0;
  for (const Value& input : inputs) longest = std::max(longest, input.as<NdArray>().size());
  if (params.num_counts > 0 && longest > params.num_counts) {
    throw value_error(
        fmt::format("bincount: the array holds {}, but minlength={} promised {} counts; give minlength={}, or 0",
                    longest - 1, params.num_counts, params.num_counts, longest));
  }
  NdArray total = NdArray::zeros(inputs[0].as<NdArray>().dtype(), {longest});
  for (const Value& input : inputs) {
    context.check_cancelled();
    if (total.dtype() == DType::int64)
      add_to<std::int64_t>(total, input.as<NdArray>());
    else
      add_to<double>(total, input.as<NdArray>());
  }
  return Value::of(std::move(total));
}

// The bin of an element among edges in order, -1 outside. The last bin holds its right edge.
template <class T>
std::int64_t bin_among(T x, const T* edges, std::int64_t num_bins) {
  if (!(x >= edges[0] && x <= edges[num_bins])) return -1;
  const T* after = edges;
  for (std::int64_t n = num_bins + 1; n > 0;) {  // the first edge that is larger
    const std::int64_t half = n / 2;
    const bool goes_right = !(x < after[half]);
    after += goes_right ? half + 1 : 0;
    n = goes_right ? n - half - 1 : half;
  }
  return std::min<std::int64_t>(after - edges, num_bins) - 1;
}

// Even bins are computed and then corrected by the edges, as NumPy does: the same bin as by looking.
std::int64_t even_bin(double x, const double* edges, std::int64_t num_bins, double bins_per_unit) {
  if (!(x >= edges[0] && x <= edges[num_bins])) return -1;
  auto bin = std::clamp<std::int64_t>(static_cast<std::int64_t>((x - edges[0]) * bins_per_unit), 0, num_bins - 1);
  while (bin > 0 && x < edges[bin]) --bin;
  while (bin < num_bins - 1 && x >= edges[bin + 1]) ++bin;
  return bin;
}

constexpr std::int64_t kStrip = 4096;
using Bins = std::array<std::int64_t, kStrip>;

// Places of elements first, ... of an axis go on in `flat`; -1 for those outside.
template <class T>
void add_axis(Bins& flat, const T* elements, std::int64_t n, const HistogramAxis& axis) {
  const NdArray& edges = axis.edges.as<NdArray>();
  const std::int64_t num_bins = edges.size() - 1;
  const T* e = edges.data<T>();
  const auto place = [&](std::int64_t i, std::int64_t bin) {
    std::int64_t& at = flat[static_cast<std::size_t>(i)];
    at = bin < 0 || at < 0 ? -1 : at * num_bins + bin;
  };
  if constexpr (std::is_same_v<T, double>) {
    if (axis.is_even) {
      const double per_unit = static_cast<double>(num_bins) / (e[num_bins] - e[0]);
      for (std::int64_t i = 0; i < n; ++i) place(i, even_bin(elements[i], e, num_bins, per_unit));
      return;
    }
  }
  for (std::int64_t i = 0; i < n; ++i) place(i, bin_among(elements[i], e, num_bins));
}

template <class W>
void add_strip(NdArray& counts, const Bins& flat, std::int64_t n, const W* weights) {
  W* to = counts.mutable_data<W>();
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t bin = flat[static_cast<std::size_t>(i)];
    if (bin >= 0) to[bin] += weights ? weights[i] : W(1);
  }
}

template <class W>
void count_elements(NdArray& counts, const std::vector<NdArray>& blocks, const HistogramParams& params,
                    const TaskContext& context) {
  const std::int64_t size = blocks[0].size();
  Bins flat;
  for (std::int64_t first = 0; first < size; first += kStrip) {
    context.check_cancelled();
    const std::int64_t n = std::min(kStrip, size - first);
    flat.fill(0);
    for (std::size_t axis = 0; axis < params.axes.size(); ++axis) {
      visit_dtype(blocks[axis].dtype(), [&]<class Tag>(Tag) {
        using T = typename Tag::type;
        if constexpr (std::is_arithmetic_v<T>)
          add_axis<T>(flat, blocks[axis].data<T>() + first, n, params.axes[axis]);
        else
          PLAIT_CHECK(false);
      });
    }
    add_strip<W>(counts, flat, n, params.has_weights ? blocks.back().data<W>() + first : nullptr);
  }
}

Value histogram(Inputs inputs, const HistogramParams& params, const TaskContext& context) {
  std::vector<NdArray> blocks;
  for (const Value& input : inputs) {
    blocks.push_back(input.as<NdArray>().contiguous());
    if (blocks.back().size() != blocks[0].size()) {
      throw value_error(fmt::format("histogram: a block of the array has {} elements, but {} stand beside it",
                                    blocks[0].size(), blocks.back().size()));
    }
  }
  Shape shape = {1};
  for (const HistogramAxis& axis : params.axes) shape.push_back(axis.edges.as<NdArray>().size() - 1);
  NdArray counts = NdArray::zeros(params.dtype, shape);
  visit_dtype(params.dtype, [&]<class Tag>(Tag) {
    using W = typename Tag::type;
    if constexpr (sizeof(W) >= 8 && !std::is_same_v<W, std::complex<float>>)
      count_elements<W>(counts, blocks, params, context);
    else
      PLAIT_CHECK(false);
  });
  return Value::of(std::move(counts));
}

}  // namespace

void register_counting_kernels() {
  define(bincount_kernel, "How often each number from 0 on stands in a block.", bincount);
  define(sum_counts_kernel, "The sum of counts of several blocks.", sum_counts);
  define(histogram_kernel, "How many elements of a block lie between edges.", histogram);
}

}  // namespace plait
