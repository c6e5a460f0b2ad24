// Splitting rows by a hash of their keys.
#include <arrow/api.h>
#include <arrow/compute/api.h>
#include <xxhash.h>

#include <cmath>
#include <cstring>

#include "kernels/table/arrow_table.h"
#include "kernels/table/dense_map.h"
#include "kernels/table/join.h"
#include "kernels/table/rows.h"
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

// One hash a row.
PooledVector<std::uint64_t> hashes_of(const std::shared_ptr<arrow::Array>& array) {
  PooledVector<std::uint64_t> hashes(array->length());
  const bool has_nulls = array->null_count() > 0;
  const auto fill = [&](const auto& hash_at) {
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      const auto row = static_cast<std::int64_t>(i);
      hashes[i] = has_nulls && array->IsNull(row) ? kMissingHash : hash_at(row);
    }
  };
  if (array->type_id() == arrow::Type::DICTIONARY) {
    const auto& dictionary = static_cast<const arrow::DictionaryArray&>(*array);
    const PooledVector<std::uint64_t> of_values = hashes_of(dictionary.dictionary());
    visit_integers(*dictionary.indices(),
                   [&](const auto* codes) { fill([&](std::int64_t i) { return of_values[codes[i]]; }); });
  } else if (is_text(*array->type())) {
    visit_texts(*array, [&](const auto& texts) {
      fill([&](std::int64_t i) { return XXH3_64bits(texts.data(i), texts.size(i)); });
    });
  } else if (arrow::is_floating(array->type_id())) {
    visit_floats(*array, [&](const auto* values) {
      fill([&](std::int64_t i) { return hash_number(static_cast<double>(values[i])); });
    });
  } else {
    visit_integers(*array, [&](const auto* values) {
      fill([&](std::int64_t i) { return mix64(static_cast<std::uint64_t>(static_cast<std::int64_t>(values[i]))); });
    });
  }
  return hashes;
}

std::vector<std::shared_ptr<arrow::Array>> key_arrays(const Table& table, const std::vector<std::string>& keys) {
  std::vector<std::shared_ptr<arrow::Array>> arrays;
  if (!keys.empty()) {
    for (const std::string& key : keys) arrays.push_back(array_of(table, key));
    return arrays;
  }
  const Table labels = table.index_values();
  for (const std::string& name : labels.names()) arrays.push_back(array_of(labels, name));
  return arrays;
}

}  // namespace

NdArray hash_rows(const Table& table, const std::vector<std::string>& keys) {
  NdArray out = NdArray::zeros(DType::uint64, {table.num_rows()});
  auto* hashes = out.mutable_data<std::uint64_t>();
  for (const auto& array : key_arrays(table, keys)) {
    const PooledVector<std::uint64_t> of_column = hashes_of(array);
    for (std::size_t i = 0; i < of_column.size(); ++i) hashes[i] = mix64(hashes[i] * 31 + of_column[i]);
  }
  return out;
}

std::vector<Table> split_rows(const Table& table, const PooledVector<std::uint32_t>& part_of_row, std::int64_t n,
                              bool keeps_range) {
  std::vector<std::int64_t> starts(n + 1, 0);
  for (std::uint32_t part : part_of_row) ++starts[part + 1];
  for (std::int64_t p = 0; p < n; ++p) starts[p + 1] += starts[p];
  NdArray order = NdArray::empty(DType::int64, {static_cast<std::int64_t>(part_of_row.size())});
  auto* to = order.mutable_data<std::int64_t>();
  std::vector<std::int64_t> next(starts.begin(), starts.end() - 1);
  for (std::size_t i = 0; i < part_of_row.size(); ++i) to[next[part_of_row[i]]++] = static_cast<std::int64_t>(i);
  return cut_into_parts(take(table, arrow_array_of(order), keeps_range), starts);
}

std::vector<Table> hash_partition(const Table& table, const HashPartitionParams& params) {
  if (params.n < 1) throw value_error("hash_partition: " + std::to_string(params.n) + " parts; expected at least one");
  const NdArray hashes = hash_rows(table, params.keys);
  PooledVector<std::uint32_t> part_of_row(table.num_rows());
  const auto* from = hashes.data<std::uint64_t>();
  // The high bits: they are the well mixed ones.
  for (std::size_t i = 0; i < part_of_row.size(); ++i) {
    part_of_row[i] = static_cast<std::uint32_t>(
        (static_cast<unsigned __int128>(from[i]) * static_cast<std::uint64_t>(params.n)) >> 64);
  }
  return split_rows(table, part_of_row, params.n, params.keeps_range);
}

}  // namespace plait
