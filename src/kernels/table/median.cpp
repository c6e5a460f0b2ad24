#include <algorithm>
#include <bit>
#include <cstring>

#include "base/kernel.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/column_output.h"
#include "kernels/table/order_keys.h"
#include "kernels/table/radix_sort.h"
#include "kernels/table/reduce.h"
#include "kernels/table/statistics.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;

void require_ordered_numbers(const std::string& name, const ColumnType& type) {
  const bool is_number = is_numeric(type.kind) || type.kind == TypeKind::bool_;
  const bool is_time = type.kind == TypeKind::datetime || type.kind == TypeKind::timedelta;
  const bool native = type.family == TypeFamily::arrow    ? is_numeric(type.kind)
                      : type.family == TypeFamily::object ? false
                                                          : is_number || is_time;
  if (!native) throw NoNativeForm("median of column '" + name + "', which has type " + plait::name(type));
}

// The keys of the values that are there, in order; then nulls for those that are not.
NamedColumn sorted_keys(const NamedColumn& column) {
  const auto array = array_of(column.values);
  const OrderKeys keys = order_keys(array);
  PooledVector<KeyedRow> rows;
  rows.reserve(keys.keys.size());
  for (std::size_t i = 0; i < keys.keys.size(); ++i) {
    if (!keys.is_missing(i)) rows.push_back({keys.keys[i], 0});
  }
  radix_sort(rows);
  ColumnOutput<std::uint64_t> out(array->length());
  for (std::size_t i = 0; i < rows.size(); ++i) out.set(static_cast<std::int64_t>(i), rows[i].key);
  for (auto i = static_cast<std::int64_t>(rows.size()); i < array->length(); ++i) out.set_null(i);
  return {column.name, chunked(out.finish(arrow::uint64())), TypeFamily::arrow};
}

// Several sorted lists of keys, as if they were one.
class SortedLists {
 public:
  SortedLists(const std::vector<Table>& partials, const std::string& name) {
    for (const Table& partial : partials) {
      const auto array = array_of(partial, name);
      rows_ += array->length();
      const std::int64_t present = array->length() - array->null_count();
      size_ += present;
      const auto* keys = array->data()->GetValues<std::uint64_t>(1);
      lists_.emplace_back(keys, keys + present);
      arrays_.push_back(array);
    }
  }
  std::int64_t size() const { return size_; }
  bool has_missing() const { return size_ < rows_; }

  // The key with that many keys before it. Found bit by bit: the greatest bound that no more keys lie below of.
  std::uint64_t at(std::int64_t rank) const {
    std::uint64_t key = 0;
    for (int bit = 63; bit >= 0; --bit) {
      const std::uint64_t bound = key | (std::uint64_t{1} << bit);
      if (count_below(bound) <= rank) key = bound;
    }
    return key;
  }

 private:
  std::int64_t count_below(std::uint64_t bound) const {
    std::int64_t count = 0;
    for (const auto& [first, last] : lists_) count += std::lower_bound(first, last, bound) - first;
    return count;
  }

  std::vector<std::shared_ptr<arrow::Array>> arrays_;
  std::vector<std::pair<const std::uint64_t*, const std::uint64_t*>> lists_;
  std::int64_t size_ = 0;
  std::int64_t rows_ = 0;
};

std::shared_ptr<arrow::Array> values_of_keys(const std::vector<std::uint64_t>& keys,
                                             const std::shared_ptr<arrow::DataType>& type) {
  if (arrow::is_floating(type->id())) {
    const bool is_float = type->id() == arrow::Type::FLOAT;
    ColumnOutput<double> doubles(static_cast<std::int64_t>(keys.size()));
    ColumnOutput<float> floats(static_cast<std::int64_t>(keys.size()));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const double value = std::bit_cast<double>(keys[i] & kSignBit ? keys[i] ^ kSignBit : ~keys[i]);
      doubles.set(static_cast<std::int64_t>(i), value);
      floats.set(static_cast<std::int64_t>(i), static_cast<float>(value));
    }
    return is_float ? floats.finish(type) : doubles.finish(type);
  }
  std::vector<std::int64_t> integers;
  const bool is_wide = type->id() == arrow::Type::UINT64;
  for (const std::uint64_t key : keys) integers.push_back(static_cast<std::int64_t>(is_wide ? key : key ^ kSignBit));
  return array_of_integers(integers, -1, type);
}

Table median_partial(const Table& table, const StatisticParams&) {
  std::vector<NamedColumn> columns;
  for (const std::string& name : table.names()) {
    require_ordered_numbers(name, table.type(name));
    check_cancelled();
    columns.push_back(sorted_keys(named_column_of(table, name)));
  }
  return table_of(columns, {}, TableForm::frame, table.num_rows());
}

// The median is the mean of the two values in the middle, which are one and the same for an odd count.
Table median_finalize(const std::vector<Table>& partials, const StatisticParams& params) {
  std::vector<NamedColumn> columns;
  for (const std::string& name : params.meta.names()) {
    const SortedLists values(partials, name);
    const auto type = arrow_type_of(params.meta.type(name));
    const bool is_lost = values.size() == 0 || (values.has_missing() && !params.skipna);
    const auto middle = is_lost
                            ? value_or_throw(arrow::MakeArrayOfNull(type, 2), "median")
                            : values_of_keys({values.at((values.size() - 1) / 2), values.at(values.size() / 2)}, type);
    columns.push_back({name, chunked(middle), params.meta.type(name).family});
  }
  return reduce(table_of(columns, {}, params.meta.form(), 2), {.reduction = Reduction::mean});
}

}  // namespace

// A partition's partial is its values in order; the last step takes all of them and looks for the middle ones without
// putting them together.
const StatisticSteps kMedian{"median", median_partial, nullptr, median_finalize};

}  // namespace plait
