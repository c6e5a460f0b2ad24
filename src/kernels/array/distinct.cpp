#include "kernels/array/distinct.h"

#include <algorithm>
#include <bit>
#include <complex>
#include <vector>

#include "base/buffer.h"
#include "kernels/array/element_order.h"
#include "kernels/array/lines.h"
#include "kernels/array/sort_elements.h"

namespace plait {
namespace {

template <class T>
struct Entry {
  T value;
  std::int64_t position;
  std::int64_t count;
};
template <class T>
using Entries = PooledVector<Entry<T>>;

template <class T>
bool comes_first(const Entry<T>& a, const Entry<T>& b) {
  return element::sorts_before(a.value, b.value);
}

// One table of few distinct values: most blocks of labels and categories need no more. Equal values have equal bits
// here, so zeros lose their sign and all NaN are one.
template <class T>
class FewValues {
 public:
  // Whether all elements could be counted; else the table is of no use.
  bool add(const T* elements, std::int64_t n, const TaskContext& context) {
    for (std::int64_t first = 0; first < n; first += kElementsBetweenChecks) {
      context.check_cancelled();
      const std::int64_t end = std::min(n, first + kElementsBetweenChecks);
      for (std::int64_t i = first; i < end; ++i) {
        if (!add(elements[i], i)) return false;
      }
    }
    return true;
  }
  Entries<T> take() {
    std::sort(entries_.begin(), entries_.end(), comes_first<T>);
    return std::move(entries_);
  }

 private:
  static constexpr std::size_t kSlots = 8192;
  static constexpr std::size_t kMostValues = kSlots / 4;

  static bool equal(T a, T b) { return element::sorts_equal(a, b); }
  static std::size_t slot_of(T value) {
    if (element::is_missing(value)) return 0;
    std::uint64_t bits = 0;
    if constexpr (element::is_complex_type<T>) {
      const auto real = static_cast<double>(value.real()) + 0.0;
      const auto imaginary = static_cast<double>(value.imag()) + 0.0;
      bits = std::bit_cast<std::uint64_t>(real) * 31 + std::bit_cast<std::uint64_t>(imaginary);
    } else if constexpr (std::is_same_v<T, Half> || std::is_floating_point_v<T>) {
      bits = std::bit_cast<std::uint64_t>(static_cast<double>(element::key_of(value)) + 0.0);
    } else {
      bits = static_cast<std::uint64_t>(value);
    }
    return static_cast<std::size_t>((bits * 0x9E3779B97F4A7C15u) >> 51);
  }
  static_assert(kSlots == std::size_t{1} << (64 - 51));

  bool add(T value, std::int64_t position) {
    std::size_t slot = slot_of(value);
    while (slots_[slot] != 0) {
      Entry<T>& entry = entries_[slots_[slot] - 1];
      if (equal(entry.value, value)) {
        ++entry.count;
        return true;
      }
      slot = (slot + 1) % kSlots;
    }
    if (entries_.size() == kMostValues) return false;
    entries_.push_back({value, position, 1});
    slots_[slot] = static_cast<std::uint16_t>(entries_.size());
    return true;
  }

  std::vector<std::uint16_t> slots_ = std::vector<std::uint16_t>(kSlots, 0);
  Entries<T> entries_;
};

template <class T>
void add_or_count(Entries<T>& distinct, const Entry<T>& entry) {
  if (distinct.empty() || !element::sorts_equal(distinct.back().value, entry.value))
    distinct.push_back(entry);
  else
    distinct.back().count += entry.count;
}

template <class T>
Entries<T> by_sorting(const NdArray& block, bool wants_positions) {
  const T* elements = block.data<T>();
  Entries<T> distinct;
  if (wants_positions) {
    struct Placed {
      T value;
      std::int64_t position;
    };
    PooledVector<Placed> placed(static_cast<std::size_t>(block.size()));
    for (std::int64_t i = 0; i < block.size(); ++i) placed[static_cast<std::size_t>(i)] = {elements[i], i};
    std::sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
      if (element::sorts_equal(a.value, b.value)) return a.position < b.position;
      return element::sorts_before(a.value, b.value);
    });
    for (const Placed& one : placed) add_or_count(distinct, {one.value, one.position, 1});
    return distinct;
  }
  NdArray sorted = block.copy();
  T* values = sorted.mutable_data<T>();
  sort_elements(values, sorted.size());
  for (std::int64_t first = 0; first < sorted.size();) {
    std::int64_t end = first + 1;
    while (end < sorted.size() && element::sorts_equal(values[end], values[first])) ++end;
    distinct.push_back({values[first], 0, end - first});
    first = end;
  }
  return distinct;
}

template <class T>
Value answer_of(const Entries<T>& distinct, const DistinctParams& params) {
  const Shape shape = {static_cast<std::int64_t>(distinct.size())};
  const auto column = [&]<class C>(C Entry<T>::* member) {
    NdArray out = NdArray::empty(dtype_of<C>, shape);
    C* to = out.mutable_data<C>();
    for (const Entry<T>& entry : distinct) *to++ = entry.*member;
    return Value::of(std::move(out));
  };
  Sequence answer;
  answer.items.push_back(column(&Entry<T>::value));
  if (params.wants_positions) answer.items.push_back(column(&Entry<T>::position));
  if (params.wants_counts) answer.items.push_back(column(&Entry<T>::count));
  return Value::of(std::move(answer));
}

template <class T>
Entries<T> entries_of(const Value& value, const DistinctParams& params) {
  const auto& answer = value.as<Sequence>();
  const auto& values = answer.items.at(0).as<NdArray>();
  const std::int64_t* positions = nullptr;
  const std::int64_t* counts = nullptr;
  if (params.wants_positions) positions = answer.items.at(1).as<NdArray>().data<std::int64_t>();
  if (params.wants_counts) counts = answer.items.back().as<NdArray>().data<std::int64_t>();
  Entries<T> entries(static_cast<std::size_t>(values.size()));
  for (std::int64_t i = 0; i < values.size(); ++i) {
    entries[static_cast<std::size_t>(i)] = {values.data<T>()[i], positions ? positions[i] : 0, counts ? counts[i] : 0};
  }
  return entries;
}

// Of equal values, those of `a` stand first in the array.
template <class T>
Entries<T> merged(const Entries<T>& a, const Entries<T>& b) {
  Entries<T> both;
  both.reserve(a.size() + b.size());
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    const bool takes_a = j == b.size() || (i < a.size() && !comes_first(b[j], a[i]));
    add_or_count(both, takes_a ? a[i++] : b[j++]);
  }
  return both;
}

bool wants_values_only(const DistinctParams& params) { return !params.wants_positions && !params.wants_counts; }

Value only_values(NdArray values) { return Value::of(Sequence{{Value::of(std::move(values))}}); }

// The first `count` elements, without the memory of many others.
NdArray shortened(const NdArray& values, std::int64_t count) {
  const NdArray first = values.sliced(0, 0, count);
  return count * 2 < values.size() ? first.copy() : first;
}

template <class T>
NdArray sorted_values(const NdArray& block) {
  NdArray sorted = block.reshaped({block.size()}).copy();
  T* values = sorted.mutable_data<T>();
  sort_elements(values, sorted.size());
  const T* end = std::unique(values, values + sorted.size(), [](T a, T b) { return element::sorts_equal(a, b); });
  return shortened(sorted, end - values);
}

template <class T>
NdArray union_of(const NdArray& a, const NdArray& b) {
  NdArray both = NdArray::empty(a.dtype(), {a.size() + b.size()});
  const T* x = a.data<T>();
  const T* y = b.data<T>();
  const T* const end_x = x + a.size();
  const T* const end_y = y + b.size();
  T* to = both.mutable_data<T>();
  while (x != end_x && y != end_y) {
    const bool takes_x = !element::sorts_before(*y, *x);
    const bool takes_y = !element::sorts_before(*x, *y);
    *to++ = takes_x ? *x : *y;
    x += takes_x;
    y += takes_y;
  }
  to = std::copy(x, end_x, to);
  to = std::copy(y, end_y, to);
  return shortened(both, to - both.data<T>());
}

// Neighbours become one two by two, so that long lists are not walked again and again.
template <class Part, class F>
Part merged_by_pairs(std::vector<Part> parts, const TaskContext& context, F&& merge) {
  while (parts.size() > 1) {
    context.check_cancelled();
    std::vector<Part> fewer;
    for (std::size_t i = 0; i + 1 < parts.size(); i += 2) fewer.push_back(merge(parts[i], parts[i + 1]));
    if (parts.size() % 2 == 1) fewer.push_back(std::move(parts.back()));
    parts = std::move(fewer);
  }
  return std::move(parts[0]);
}

Value distinct(Inputs inputs, const DistinctParams& params, const TaskContext& context) {
  const NdArray block = inputs[0].as<NdArray>().contiguous();
  Value answer;
  visit_dtype(block.dtype(), [&]<class Tag>(Tag) {
    using T = typename Tag::type;
    FewValues<T> few;
    const bool are_few = few.add(block.data<T>(), block.size(), context);
    if (!are_few && wants_values_only(params)) {
      answer = only_values(sorted_values<T>(block));
      return;
    }
    Entries<T> entries = are_few ? few.take() : by_sorting<T>(block, params.wants_positions);
    for (Entry<T>& entry : entries) entry.position += params.first_position;
    answer = answer_of(entries, params);
  });
  return answer;
}

Value merge_distinct(Inputs inputs, const DistinctParams& params, const TaskContext& context) {
  const DType dtype = inputs[0].as<Sequence>().items.at(0).as<NdArray>().dtype();
  Value answer;
  visit_dtype(dtype, [&]<class Tag>(Tag) {
    using T = typename Tag::type;
    if (wants_values_only(params)) {
      std::vector<NdArray> parts;
      for (const Value& input : inputs) parts.push_back(input.as<Sequence>().items.at(0).as<NdArray>());
      answer = only_values(merged_by_pairs(std::move(parts), context, union_of<T>));
      return;
    }
    std::vector<Entries<T>> parts;
    for (const Value& input : inputs) parts.push_back(entries_of<T>(input, params));
    answer = answer_of(merged_by_pairs(std::move(parts), context, merged<T>), params);
  });
  return answer;
}

}  // namespace

void register_distinct_kernels() {
  define(distinct_kernel, "The distinct elements of a block in order.", distinct);
  define(merge_distinct_kernel, "Distinct elements of several blocks as one.", merge_distinct);
}

}  // namespace plait
