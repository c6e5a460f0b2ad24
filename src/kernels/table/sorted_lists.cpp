#include "kernels/table/sorted_lists.h"

#include <algorithm>
#include <bit>

#include "base/kernel.h"
#include "kernels/table/column_output.h"
#include "kernels/table/groupby_plan.h"
#include "kernels/table/order_keys.h"
#include "kernels/table/radix_sort.h"
#include "kernels/table/table_memory.h"
#include "kernels/table/type_rules.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;

std::shared_ptr<arrow::Array> sorted_keys_of(const std::shared_ptr<arrow::Array>& array) {
  const PooledVector<KeyedRow> rows = sorted_present(order_keys(array));
  ColumnOutput<std::uint64_t> out(array->length());
  for (std::size_t i = 0; i < rows.size(); ++i) out.set(static_cast<std::int64_t>(i), rows[i].key);
  for (auto i = static_cast<std::int64_t>(rows.size()); i < array->length(); ++i) out.set_null(i);
  return out.finish(arrow::uint64());
}

// The same keys of the values in another type.
std::shared_ptr<arrow::Array> keys_in_type(const std::shared_ptr<arrow::Array>& keys,
                                           const std::shared_ptr<arrow::DataType>& from,
                                           const std::shared_ptr<arrow::DataType>& to) {
  if (from->Equals(*to)) return keys;
  const std::int64_t present = keys->length() - keys->null_count();
  const auto* first = keys->data()->GetValues<std::uint64_t>(1);
  const auto values = cast_like(values_of_keys({first, first + present}, from), to);
  const auto missing = value_or_throw(arrow::MakeArrayOfNull(to, keys->null_count()), "quantile");
  return sorted_keys_of(value_or_throw(arrow::Concatenate({values, missing}, table_memory()), "quantile"));
}

}  // namespace

Table sorted_keys(const Table& table) {
  std::vector<NamedColumn> columns;
  for (const std::string& name : table.names()) {
    check_cancelled();
    const auto keys = sorted_keys_of(array_of(table, name));
    columns.push_back({state_column_name(columns.size(), 0, table.type(name)), chunked(keys), TypeFamily::arrow});
  }
  return table_of(columns, {}, TableForm::frame, table.num_rows());
}

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

SortedLists::SortedLists(const std::vector<Table>& partials, std::size_t column) {
  const auto type_in = [&](const Table& partial) {
    return arrow_type_of(source_type_of_state(partial.names().at(column)));
  };
  for (const Table& partial : partials) type_ = type_ ? unified_type(type_, type_in(partial)) : type_in(partial);
  for (const Table& partial : partials) {
    const auto array = keys_in_type(array_of(partial, partial.names().at(column)), type_in(partial), type_);
    rows_ += array->length();
    const std::int64_t present = array->length() - array->null_count();
    size_ += present;
    const auto* keys = array->data()->GetValues<std::uint64_t>(1);
    lists_.emplace_back(keys, keys + present);
    arrays_.push_back(array);
  }
}

// Found bit by bit: the greatest bound that no more keys lie below of.
std::uint64_t SortedLists::at(std::int64_t rank) const {
  std::uint64_t key = 0;
  for (int bit = 63; bit >= 0; --bit) {
    const std::uint64_t bound = key | (std::uint64_t{1} << bit);
    if (count_below(bound) <= rank) key = bound;
  }
  return key;
}

std::int64_t SortedLists::count_below(std::uint64_t bound) const {
  std::int64_t count = 0;
  for (const auto& [first, last] : lists_) count += std::lower_bound(first, last, bound) - first;
  return count;
}

}  // namespace plait
