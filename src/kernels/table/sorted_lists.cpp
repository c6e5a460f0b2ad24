#include "kernels/table/sorted_lists.h"

#include <algorithm>
#include <bit>

#include "kernels/table/column_output.h"
#include "kernels/table/order_keys.h"
#include "kernels/table/radix_sort.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;

}  // namespace

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

SortedLists::SortedLists(const std::vector<Table>& partials, const std::string& name) {
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
