// What the files of accumulators share: loops over present values, state columns from slots.
#pragma once

#include <arrow/api.h>

#include <cmath>
#include <cstdint>
#include <memory>

#include "base/buffer.h"
#include "kernels/table/accumulator.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/table_memory.h"
#include "kernels/table/typed_column.h"

namespace plait {

// f(row, whether its value is present), row by row.
template <class F>
void for_each_present(const arrow::Array& values, F&& f) {
  const std::int64_t count = values.length();
  if (values.null_count() > 0) {
    const bool is_float = arrow::is_floating(values.type_id());
    for (std::int64_t i = 0; i < count; ++i) {
      bool present = !values.IsNull(i);
      if (present && is_float) visit_floats(values, [&](const auto* from) { present = !std::isnan(from[i]); });
      f(i, present);
    }
  } else if (arrow::is_floating(values.type_id())) {
    visit_floats(values, [&](const auto* from) {
      for (std::int64_t i = 0; i < count; ++i) f(i, from[i] == from[i]);
    });
  } else {
    for (std::int64_t i = 0; i < count; ++i) f(i, true);
  }
}

// An int64 or double array of value_at(1) .. value_at(num_groups).
template <class T, class F>
std::shared_ptr<arrow::Array> array_of_slots(std::uint32_t num_groups, const F& value_at) {
  std::shared_ptr<arrow::Buffer> buffer =
      value_or_throw(arrow::AllocateBuffer(num_groups * static_cast<std::int64_t>(sizeof(T)), table_memory()), "state");
  auto* to = reinterpret_cast<T*>(buffer->mutable_data());
  for (std::uint32_t g = 1; g <= num_groups; ++g) to[g - 1] = value_at(g);
  const auto type = std::is_same_v<T, double> ? arrow::float64() : arrow::int64();
  return arrow::MakeArray(arrow::ArrayData::Make(type, num_groups, {nullptr, std::move(buffer)}, 0));
}

// accumulator_choice.cpp
std::unique_ptr<Accumulator> make_choice(Primitive primitive, const std::shared_ptr<arrow::DataType>& type);
// accumulator_lists.cpp
std::unique_ptr<Accumulator> make_distinct(const std::shared_ptr<arrow::DataType>& type);
// Of one group. Where values hardly repeat they are kept as they come.
std::unique_ptr<Accumulator> make_loosely_distinct(const std::shared_ptr<arrow::DataType>& type);
std::unique_ptr<Accumulator> make_values();
// accumulator_pairs.cpp
std::unique_ptr<Accumulator> make_comoments();

}  // namespace plait
