#include "kernels/table/arrow_table.h"
#include "kernels/table/ranked_keys.h"
#include "kernels/table/reduce.h"
#include "kernels/table/statistics.h"

namespace plait {
namespace {

void require_ordered_numbers(const std::string& name, const ColumnType& type) {
  const bool is_number = is_numeric(type.kind) || type.kind == TypeKind::bool_;
  const bool is_time = type.kind == TypeKind::datetime || type.kind == TypeKind::timedelta;
  const bool native = type.family == TypeFamily::arrow    ? is_numeric(type.kind)
                      : type.family == TypeFamily::object ? false
                                                          : is_number || is_time;
  if (!native) throw NoNativeForm("median of column '" + name + "', which has type " + plait::name(type));
}

Table median_partial(const Table& table, const StatisticParams&) {
  for (const std::string& name : table.names()) require_ordered_numbers(name, table.type(name));
  return sorted_keys(table);
}

// The median is the mean of the two values in the middle, which are one and the same for an odd count.
Table median_finalize(const std::vector<Table>& ranked, const StatisticParams& params) {
  std::vector<NamedColumn> columns;
  for (const std::string& name : params.meta.names()) {
    const RankedValues values(ranked.at(0), static_cast<std::int64_t>(columns.size()));
    const auto& type = values.type();
    const bool is_lost = values.size() == 0 || (values.has_missing() && !params.skipna);
    auto middle = is_lost ? value_or_throw(arrow::MakeArrayOfNull(type, 2), "median") : values.pair(0);
    if (!is_lost && values.size() % 2 == 1)
      middle = value_or_throw(arrow::Concatenate({middle->Slice(0, 1), middle->Slice(0, 1)}), "median");
    columns.push_back({name, chunked(middle), params.meta.type(name).family});
  }
  return reduce(table_of(columns, {}, params.meta.form(), 2), {.reduction = Reduction::mean});
}

}  // namespace

// A partition's partial is its values in order.
const StatisticSteps kMedian{"median", median_partial, nullptr, median_finalize};

}  // namespace plait
