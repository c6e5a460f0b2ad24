#include "kernels/table/key_set.h"

#include <arrow/api.h>

#include <algorithm>
#include <limits>

#include "base/buffer.h"
#include "base/kernel.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/column_output.h"
#include "kernels/table/elementwise_apply.h"
#include "kernels/table/key_column.h"
#include "kernels/table/type_rules.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

using Bits = PooledVector<std::uint64_t>;

// Whole numbers as bits between the least and the greatest: a look is one read of a table that stays in cache, where a
// hash table of as many keys would be many times as large.
class NumberBits {
 public:
  // Nothing where the numbers lie too far apart for it, or are none.
  static std::unique_ptr<NumberBits> of(const arrow::ChunkedArray& column) {
    if (!has_integer_form(*column.type()) || column.type()->id() == arrow::Type::UINT64) return nullptr;
    auto bits = std::make_unique<NumberBits>();
    std::int64_t high = std::numeric_limits<std::int64_t>::min();
    bits->for_each(column, [&](std::int64_t value) {
      bits->base_ = std::min(bits->base_, value);
      high = std::max(high, value);
    });
    if (high < bits->base_) return nullptr;
    const auto range = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(bits->base_);
    if (range >= std::max(kFewBits, kMaxBitsPerKey * static_cast<std::uint64_t>(column.length()))) return nullptr;
    bits->range_ = range + 1;
    bits->words_.resize(static_cast<std::size_t>(range / 64 + 1), 0);
    bits->for_each(column, [&](std::int64_t value) {
      const std::uint64_t at = bits->place_of(value);
      bits->words_[at / 64] |= std::uint64_t{1} << (at % 64);
    });
    bits->has_missing_ = column.null_count() > 0;
    return bits;
  }

  bool has_missing() const { return has_missing_; }
  bool has(std::int64_t value) const {
    const std::uint64_t at = place_of(value);
    return at < range_ && (words_[at / 64] >> (at % 64) & 1) != 0;
  }
  std::uint64_t num_bytes() const { return words_.size() * sizeof(std::uint64_t); }

 private:
  static constexpr std::uint64_t kFewBits = std::uint64_t{1} << 23;  // a megabyte
  // As much as a slot of a hash table that is half full.
  static constexpr std::uint64_t kMaxBitsPerKey = 256;

  std::uint64_t place_of(std::int64_t value) const {
    return static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(base_);
  }
  template <class F>
  static void for_each(const arrow::ChunkedArray& column, const F& f) {
    for (const auto& chunk : column.chunks()) {
      check_cancelled();
      visit_integers(*chunk, [&](const auto* values) {
        const bool has_nulls = chunk->null_count() > 0;
        for (std::int64_t i = 0; i < chunk->length(); ++i) {
          if (!has_nulls || chunk->IsValid(i)) f(static_cast<std::int64_t>(values[i]));
        }
      });
    }
  }

  std::int64_t base_ = std::numeric_limits<std::int64_t>::max();
  std::uint64_t range_ = 0;
  Bits words_;
  bool has_missing_ = false;
};

NamedColumn only_column(const Table& table) {
  if (table.names().size() != 1)
    throw value_error("keys: a table of " + std::to_string(table.names().size()) + " columns; expected one");
  return named_column_of(table, table.names().front());
}

std::shared_ptr<arrow::DataType> plain_type(const std::shared_ptr<arrow::DataType>& type) {
  return type->id() == arrow::Type::DICTIONARY ? static_cast<const arrow::DictionaryType&>(*type).value_type() : type;
}

// is_there(i) for each row as a bool array.
template <class F>
std::shared_ptr<arrow::Array> bools_of(std::int64_t num_rows, const F& is_there) {
  std::shared_ptr<arrow::Buffer> bits = value_or_throw(arrow::AllocateEmptyBitmap(num_rows, table_memory()), "keys");
  std::uint8_t* bytes = bits->mutable_data();
  for (std::int64_t start = 0; start < num_rows; start += 8) {
    const std::int64_t count = std::min<std::int64_t>(8, num_rows - start);
    unsigned byte = 0;
    for (std::int64_t i = 0; i < count; ++i) byte |= static_cast<unsigned>(is_there(start + i)) << i;
    bytes[start / 8] = static_cast<std::uint8_t>(byte);
  }
  return std::make_shared<arrow::BooleanArray>(num_rows, std::move(bits));
}

}  // namespace

struct KeySet::Values {
  std::shared_ptr<arrow::DataType> type;
  std::unique_ptr<NumberBits> bits;
  std::unique_ptr<KeyColumn> table;  // in their place

  explicit Values(const arrow::ChunkedArray& column) : bits(NumberBits::of(column)) {
    type = plain_type(column.type());
    if (bits) return;
    table = make_key_column(type, true);
    table->expect(column.length());
    PooledVector<std::uint32_t> codes;
    for (const auto& chunk : column.chunks()) {
      check_cancelled();
      const auto values = decoded(chunk);
      codes.resize(static_cast<std::size_t>(values->length()));
      table->add(*values, codes.data());
    }
  }

  // Whether values of that type can be looked up as they are.
  bool fits(const std::shared_ptr<arrow::DataType>& other) const {
    return plain_type(other)->Equals(*type) || (is_text(*plain_type(other)) && is_text(*type));
  }

  std::shared_ptr<arrow::Array> contain(const std::shared_ptr<arrow::Array>& column) const {
    if (bits) return contain_numbers(*decoded(column));
    // Of text that is stored as codes each different one is looked up once.
    if (column->type_id() == arrow::Type::DICTIONARY) {
      const auto& coded = static_cast<const arrow::DictionaryArray&>(*column);
      const PooledVector<std::uint32_t> of_values = codes_of(*cast_like(coded.dictionary(), type));
      const std::uint32_t of_missing = coded.null_count() > 0 ? code_of_missing() : 0;
      return visit_integers(*coded.indices(), [&](const auto* code) {
        return bools_of(coded.length(), [&](std::int64_t i) {
          return (coded.IsNull(i) ? of_missing : of_values[static_cast<std::size_t>(code[i])]) != 0;
        });
      });
    }
    const PooledVector<std::uint32_t> codes = codes_of(*cast_like(column, type));
    return bools_of(column->length(), [&](std::int64_t i) { return codes[static_cast<std::size_t>(i)] != 0; });
  }

 private:
  std::shared_ptr<arrow::Array> contain_numbers(const arrow::Array& column) const {
    return visit_integers(column, [&](const auto* values) {
      const auto is_there = [&](std::int64_t i) { return bits->has(static_cast<std::int64_t>(values[i])); };
      if (column.null_count() == 0) return bools_of(column.length(), is_there);
      return bools_of(column.length(),
                      [&](std::int64_t i) { return column.IsNull(i) ? bits->has_missing() : is_there(i); });
    });
  }
  PooledVector<std::uint32_t> codes_of(const arrow::Array& values) const {
    PooledVector<std::uint32_t> codes(static_cast<std::size_t>(values.length()));
    table->find(values, codes.data());
    return codes;
  }
  std::uint32_t code_of_missing() const {
    return codes_of(*value_or_throw(arrow::MakeArrayOfNull(type, 1), "keys")).front();
  }
};

KeySet::KeySet(const Table& keys) : keys_(keys), values_(std::make_shared<const Values>(*only_column(keys).values)) {}

std::uint64_t KeySet::num_bytes() const {
  constexpr std::uint64_t kBytesPerKey = 48;  // of a hash table, as a join's
  return keys_.num_bytes() +
         (values_->bits ? values_->bits->num_bytes() : kBytesPerKey * static_cast<std::uint64_t>(keys_.num_rows()));
}

Table KeySet::contains(const Table& series) const {
  return apply_columns(series, [&](const NamedColumn& column) {
    const auto rows = array_of(column.values);
    if (values_->fits(rows->type())) return NamedColumn{"", chunked(values_->contain(rows)), TypeFamily::numpy};
    const auto common = unified_type(values_->type, plain_type(rows->type()));
    const Values keys(*chunked(cast_like(decoded(array_of(only_column(keys_).values)), common)));
    return NamedColumn{"", chunked(keys.contain(cast_like(decoded(rows), common))), TypeFamily::numpy};
  });
}

template <>
const ValueType& value_type<KeySet>() {
  static const ValueType type = {
      .name = "key_set",
      .num_bytes = [](const void* data) { return static_cast<const KeySet*>(data)->num_bytes(); },
      .describe =
          [](const void* data) {
            return "keys of " + std::to_string(static_cast<const KeySet*>(data)->keys().num_rows()) + " rows";
          },
      .encode = [](Encoder& to, const void* data) { encode(to, static_cast<const KeySet*>(data)->keys()); },
      .decode = [](Decoder& from) -> std::shared_ptr<const void> {
        return std::make_shared<const KeySet>(decode<Table>(from));
      }};
  return type;
}

}  // namespace plait
