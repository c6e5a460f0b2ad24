// Splitting rows by a hash of their keys.
#include <arrow/api.h>
#include <xxhash.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>

#include "base/kernel.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/dense_map.h"
#include "kernels/table/join.h"
#include "kernels/table/parted_rows.h"
#include "kernels/table/table_parts.h"
#include "kernels/table/take.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

constexpr std::uint64_t kMissingHash = 0x5bd1e995c2b2ae35ull;

// Whole numbers hash as integers, whatever their type.
std::uint64_t hash_number(double value) {
  if (std::isnan(value)) return kMissingHash;
  if (value == std::floor(value) && std::abs(value) < 9.2e18)
    return mix64(static_cast<std::uint64_t>(static_cast<std::int64_t>(value)));
  std::uint64_t bits;
  std::memcpy(&bits, &value, 8);
  return mix64(bits);
}

// Rows whose hashes are made at once: they stay in the nearest caches.
constexpr std::int64_t kBlockRows = 8 * 1024;

// The hashes of one key column, which are mixed into those of the columns before it.
class ColumnHashes {
 public:
  explicit ColumnHashes(std::shared_ptr<arrow::ChunkedArray> column)
      : column_(column->type()->id() == arrow::Type::DICTIONARY ? chunked(array_of(column)) : std::move(column)) {}

  void mix_into(std::int64_t start, std::span<std::uint64_t> hashes) {
    const auto rows = array_of(column_->Slice(start, static_cast<std::int64_t>(hashes.size())));
    if (rows->type_id() != arrow::Type::DICTIONARY) return mix_values_into(*rows, hashes);
    const auto& codes = static_cast<const arrow::DictionaryArray&>(*rows);
    if (of_values_.empty()) {
      of_values_.assign(static_cast<std::size_t>(codes.dictionary()->length()), 0);
      mix_values_into(*codes.dictionary(), of_values_, [](std::uint64_t, std::uint64_t hash) { return hash; });
    }
    visit_integers(*codes.indices(), [&](const auto* code) {
      fill(*rows, hashes, mixed, [&](std::int64_t i) { return of_values_[static_cast<std::size_t>(code[i])]; });
    });
  }

 private:
  static constexpr auto mixed = [](std::uint64_t before, std::uint64_t hash) { return mix64(before * 31 + hash); };

  template <class Mix, class F>
  static void fill(const arrow::Array& rows, std::span<std::uint64_t> hashes, const Mix& mix, const F& hash_at) {
    const bool has_nulls = rows.null_count() > 0;
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      const auto row = static_cast<std::int64_t>(i);
      hashes[i] = mix(hashes[i], has_nulls && rows.IsNull(row) ? kMissingHash : hash_at(row));
    }
  }
  template <class Mix = decltype(mixed)>
  static void mix_values_into(const arrow::Array& rows, std::span<std::uint64_t> hashes, const Mix& mix = mixed) {
    if (is_text(*rows.type())) {
      visit_texts(rows, [&](const auto& texts) {
        fill(rows, hashes, mix, [&](std::int64_t i) { return XXH3_64bits(texts.data(i), texts.size(i)); });
      });
    } else if (arrow::is_floating(rows.type_id())) {
      visit_floats(rows, [&](const auto* values) {
        fill(rows, hashes, mix, [&](std::int64_t i) { return hash_number(static_cast<double>(values[i])); });
      });
    } else {
      visit_integers(rows, [&](const auto* values) {
        fill(rows, hashes, mix,
             [&](std::int64_t i) { return mix64(static_cast<std::uint64_t>(static_cast<std::int64_t>(values[i]))); });
      });
    }
  }

  std::shared_ptr<arrow::ChunkedArray> column_;
  PooledVector<std::uint64_t> of_values_;  // of a dictionary
};

std::vector<ColumnHashes> key_hashes(const Table& table, const std::vector<std::string>& keys) {
  const Table from = keys.empty() ? table.index_values() : table;
  std::vector<ColumnHashes> columns;
  for (const std::string& key : keys.empty() ? from.names() : keys) columns.emplace_back(chunks_of(from, key));
  return columns;
}

// f(row, hash) for every row.
template <class F>
void for_each_hash(const Table& table, const std::vector<std::string>& keys, const F& f) {
  std::vector<ColumnHashes> columns = key_hashes(table, keys);
  std::vector<std::uint64_t> block(static_cast<std::size_t>(std::min(kBlockRows, table.num_rows())));
  std::int64_t start = 0;
  do {  // at least once: a type that cannot be a key is refused without rows, too
    check_cancelled();
    const std::span hashes(block.data(), static_cast<std::size_t>(std::min(kBlockRows, table.num_rows() - start)));
    std::fill(hashes.begin(), hashes.end(), 0);
    for (ColumnHashes& column : columns) column.mix_into(start, hashes);
    for (std::size_t i = 0; i < hashes.size(); ++i) f(static_cast<std::size_t>(start) + i, hashes[i]);
    start += kBlockRows;
  } while (start < table.num_rows());
}

}  // namespace

NdArray hash_rows(const Table& table, const std::vector<std::string>& keys) {
  NdArray out = NdArray::empty(DType::uint64, {table.num_rows()});
  auto* hashes = out.mutable_data<std::uint64_t>();
  for_each_hash(table, keys, [&](std::size_t row, std::uint64_t hash) { hashes[row] = hash; });
  return out;
}

std::vector<Table> split_rows(const Table& table, const PooledVector<std::uint32_t>& part_of_row, std::int64_t n,
                              bool keeps_range) {
  const PartedRows order(part_of_row, n);
  const Table from = keeps_range ? with_written_index(table) : table;
  std::vector<NamedColumn> columns = named_columns_of(from);
  for (NamedColumn& column : columns) column.values = chunked(order.ordered(column.values));
  const IndexSpec index = from.index().is_range() ? IndexSpec{} : from.index();
  return cut_into_parts(table_of(columns, index, from.form(), table.num_rows()), order.starts());
}

std::vector<Table> hash_partition(const Table& table, const HashPartitionParams& params) {
  if (params.n < 1) throw value_error("hash_partition: " + std::to_string(params.n) + " parts; expected at least one");
  PooledVector<std::uint32_t> part_of_row(static_cast<std::size_t>(table.num_rows()));
  const auto n = static_cast<std::uint64_t>(params.n);
  // The high bits: they are the well mixed ones.
  for_each_hash(table, params.keys, [&](std::size_t row, std::uint64_t hash) {
    part_of_row[row] = static_cast<std::uint32_t>((static_cast<unsigned __int128>(hash) * n) >> 64);
  });
  return split_rows(table, part_of_row, params.n, params.keeps_range);
}

}  // namespace plait
