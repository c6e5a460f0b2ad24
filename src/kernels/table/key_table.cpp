#include "kernels/table/key_table.h"

#include <arrow/api.h>
#include <arrow/compute/api.h>

#include <algorithm>

#include "base/buffer.h"
#include "base/check.h"
#include "base/kernel.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

// Rows from one look at whether the task is cancelled to the next.
constexpr std::int64_t kBlockRows = 256 * 1024;

template <class F>
void for_blocks(const std::vector<std::shared_ptr<arrow::Array>>& columns, std::int64_t count, const F& f) {
  if (count <= kBlockRows) return f(columns, 0, count);
  for (std::int64_t start = 0; start < count; start += kBlockRows) {
    check_cancelled();
    const std::int64_t rows = std::min(kBlockRows, count - start);
    std::vector<std::shared_ptr<arrow::Array>> block;
    for (const auto& column : columns) block.push_back(column->Slice(start, rows));
    f(block, start, rows);
  }
}

// Memory for the codes of several columns.
struct CodeColumns {
  CodeColumns(std::size_t num_columns, std::int64_t count) : codes(num_columns, PooledVector<std::uint32_t>(count)) {
    for (auto& column : codes) places.push_back(column.data());
  }
  std::vector<PooledVector<std::uint32_t>> codes;
  std::vector<const std::uint32_t*> places;
};

}  // namespace

KeyTable::KeyTable(const std::vector<std::shared_ptr<arrow::DataType>>& types, bool keep_missing)
    : fold_(types.size()) {
  PLAIT_CHECK(!types.empty());
  for (const auto& type : types) columns_.push_back(make_key_column(type, keep_missing));
  is_remapped_ = columns_.size() == 1 && !columns_.front()->is_dense();
}

void KeyTable::expect(std::int64_t num_rows) {
  if (!is_folded()) columns_.front()->expect(num_rows);
}

void KeyTable::add(const Columns& columns, std::int64_t count, std::uint32_t* ids) {
  // Categories are known without rows, too.
  for (std::size_t c = 0; count == 0 && c < columns.size(); ++c) columns_[c]->add(*columns[c], ids);
  // Blocks would make room for themselves one after the other.
  if (count > kBlockRows) {
    for (std::size_t c = 0; c < columns.size(); ++c) columns_[c]->make_room(*columns[c]);
  }
  for_blocks(columns, count,
             [&](const Columns& block, std::int64_t start, std::int64_t rows) { add_block(block, rows, ids + start); });
}

void KeyTable::find(const Columns& columns, std::int64_t count, std::uint32_t* ids) const {
  for_blocks(columns, count, [&](const Columns& block, std::int64_t start, std::int64_t rows) {
    find_block(block, rows, ids + start);
  });
}

void KeyTable::add_block(const Columns& columns, std::int64_t count, std::uint32_t* ids) {
  if (is_folded()) {
    CodeColumns of_rows(columns.size(), count);
    std::vector<std::uint32_t> num_codes;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      columns_[c]->add(*columns[c], of_rows.codes[c].data());
      num_codes.push_back(columns_[c]->num_codes());
    }
    return fold_.add(of_rows.places, num_codes, count, ids);
  }
  columns_.front()->add(*columns.front(), ids);
  if (!is_remapped_) return;
  id_of_code_.resize(columns_.front()->num_codes() + 1, 0);
  for (std::int64_t i = 0; i < count; ++i) {
    const std::uint32_t code = ids[i];
    std::uint32_t& id = id_of_code_[code];
    if (id == 0 && code != 0) [[unlikely]] {
      code_of_id_.push_back(code);
      id = static_cast<std::uint32_t>(code_of_id_.size());
    }
    ids[i] = id;
  }
}

void KeyTable::find_block(const Columns& columns, std::int64_t count, std::uint32_t* ids) const {
  if (is_folded()) {
    CodeColumns of_rows(columns.size(), count);
    for (std::size_t c = 0; c < columns.size(); ++c) columns_[c]->find(*columns[c], of_rows.codes[c].data());
    return fold_.find(of_rows.places, count, ids);
  }
  columns_.front()->find(*columns.front(), ids);
  if (!is_remapped_) return;
  for (std::int64_t i = 0; i < count; ++i) ids[i] = ids[i] < id_of_code_.size() ? id_of_code_[ids[i]] : 0;
}

std::uint32_t KeyTable::num_groups() const {
  if (is_folded()) return fold_.size();
  return is_remapped_ ? static_cast<std::uint32_t>(code_of_id_.size()) : columns_.front()->num_codes();
}

std::vector<std::shared_ptr<arrow::Array>> KeyTable::keys() const {
  initialize_arrow();
  if (!is_folded() && !is_remapped_) return {columns_.front()->values()};
  std::vector<std::shared_ptr<arrow::Array>> keys;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    PooledVector<std::int64_t> positions;
    for (std::uint32_t code : is_folded() ? fold_.codes_of_column(c) : code_of_id_)
      positions.push_back(static_cast<std::int64_t>(code) - 1);
    auto taken = arrow::compute::Take(columns_[c]->values(), array_of_integers(positions, -1, arrow::int64()),
                                      arrow::compute::TakeOptions::NoBoundsCheck());
    keys.push_back(value_or_throw(std::move(taken), "keys").make_array());
  }
  return keys;
}

}  // namespace plait
