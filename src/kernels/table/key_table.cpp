#include "kernels/table/key_table.h"

#include <arrow/api.h>
#include <arrow/compute/api.h>

#include <algorithm>

#include "base/check.h"
#include "base/kernel.h"
#include "kernels/table/arrow_table.h"

namespace plait {
namespace {

// Rows from one look at whether the task is cancelled to the next.
constexpr std::int64_t kBlockRows = 256 * 1024;

std::uint64_t pair_of(std::uint32_t id, std::uint32_t code) { return std::uint64_t{id} << 32 | code; }

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

}  // namespace

KeyTable::KeyTable(const std::vector<std::shared_ptr<arrow::DataType>>& types, bool keep_missing) {
  PLAIT_CHECK(!types.empty());
  for (const auto& type : types) columns_.push_back(make_key_column(type, keep_missing));
  is_remapped_ = columns_.size() == 1 && !columns_.front()->is_dense();
  folds_.resize(columns_.size() - 1);
}

void KeyTable::add(const Columns& columns, std::int64_t count, std::uint32_t* ids) {
  for_blocks(columns, count, [&](const Columns& block, std::int64_t start, std::int64_t rows) {
    add_block(block, rows, ids + start);
  });
}

void KeyTable::find(const Columns& columns, std::int64_t count, std::uint32_t* ids) const {
  for_blocks(columns, count, [&](const Columns& block, std::int64_t start, std::int64_t rows) {
    find_block(block, rows, ids + start);
  });
}

void KeyTable::add_block(const Columns& columns, std::int64_t count, std::uint32_t* ids) {
  columns_.front()->add(*columns.front(), ids);
  if (is_remapped_) {
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
  if (folds_.empty()) return;
  std::vector<std::uint32_t> codes(count);
  for (std::size_t c = 1; c < columns_.size(); ++c) {
    columns_[c]->add(*columns[c], codes.data());
    DenseMap& fold = folds_[c - 1];
    constexpr std::int64_t kAhead = 16;
    for (std::int64_t i = 0; i < count; ++i) {
      if (i + kAhead < count && fold.is_large()) fold.prefetch(pair_of(ids[i + kAhead], codes[i + kAhead]));
      ids[i] = ids[i] == 0 || codes[i] == 0 ? 0 : fold.add(pair_of(ids[i], codes[i]));
    }
  }
}

void KeyTable::find_block(const Columns& columns, std::int64_t count, std::uint32_t* ids) const {
  columns_.front()->find(*columns.front(), ids);
  if (is_remapped_) {
    for (std::int64_t i = 0; i < count; ++i) ids[i] = ids[i] < id_of_code_.size() ? id_of_code_[ids[i]] : 0;
  }
  if (folds_.empty()) return;
  std::vector<std::uint32_t> codes(count);
  for (std::size_t c = 1; c < columns_.size(); ++c) {
    columns_[c]->find(*columns[c], codes.data());
    for (std::int64_t i = 0; i < count; ++i)
      ids[i] = ids[i] == 0 || codes[i] == 0 ? 0 : folds_[c - 1].find(pair_of(ids[i], codes[i]));
  }
}

std::uint32_t KeyTable::num_groups() const {
  if (!folds_.empty()) return folds_.back().size();
  return is_remapped_ ? static_cast<std::uint32_t>(code_of_id_.size()) : columns_.front()->num_codes();
}

std::vector<std::uint32_t> KeyTable::codes_of_column(std::size_t column) const {
  const std::uint32_t groups = num_groups();
  std::vector<std::uint32_t> codes(groups);
  for (std::uint32_t g = 0; g < groups; ++g) {
    std::uint32_t id = g + 1;
    // Unfold from the last column down to the one asked for.
    for (std::size_t c = columns_.size() - 1; c > column; --c) {
      const std::uint64_t pair = folds_[c - 1].keys()[id - 1];
      id = static_cast<std::uint32_t>(pair >> 32);
    }
    if (column > 0) id = static_cast<std::uint32_t>(folds_[column - 1].keys()[id - 1]);
    codes[g] = column == 0 && is_remapped_ ? code_of_id_[id - 1] : id;
  }
  return codes;
}

std::vector<std::shared_ptr<arrow::Array>> KeyTable::keys() const {
  initialize_arrow();
  if (columns_.size() == 1 && !is_remapped_) return {columns_.front()->values()};
  std::vector<std::shared_ptr<arrow::Array>> keys;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    arrow::Int64Builder positions;
    for (std::uint32_t code : codes_of_column(c))
      check_arrow(positions.Append(static_cast<std::int64_t>(code) - 1), "keys");
    auto taken = arrow::compute::Take(columns_[c]->values(), value_or_throw(positions.Finish(), "keys"),
                                      arrow::compute::TakeOptions::NoBoundsCheck());
    keys.push_back(value_or_throw(std::move(taken), "keys").make_array());
  }
  return keys;
}

}  // namespace plait
