#include "kernels/array/searching.h"

#include <complex>
#include <vector>

#include "kernels/array/element_order.h"
#include "kernels/array/lines.h"

namespace plait {
namespace {

// The number of elements in order that come before `x`, or behind which it goes; without a branch on the data.
template <bool after_equal, class T>
std::int64_t position_of(const T* sorted, std::int64_t n, T x) {
  const T* first = sorted;
  while (n > 1) {
    const std::int64_t half = n / 2;
    const bool goes_right =
        after_equal ? !element::sorts_before(x, first[half - 1]) : element::sorts_before(first[half - 1], x);
    first += goes_right ? half : 0;
    n -= half;
  }
  if (n == 1) first += after_equal ? !element::sorts_before(x, *first) : element::sorts_before(*first, x);
  return first - sorted;
}

template <class F>
void for_each_strip(std::int64_t size, const TaskContext& context, F&& f) {
  for (std::int64_t first = 0; first < size; first += kElementsBetweenChecks) {
    context.check_cancelled();
    f(first, std::min(size, first + kElementsBetweenChecks));
  }
}

Shape shape_of(const NdArray& block, const SearchParams& params) {
  Shape shape = block.shape();
  if (params.adds_axis) shape.insert(shape.begin(), 1);
  return shape;
}

template <bool after_equal, class T>
void search(const NdArray& sorted, const NdArray& block, NdArray& out, const TaskContext& context) {
  const T* keys = sorted.data<T>();
  const T* elements = block.data<T>();
  auto* to = out.mutable_data<std::int64_t>();
  for_each_strip(block.size(), context, [&](std::int64_t first, std::int64_t end) {
    for (std::int64_t i = first; i < end; ++i) to[i] = position_of<after_equal>(keys, sorted.size(), elements[i]);
  });
}

Value search_sorted(Inputs inputs, const SearchParams& params, const TaskContext& context) {
  const NdArray sorted = inputs[0].as<NdArray>().contiguous();
  const NdArray block = inputs[1].as<NdArray>().contiguous();
  return filled_output(context, DType::int64, shape_of(block, params), [&](NdArray& out) {
    visit_dtype(block.dtype(), [&]<class Tag>(Tag) {
      using T = typename Tag::type;
      if (params.after_equal)
        search<true, T>(sorted, block, out, context);
      else
        search<false, T>(sorted, block, out, context);
    });
  });
}

// For integers that lie near each other: a byte for each number between the smallest and the largest.
template <class T>
class Table {
 public:
  static bool pays(const T* sorted, std::int64_t n, std::int64_t num_elements) {
    if (n == 0) return false;
    const auto range = static_cast<std::uint64_t>(sorted[n - 1]) - static_cast<std::uint64_t>(sorted[0]);
    return range < static_cast<std::uint64_t>(6 * (n + num_elements) + 256);
  }
  Table(const T* sorted, std::int64_t n)
      : low_(sorted[0]),
        high_(sorted[n - 1]),
        is_there_(static_cast<std::size_t>(static_cast<std::uint64_t>(high_) - static_cast<std::uint64_t>(low_)) + 1) {
    for (std::int64_t i = 0; i < n; ++i) is_there_[place(sorted[i])] = 1;
  }
  bool holds(T x) const { return x >= low_ && x <= high_ && is_there_[place(x)]; }

 private:
  std::size_t place(T x) const {
    return static_cast<std::size_t>(static_cast<std::uint64_t>(x) - static_cast<std::uint64_t>(low_));
  }
  T low_, high_;
  std::vector<std::uint8_t> is_there_;
};

template <class T>
void look(const NdArray& sorted, const NdArray& block, NdArray& out, const TaskContext& context) {
  const T* keys = sorted.data<T>();
  const T* elements = block.data<T>();
  const std::int64_t n = sorted.size();
  bool* to = out.mutable_data<bool>();
  if constexpr (std::is_integral_v<T>) {
    if (Table<T>::pays(keys, n, block.size())) {
      const Table<T> table(keys, n);
      for_each_strip(block.size(), context, [&](std::int64_t first, std::int64_t end) {
        for (std::int64_t i = first; i < end; ++i) to[i] = table.holds(elements[i]);
      });
      return;
    }
  }
  for_each_strip(block.size(), context, [&](std::int64_t first, std::int64_t end) {
    for (std::int64_t i = first; i < end; ++i) {
      const std::int64_t at = position_of<false>(keys, n, elements[i]);
      to[i] = at < n && element::key_of(keys[at]) == element::key_of(elements[i]);
    }
  });
}

Value is_in(Inputs inputs, const SearchParams& params, const TaskContext& context) {
  const NdArray sorted = inputs[0].as<NdArray>().contiguous();
  const NdArray block = inputs[1].as<NdArray>().contiguous();
  return filled_output(context, DType::bool_, shape_of(block, params), [&](NdArray& out) {
    visit_dtype(block.dtype(), [&]<class Tag>(Tag) { look<typename Tag::type>(sorted, block, out, context); });
  });
}

}  // namespace

void register_searching_kernels() {
  define(search_sorted_kernel, "Where elements belong in a sorted block.", search_sorted);
  define(is_in_kernel, "Whether elements stand in a block of distinct ones.", is_in);
}

}  // namespace plait
