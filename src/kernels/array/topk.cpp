#include "kernels/array/topk.h"

#include <cstdlib>
#include <vector>

#include "base/buffer.h"
#include "base/check.h"
#include "kernels/array/element_order.h"
#include "kernels/array/lines.h"

namespace plait {
namespace {

template <class T>
struct Placed {
  T value;
  std::int64_t position;
};

template <class T>
T value_of(T item) {
  return item;
}
template <class T>
T value_of(const Placed<T>& item) {
  return item.value;
}

// Whether `a` comes before `b` in the answer; of equal elements, the first in the array.
template <bool largest>
struct Before {
  template <class Item>
  bool operator()(const Item& a, const Item& b) const {
    const auto x = value_of(a);
    const auto y = value_of(b);
    if constexpr (requires { a.position; }) {
      if (element::sorts_equal(x, y)) return a.position < b.position;
    }
    return largest ? element::sorts_before(y, x) : element::sorts_before(x, y);
  }
};

// Keeps the first `limit` items in an order. Most items of a long line only meet the comparison with the worst kept.
template <class Item, class Order>
class Best {
 public:
  explicit Best(std::int64_t limit) : limit_(static_cast<std::size_t>(limit)) {}

  void clear() {
    kept_.clear();
    is_full_ = false;
  }
  void add(const Item& item) {
    if (is_full_ && !Order{}(item, worst_)) return;
    kept_.push_back(item);
    if (kept_.size() >= 2 * limit_ && kept_.size() >= 64) shrink();
  }
  const PooledVector<Item>& finish(bool in_order) {
    if (kept_.size() > limit_) shrink();
    if (in_order) std::sort(kept_.begin(), kept_.end(), Order{});
    return kept_;
  }

 private:
  void shrink() {
    const auto last = kept_.begin() + static_cast<std::ptrdiff_t>(limit_ - 1);
    std::nth_element(kept_.begin(), last, kept_.end(), Order{});
    kept_.resize(limit_);
    worst_ = kept_.back();
    is_full_ = true;
  }

  std::size_t limit_;
  PooledVector<Item> kept_;
  Item worst_{};
  bool is_full_ = false;
};

// Values, and positions where they are wanted and known, of one input.
struct Part {
  NdArray values;
  NdArray positions;
};

std::vector<Part> parts_of(Inputs inputs, const TopkParams& params) {
  std::vector<Part> parts;
  for (const Value& input : inputs) {
    if (params.is_leaf || !params.wants_positions) {
      parts.push_back({booleans_as_bytes(input.as<NdArray>().contiguous()), NdArray()});
    } else {
      const auto& pair = input.as<Sequence>();
      parts.push_back({booleans_as_bytes(pair.items.at(0).as<NdArray>()), pair.items.at(1).as<NdArray>()});
    }
  }
  return parts;
}

template <class T>
void add_line(auto& best, const Part& part, std::int64_t line, const TopkParams& params) {
  const std::int64_t extent = part.values.shape().back();
  const T* values = part.values.data<T>() + line * extent;
  if constexpr (requires { best.add(values[0]); }) {
    for (std::int64_t i = 0; i < extent; ++i) best.add(values[i]);
  } else if (params.is_leaf) {
    for (std::int64_t i = 0; i < extent; ++i) best.add({values[i], params.first_position + i});
  } else {
    const auto* positions = part.positions.data<std::int64_t>() + line * extent;
    for (std::int64_t i = 0; i < extent; ++i) best.add({values[i], positions[i]});
  }
}

struct Answer {
  NdArray values;
  NdArray positions;
};

template <class T, class Order, class Item>
void fill(Answer& answer, const std::vector<Part>& parts, const TopkParams& params, const TaskContext& context) {
  const std::int64_t extent = answer.values.shape().back();
  const std::int64_t num_lines = extent == 0 ? 0 : answer.values.size() / extent;
  Best<Item, Order> best(std::max<std::int64_t>(std::abs(params.k), 1));
  for (std::int64_t line = 0; line < num_lines; ++line) {
    context.check_cancelled();
    best.clear();
    for (const Part& part : parts) add_line<T>(best, part, line, params);
    T* values = answer.values.mutable_data<T>() + line * extent;
    for (const Item& item : best.finish(params.is_last)) {
      if constexpr (requires { item.position; })
        answer.positions.mutable_data<std::int64_t>()[values - answer.values.data<T>()] = item.position;
      *values++ = value_of(item);
    }
  }
}

template <class T>
void fill_of(Answer& answer, const std::vector<Part>& parts, const TopkParams& params, const TaskContext& context) {
  if (params.wants_positions) {
    if (params.k > 0)
      fill<T, Before<true>, Placed<T>>(answer, parts, params, context);
    else
      fill<T, Before<false>, Placed<T>>(answer, parts, params, context);
  } else if (params.k > 0) {
    fill<T, Before<true>, T>(answer, parts, params, context);
  } else {
    fill<T, Before<false>, T>(answer, parts, params, context);
  }
}

DType inputs_dtype(Inputs inputs, const TopkParams& params) {
  const Value& first = inputs[0];
  if (params.is_leaf || !params.wants_positions) return first.as<NdArray>().dtype();
  return first.as<Sequence>().items.at(0).as<NdArray>().dtype();
}

Value topk(Inputs inputs, const TopkParams& params, const TaskContext& context) {
  const std::vector<Part> parts = parts_of(inputs, params);
  const DType dtype = parts[0].values.dtype();
  Shape shape = parts[0].values.shape();
  std::int64_t extent = 0;
  for (const Part& part : parts) extent += part.values.shape().back();
  shape.back() = std::min(std::abs(params.k), extent);

  const DType stored = inputs_dtype(inputs, params);
  Answer answer{NdArray::empty(dtype, shape), NdArray()};
  if (params.wants_positions) answer.positions = NdArray::empty(DType::int64, shape);
  visit_stored(dtype, [&]<class Tag>(Tag) { fill_of<typename Tag::type>(answer, parts, params, context); });
  if (stored != dtype) answer.values = seen_as(answer.values, stored);
  if (!params.is_last && params.wants_positions)
    return Value::of(Sequence{{Value::of(std::move(answer.values)), Value::of(std::move(answer.positions))}});
  NdArray result = params.wants_positions ? std::move(answer.positions) : std::move(answer.values);
  if (!params.is_last || context.destination() == nullptr) return Value::of(std::move(result));
  NdArray out = context.output(result.dtype(), shape);
  out.assign(result);
  return Value::of(std::move(out));
}

}  // namespace

void register_topk_kernels() {
  define(topk_kernel, "The largest or smallest elements of lines, or where they stand.", topk);
}

}  // namespace plait
