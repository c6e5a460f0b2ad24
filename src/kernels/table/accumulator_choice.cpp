// Aggregates that choose one of the group's values: min, max, first, last.
#include <limits>
#include <string>

#include "kernels/table/accumulator_parts.h"

namespace plait {
namespace {

using Arrays = std::vector<std::shared_ptr<arrow::Array>>;

// Whether `candidate` takes the place of `current`, which is there.
template <Primitive kind, class V>
bool replaces(const V& candidate, const V& current) {
  if constexpr (kind == Primitive::min) return candidate < current;
  if constexpr (kind == Primitive::max) return current < candidate;
  return kind == Primitive::last;
}

template <class V>
std::shared_ptr<arrow::Array> choice_array(const PooledVector<V>& values, const PooledVector<std::uint8_t>& present,
                                           std::uint32_t num_groups, const std::shared_ptr<arrow::DataType>& type) {
  initialize_arrow();
  auto builder = value_or_throw(arrow::MakeBuilder(type), "min, max, first, last");
  const auto append = [&]<class Builder>(Builder& typed) {
    for (std::uint32_t g = 1; g <= num_groups; ++g) {
      if constexpr (std::is_same_v<V, std::string>)
        check_arrow(present[g] ? typed.Append(values[g]) : typed.AppendNull(), "value");
      else
        check_arrow(
            present[g] ? typed.Append(static_cast<typename Builder::value_type>(values[g])) : typed.AppendNull(),
            "value");
    }
  };
  if constexpr (std::is_same_v<V, std::string>) {
    if (type->id() == arrow::Type::LARGE_STRING)
      append(static_cast<arrow::LargeStringBuilder&>(*builder));
    else
      append(static_cast<arrow::StringBuilder&>(*builder));
    return value_or_throw(builder->Finish(), "value");
  } else if constexpr (std::is_same_v<V, double>) {
    if (type->id() == arrow::Type::FLOAT)
      append(static_cast<arrow::FloatBuilder&>(*builder));
    else
      append(static_cast<arrow::DoubleBuilder&>(*builder));
    return value_or_throw(builder->Finish(), "value");
  } else {
    PooledVector<std::int64_t> compact(values.begin() + 1, values.begin() + 1 + num_groups);
    auto plain = array_of_integers(compact, -1, type);
    if (std::find(present.begin() + 1, present.begin() + 1 + num_groups, 0) == present.begin() + 1 + num_groups)
      return plain;
    arrow::BooleanBuilder bits;
    check_arrow(bits.AppendValues(present.data() + 1, num_groups), "value");
    auto validity = value_or_throw(bits.Finish(), "value");
    auto data = plain->data()->Copy();
    data->buffers[0] = validity->data()->buffers[1];
    data->null_count = arrow::kUnknownNullCount;
    return arrow::MakeArray(data);
  }
}

template <Primitive kind, class V>
class Choice final : public Accumulator {
 public:
  explicit Choice(std::shared_ptr<arrow::DataType> type) : type_(std::move(type)) {}

  void update(const arrow::Array& values, const std::uint32_t* ids, std::uint32_t num_groups) override {
    resize(num_groups);
    if constexpr (std::is_same_v<V, std::string>) {
      visit_texts(values, [&](const auto& texts) {
        for (std::int64_t i = 0; i < values.length(); ++i) {
          if (!values.IsNull(i)) offer_text(ids[i], texts[i]);
        }
      });
    } else {
      visit_numbers(values, [&]<class T>(const T* from) {
        const bool has_nulls = values.null_count() > 0;
        for (std::int64_t i = 0; i < values.length(); ++i) {
          if ((has_nulls && values.IsNull(i)) || from[i] != from[i]) continue;
          const V value = static_cast<V>(from[i]);
          const std::uint32_t id = ids[i];
          if (!present_[id] || replaces<kind>(value, values_[id])) values_[id] = value;
          present_[id] = 1;
        }
      });
    }
  }
  void merge(const Arrays& state, const std::uint32_t* ids, std::uint32_t num_groups) override {
    update(*state[0], ids, num_groups);
  }
  Arrays state(std::uint32_t num_groups) override {
    resize(num_groups);
    return {choice_array(values_, present_, num_groups, type_)};
  }

 private:
  void resize(std::uint32_t num_groups) {
    values_.resize(num_groups + 1);
    present_.resize(num_groups + 1, 0);
  }
  void offer_text(std::uint32_t id, std::string_view text) {
    if (!present_[id] || replaces<kind>(text, std::string_view(values_[id]))) values_[id] = text;
    present_[id] = 1;
  }

  std::shared_ptr<arrow::DataType> type_;
  PooledVector<V> values_;
  PooledVector<std::uint8_t> present_;
};

template <class V>
std::unique_ptr<Accumulator> make_choice_of(Primitive primitive, const std::shared_ptr<arrow::DataType>& type) {
  switch (primitive) {
    case Primitive::min:
      return std::make_unique<Choice<Primitive::min, V>>(type);
    case Primitive::max:
      return std::make_unique<Choice<Primitive::max, V>>(type);
    case Primitive::first:
      return std::make_unique<Choice<Primitive::first, V>>(type);
    default:
      return std::make_unique<Choice<Primitive::last, V>>(type);
  }
}

}  // namespace

std::unique_ptr<Accumulator> make_choice(Primitive primitive, const std::shared_ptr<arrow::DataType>& type) {
  if (is_text(*type)) return make_choice_of<std::string>(primitive, type);
  if (arrow::is_floating(type->id())) return make_choice_of<double>(primitive, type);
  if (type->id() == arrow::Type::UINT64) return make_choice_of<std::uint64_t>(primitive, type);
  if (has_integer_form(*type)) return make_choice_of<std::int64_t>(primitive, type);
  throw NoNativeForm("a column of type " + type->ToString() + " has no min, max, first or last by groups");
}

}  // namespace plait
