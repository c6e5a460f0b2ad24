// The result of one aggregate from its states: of groups, or of a whole column, which is one group.
#pragma once

#include <arrow/api.h>

#include <memory>
#include <vector>

#include "kernels/table/accumulator.h"
#include "kernels/table/groupby.h"
#include "kernels/table/typed_column.h"

namespace plait {

// The states of one aggregate, and the type of the column they came from.
struct AggregateState {
  std::vector<std::shared_ptr<arrow::Array>> parts;
  ColumnType source;

  std::int64_t size() const { return parts[0]->length(); }
  double number(int part, std::int64_t row) const {
    return visit_numbers(*parts[part], [&](const auto* values) { return static_cast<double>(values[row]); });
  }
};

// With pandas' result types: sums of bools are int64, means of float32 are float32, ...
std::shared_ptr<arrow::Array> aggregate_result(const AggregateState& state, const Aggregate& aggregate,
                                               Primitive primitive);
TypeFamily family_of_result(const AggregateState& state, Aggregation function);

// Sums and products of small integers by group have the column's type where every one fits, as in pandas.
std::shared_ptr<arrow::Array> in_small_type(const std::shared_ptr<arrow::Array>& values, const ColumnType& source,
                                            Aggregation function);

}  // namespace plait
