#include "kernels/table/accumulator.h"

#include <arrow/api.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "kernels/table/accumulator_parts.h"
#include "kernels/table/co_moments.h"

namespace plait {
namespace {

using Arrays = std::vector<std::shared_ptr<arrow::Array>>;

class Size final : public Accumulator {
 public:
  void update(const arrow::Array& values, const std::uint32_t* ids, std::uint32_t num_groups) override {
    counts_.resize(num_groups + 1, 0);
    for (std::int64_t i = 0; i < values.length(); ++i) ++counts_[ids[i]];
  }
  void merge(const Arrays& state, const std::uint32_t* ids, std::uint32_t num_groups) override {
    counts_.resize(num_groups + 1, 0);
    const auto* from = state[0]->data()->GetValues<std::int64_t>(1);
    for (std::int64_t i = 0; i < state[0]->length(); ++i) counts_[ids[i]] += from[i];
  }
  Arrays state(std::uint32_t num_groups) override {
    counts_.resize(num_groups + 1, 0);
    return {array_of_slots<std::int64_t>(num_groups, [&](std::size_t g) { return counts_[g]; })};
  }

 protected:
  PooledVector<std::int64_t> counts_;
};

class Count final : public Accumulator {
 public:
  void update(const arrow::Array& values, const std::uint32_t* ids, std::uint32_t num_groups) override {
    counts_.resize(num_groups + 1, 0);
    for_each_present(values, [&](std::int64_t i, bool present) { counts_[ids[i]] += present; });
  }
  void merge(const Arrays& state, const std::uint32_t* ids, std::uint32_t num_groups) override {
    counts_.resize(num_groups + 1, 0);
    const auto* from = state[0]->data()->GetValues<std::int64_t>(1);
    for (std::int64_t i = 0; i < state[0]->length(); ++i) counts_[ids[i]] += from[i];
  }
  Arrays state(std::uint32_t num_groups) override {
    counts_.resize(num_groups + 1, 0);
    return {array_of_slots<std::int64_t>(num_groups, [&](std::size_t g) { return counts_[g]; })};
  }

 private:
  PooledVector<std::int64_t> counts_;
};

// Sums and counts of numbers. Acc is int64 for integers, double for floats. Integers are also summed as doubles: the
// sum wraps around as NumPy's does, the mean must not.
template <class Acc>
class Sum final : public Accumulator {
 public:
  void update(const arrow::Array& values, const std::uint32_t* ids, std::uint32_t num_groups) override {
    slots_.resize(num_groups + 1);
    if (values.null_count() > 0) {
      visit_numbers(values, [&]<class T>(const T* from) {
        for (std::int64_t i = 0; i < values.length(); ++i) {
          if (!values.IsNull(i)) add(slots_[ids[i]], from[i]);
        }
      });
    } else if (num_groups < kFewGroups) {
      visit_numbers(values, [&]<class T>(const T* from) { add_in_lanes(from, values.length(), ids); });
    } else {
      visit_numbers(values, [&]<class T>(const T* from) {
        for (std::int64_t i = 0; i < values.length(); ++i) add(slots_[ids[i]], from[i]);
      });
    }
  }
  void merge(const Arrays& state, const std::uint32_t* ids, std::uint32_t num_groups) override {
    slots_.resize(num_groups + 1);
    const auto* counts = state[1]->data()->GetValues<std::int64_t>(1);
    visit_numbers(*state[0], [&]<class T>(const T* sums) {
      for (std::int64_t i = 0; i < state[0]->length(); ++i) {
        Slot& slot = slots_[ids[i]];
        slot.sum = wrapped_sum(slot.sum, static_cast<Acc>(sums[i]));
        slot.count += counts[i];
      }
    });
    if constexpr (kIsInteger) {
      const auto* wide = state[2]->data()->GetValues<double>(1);
      for (std::int64_t i = 0; i < state[0]->length(); ++i) slots_[ids[i]].wide += wide[i];
    }
  }
  Arrays state(std::uint32_t num_groups) override {
    slots_.resize(num_groups + 1);
    Arrays columns = {array_of_slots<Acc>(num_groups, [&](std::size_t g) { return slots_[g].sum; }),
                      array_of_slots<std::int64_t>(num_groups, [&](std::size_t g) { return slots_[g].count; })};
    if constexpr (kIsInteger)
      columns.push_back(array_of_slots<double>(num_groups, [&](std::size_t g) { return slots_[g].wide; }));
    else
      columns.push_back(columns[0]);
    return columns;
  }

 private:
  static constexpr std::uint32_t kFewGroups = 256;
  static constexpr int kLanes = 4;
  static constexpr bool kIsInteger = std::is_integral_v<Acc>;
  struct FloatSlot {
    Acc sum = 0;
    std::int64_t count = 0;
  };
  struct IntegerSlot : FloatSlot {
    double wide = 0;
  };
  using Slot = std::conditional_t<kIsInteger, IntegerSlot, FloatSlot>;

  static Acc wrapped_sum(Acc a, Acc b) {
    if constexpr (kIsInteger)
      return static_cast<Acc>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
    else
      return a + b;
  }
  template <class T>
  static void add(Slot& slot, T given) {
    const auto value = static_cast<Acc>(given);
    if constexpr (!kIsInteger) {
      const bool present = value == value;
      slot.sum += present ? value : 0;
      slot.count += present;
    } else {
      slot.sum = wrapped_sum(slot.sum, value);
      slot.wide += static_cast<double>(given);
      ++slot.count;
    }
  }

  // Neighbouring rows often belong to one group: four slots a group keep their additions from waiting for each other.
  template <class T>
  void add_in_lanes(const T* from, std::int64_t count, const std::uint32_t* ids) {
    lanes_.assign(slots_.size() * kLanes, Slot{});
    std::int64_t i = 0;
    for (; i + kLanes <= count; i += kLanes) {
      for (int lane = 0; lane < kLanes; ++lane) add(lanes_[ids[i + lane] * kLanes + lane], from[i + lane]);
    }
    for (; i < count; ++i) add(lanes_[ids[i] * kLanes], from[i]);
    for (std::size_t g = 0; g < slots_.size(); ++g) {
      for (int lane = 0; lane < kLanes; ++lane) {
        const Slot& from_lane = lanes_[g * kLanes + lane];
        slots_[g].sum = wrapped_sum(slots_[g].sum, from_lane.sum);
        slots_[g].count += from_lane.count;
        if constexpr (kIsInteger) slots_[g].wide += from_lane.wide;
      }
    }
  }

  PooledVector<Slot> slots_;
  PooledVector<Slot> lanes_;
};

// Count, mean and the sum of squared distances from it.
class Moments final : public Accumulator {
 public:
  void update(const arrow::Array& values, const std::uint32_t* ids, std::uint32_t num_groups) override {
    slots_.resize(num_groups + 1);
    const bool has_nulls = values.null_count() > 0;
    visit_numbers(values, [&]<class T>(const T* from) {
      const auto value_at = [&](std::int64_t i) {
        return has_nulls && values.IsNull(i) ? std::nan("") : static_cast<double>(from[i]);
      };
      if (static_cast<std::int64_t>(num_groups) * 4 > values.length())
        add_one_by_one(values.length(), ids, value_at);
      else
        add_in_two_passes(values.length(), ids, value_at);
    });
  }
  void merge(const Arrays& state, const std::uint32_t* ids, std::uint32_t num_groups) override {
    slots_.resize(num_groups + 1);
    const auto* counts = state[0]->data()->GetValues<double>(1);
    const auto* means = state[1]->data()->GetValues<double>(1);
    const auto* squares = state[2]->data()->GetValues<double>(1);
    for (std::int64_t i = 0; i < state[0]->length(); ++i) join(slots_[ids[i]], {counts[i], means[i], squares[i]});
  }
  Arrays state(std::uint32_t num_groups) override {
    slots_.resize(num_groups + 1);
    return {array_of_slots<double>(num_groups, [&](std::size_t g) { return slots_[g].count; }),
            array_of_slots<double>(num_groups, [&](std::size_t g) { return slots_[g].mean; }),
            array_of_slots<double>(num_groups, [&](std::size_t g) { return slots_[g].squares; })};
  }

 private:
  struct Slot {
    double count = 0;
    double mean = 0;
    double squares = 0;
  };

  // Chan's formula.
  static void join(Slot& to, const Slot& from) {
    if (from.count == 0) return;
    const double count = to.count + from.count;
    const double delta = from.mean - to.mean;
    to.mean += delta * from.count / count;
    to.squares += from.squares + delta * delta * to.count * from.count / count;
    to.count = count;
  }
  template <class F>
  void add_one_by_one(std::int64_t count, const std::uint32_t* ids, const F& value_at) {
    for (std::int64_t i = 0; i < count; ++i) {
      const double value = value_at(i);
      if (std::isnan(value)) continue;
      Slot& slot = slots_[ids[i]];
      slot.count += 1;
      const double delta = value - slot.mean;
      slot.mean += delta / slot.count;
      slot.squares += delta * (value - slot.mean);
    }
  }
  template <class F>
  void add_in_two_passes(std::int64_t count, const std::uint32_t* ids, const F& value_at) {
    std::vector<Slot> batch(slots_.size());
    for (std::int64_t i = 0; i < count; ++i) {
      const double value = value_at(i);
      const bool present = value == value;
      batch[ids[i]].count += present;
      batch[ids[i]].mean += present ? value : 0;
    }
    for (Slot& slot : batch) slot.mean = slot.count > 0 ? slot.mean / slot.count : 0;
    for (std::int64_t i = 0; i < count; ++i) {
      const double value = value_at(i);
      const double delta = value == value ? value - batch[ids[i]].mean : 0;
      batch[ids[i]].squares += delta * delta;
    }
    for (std::size_t g = 0; g < batch.size(); ++g) join(slots_[g], batch[g]);
  }

  PooledVector<Slot> slots_;
};

template <class Acc>
class Product final : public Accumulator {
 public:
  void update(const arrow::Array& values, const std::uint32_t* ids, std::uint32_t num_groups) override {
    resize(num_groups);
    visit_numbers(values, [&]<class T>(const T* from) {
      for_each_present(values, [&](std::int64_t i, bool present) {
        if (!present) return;
        products_[ids[i]] *= static_cast<Acc>(from[i]);
        ++counts_[ids[i]];
      });
    });
  }
  void merge(const Arrays& state, const std::uint32_t* ids, std::uint32_t num_groups) override {
    resize(num_groups);
    const auto* counts = state[1]->data()->GetValues<std::int64_t>(1);
    visit_numbers(*state[0], [&]<class T>(const T* from) {
      for (std::int64_t i = 0; i < state[0]->length(); ++i) {
        products_[ids[i]] *= static_cast<Acc>(from[i]);
        counts_[ids[i]] += counts[i];
      }
    });
  }
  Arrays state(std::uint32_t num_groups) override {
    resize(num_groups);
    return {array_of_slots<Acc>(num_groups, [&](std::size_t g) { return products_[g]; }),
            array_of_slots<std::int64_t>(num_groups, [&](std::size_t g) { return counts_[g]; })};
  }

 private:
  void resize(std::uint32_t num_groups) {
    products_.resize(num_groups + 1, 1);
    counts_.resize(num_groups + 1, 0);
  }
  PooledVector<Acc> products_;
  PooledVector<std::int64_t> counts_;
};

// any and all: one bool a group.
class Logic final : public Accumulator {
 public:
  explicit Logic(bool all) : all_(all) {}
  void update(const arrow::Array& values, const std::uint32_t* ids, std::uint32_t num_groups) override {
    slots_.resize(num_groups + 1, all_);
    if (is_text(*values.type())) {
      visit_texts(values,
                  [&](const auto& texts) { add(values, ids, [&](std::int64_t i) { return texts.size(i) > 0; }); });
    } else {
      visit_numbers(values,
                    [&]<class T>(const T* from) { add(values, ids, [&](std::int64_t i) { return from[i] != T{}; }); });
    }
  }
  void merge(const Arrays& state, const std::uint32_t* ids, std::uint32_t num_groups) override {
    update(*state[0], ids, num_groups);
  }
  Arrays state(std::uint32_t num_groups) override {
    slots_.resize(num_groups + 1, all_);
    arrow::BooleanBuilder builder;
    check_arrow(builder.AppendValues(slots_.data() + 1, num_groups), "any, all");
    return {value_or_throw(builder.Finish(), "any, all")};
  }

 private:
  template <class F>
  void add(const arrow::Array& values, const std::uint32_t* ids, const F& is_true) {
    for_each_present(values, [&](std::int64_t i, bool present) {
      if (!present) return;
      std::uint8_t& slot = slots_[ids[i]];
      slot = all_ ? slot && is_true(i) : slot || is_true(i);
    });
  }
  bool all_;
  PooledVector<std::uint8_t> slots_;
};

}  // namespace

int num_state_columns(Primitive primitive) {
  switch (primitive) {
    case Primitive::prod:
      return 2;
    case Primitive::sum:
    case Primitive::moments:
      return 3;
    case Primitive::comoments:
      return static_cast<int>(CoMoments::members().size());
    default:
      return 1;
  }
}

std::unique_ptr<Accumulator> make_accumulator(Primitive primitive, const std::shared_ptr<arrow::DataType>& type) {
  const bool is_number = arrow::is_numeric(type->id()) || has_integer_form(*type);
  const bool is_float = arrow::is_floating(type->id());
  // The mean of moments in time needs more range than a 64-bit sum of them has.
  const bool sums_floats = is_float || type->id() == arrow::Type::TIMESTAMP;
  switch (primitive) {
    case Primitive::size:
      return std::make_unique<Size>();
    case Primitive::count:
      return std::make_unique<Count>();
    case Primitive::first:
    case Primitive::last:
    case Primitive::min:
    case Primitive::max:
      return make_choice(primitive, type);
    case Primitive::distinct:
      return make_distinct(type);
    case Primitive::comoments:
      return make_comoments();
    case Primitive::any:
      return std::make_unique<Logic>(false);
    case Primitive::all:
      return std::make_unique<Logic>(true);
    default:
      break;
  }
  if (!is_number)
    throw type_error("a column of type " + type->ToString() + " has no sum, mean or variance; expected numbers");
  if (primitive == Primitive::sum) {
    if (sums_floats) return std::make_unique<Sum<double>>();
    return std::make_unique<Sum<std::int64_t>>();
  }
  if (primitive == Primitive::prod) {
    if (is_float) return std::make_unique<Product<double>>();
    return std::make_unique<Product<std::int64_t>>();
  }
  if (primitive == Primitive::values) return make_values();
  return std::make_unique<Moments>();
}

}  // namespace plait
