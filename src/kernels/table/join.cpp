#include "kernels/table/join.h"

#include <arrow/compute/api.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "base/buffer.h"
#include "base/contains.h"
#include "base/kernel.h"
#include "base/text.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/index_levels.h"
#include "kernels/table/join_keys.h"
#include "kernels/table/join_matches.h"
#include "kernels/table/join_table.h"
#include "kernels/table/key_table.h"
#include "kernels/table/rows.h"
#include "kernels/table/sort.h"
#include "kernels/table/table_memory.h"
#include "kernels/table/take.h"
#include "kernels/table/type_rules.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

// The keys of both sides in common types.
std::pair<KeyArrays, KeyArrays> common_keys(const JoinSide& left, const JoinSide& right) {
  if (left.keys.size() != right.keys.size()) {
    throw value_error("merge: " + std::to_string(left.keys.size()) + " left keys for " +
                      std::to_string(right.keys.size()) + " right keys");
  }
  std::pair<KeyArrays, KeyArrays> out;
  for (std::size_t k = 0; k < left.keys.size(); ++k) {
    auto a = array_of(left.table, left.keys[k]);
    auto b = array_of(right.table, right.keys[k]);
    try {
      const bool both_coded = a->type_id() == arrow::Type::DICTIONARY && b->type_id() == arrow::Type::DICTIONARY;
      const auto type = both_coded ? a->type() : unified_type(a->type(), b->type());
      out.first.push_back(cast_like(a, type));
      out.second.push_back(cast_like(b, type));
    } catch (const Error& error) {
      throw type_error("merge: keys '" + left.keys[k] + "' and '" + right.keys[k] + "': " + error.what());
    }
  }
  return out;
}

std::shared_ptr<arrow::Array> positions(const PooledVector<std::int64_t>& rows) {
  std::shared_ptr<arrow::Buffer> values =
      value_or_throw(arrow::AllocateBuffer(static_cast<std::int64_t>(rows.size() * 8), table_memory()), "merge");
  std::copy(rows.begin(), rows.end(), reinterpret_cast<std::int64_t*>(values->mutable_data()));
  std::shared_ptr<arrow::Buffer> validity;
  if (std::find(rows.begin(), rows.end(), kNone) != rows.end()) {
    validity = value_or_throw(arrow::AllocateEmptyBitmap(static_cast<std::int64_t>(rows.size())), "merge");
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i] != kNone) arrow::bit_util::SetBit(validity->mutable_data(), static_cast<std::int64_t>(i));
    }
  }
  return arrow::MakeArray(
      arrow::ArrayData::Make(arrow::int64(), static_cast<std::int64_t>(rows.size()), {validity, values}));
}

std::shared_ptr<arrow::ChunkedArray> taken(const NamedColumn& column, const std::shared_ptr<arrow::Array>& rows) {
  check_cancelled();
  return chunked(
      value_or_throw(arrow::compute::Take(array_of(column.values), rows, arrow::compute::TakeOptions::NoBoundsCheck()),
                     "merge")
          .make_array());
}

// A shared key is one column: the left value, or the right one where there is no left row.
NamedColumn joined_key(const NamedColumn& left, const NamedColumn& right, const Matches& matches,
                       const std::shared_ptr<arrow::Array>& left_rows) {
  if (left_rows->null_count() == 0) return {left.name, taken(left, left_rows), left.family, left.encoded_text};
  const auto a = decoded(array_of(left.values));
  const auto b = decoded(array_of(right.values));
  const auto type = unified_type(a->type(), b->type());
  const auto both =
      value_or_throw(arrow::Concatenate({cast_like(a, type), cast_like(b, type)}, table_memory()), "merge");
  PooledVector<std::int64_t> rows(matches.left.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i] = matches.left[i] != kNone ? matches.left[i] : a->length() + matches.right[i];
  return {left.name, taken({left.name, chunked(both)}, positions(rows)), left.family};
}

NamedColumn indicator_column(const Matches& matches) {
  arrow::Int8Builder codes;
  for (std::size_t i = 0; i < matches.left.size(); ++i) {
    check_arrow(codes.Append(static_cast<std::int8_t>(matches.right[i] == kNone  ? 0
                                                      : matches.left[i] == kNone ? 1
                                                                                 : 2)),
                "merge");
  }
  const auto names = array_from_literals({"left_only", "right_only", "both"});
  const auto type = arrow::dictionary(arrow::int8(), arrow::utf8());
  return {"_merge",
          chunked(value_or_throw(
              arrow::DictionaryArray::FromArrays(type, value_or_throw(codes.Finish(), "merge"), names), "merge"))};
}

// The outer join's order: sorted by the keys, stable.
Matches sorted_by_keys(const Matches& matches, const std::vector<NamedColumn>& keys) {
  std::vector<std::string> by;
  for (const NamedColumn& key : keys) by.push_back(key.name);
  const NdArray order = sort_positions(table_of(keys), {.by = by, .ascending = {true}});
  Matches out;
  const auto* at = order.data<std::int64_t>();
  for (std::int64_t i = 0; i < order.size(); ++i) out.add(matches.left[at[i]], matches.right[at[i]]);
  return out;
}

// Whether the matches are all rows of a table, each once and in their order.
bool are_all_in_order(const PooledVector<std::int64_t>& rows, std::int64_t num_rows) {
  if (static_cast<std::int64_t>(rows.size()) != num_rows) return false;
  for (std::int64_t i = 0; i < num_rows; ++i) {
    if (rows[static_cast<std::size_t>(i)] != i) return false;
  }
  return true;
}

// The left keys in the types of prepared right ones; nothing where both have to be converted.
std::optional<KeyArrays> keys_like(const JoinSide& left, const JoinKeys& right) {
  if (left.keys.size() != right.side.keys.size()) return std::nullopt;
  KeyArrays keys;
  for (std::size_t k = 0; k < left.keys.size(); ++k) {
    auto key = decoded(array_of(left.table, left.keys[k]));
    const auto& type = right.types[k];
    const bool both_text = is_text(*key->type()) && is_text(*type);
    if (!key->type()->Equals(*type) && !both_text) return std::nullopt;
    keys.push_back(cast_like(key, type));
  }
  return keys;
}

class Joiner {
 public:
  Joiner(const Table& left, const Table& right, const JoinParams& params)
      : params_(params),
        left_(join_side_of(left, params.left_on, params.left_index)),
        right_(join_side_of(right, params.right_on, params.right_index)) {}
  Joiner(const Table& left, const JoinTable& right)
      : params_(right.params()),
        left_(join_side_of(left, params_.left_on, params_.left_index)),
        right_(right.keys().side),
        prepared_(&right.keys()) {}

  Table run() {
    if (const auto keys = prepared_ ? keys_like(left_, *prepared_) : std::nullopt) return look_up(*keys);
    const auto [left_keys, right_keys] = common_keys(left_, right_);
    const std::int64_t left_rows = left_.table.num_rows();
    const std::int64_t right_rows = right_.table.num_rows();
    if (params_.how == JoinHow::leftsemi || params_.how == JoinHow::leftanti)
      return existing(ids_found(left_keys, right_keys, left_rows, right_rows));
    matches_ = matches_of(params_.how, left_keys, right_keys, left_rows, right_rows);
    if (params_.how == JoinHow::outer) matches_ = sorted_by_keys(matches_, outer_keys());
    left_rows_ = positions(matches_.left);
    right_rows_ = positions(matches_.right);
    return result();
  }

 private:
  bool is_shared_key(const std::string& name) const {
    for (std::size_t k = 0; k < left_.keys.size(); ++k) {
      if (left_.keys[k] == name && right_.keys[k] == name && !params_.left_index && !params_.right_index) return true;
    }
    return false;
  }

  std::vector<NamedColumn> outer_keys() const {
    const auto left_rows = positions(matches_.left);
    std::vector<NamedColumn> keys;
    for (std::size_t k = 0; k < left_.keys.size(); ++k) {
      keys.push_back(joined_key(named_column_of(left_.table, left_.keys[k]),
                                named_column_of(right_.table, right_.keys[k]), matches_, left_rows));
      keys.back().name = std::to_string(k);
    }
    return keys;
  }

  Table look_up(const KeyArrays& left_keys) {
    PooledVector<std::uint32_t> ids(static_cast<std::size_t>(left_.table.num_rows()));
    prepared_->table->find(left_keys, left_.table.num_rows(), ids.data());
    if (params_.how == JoinHow::leftsemi || params_.how == JoinHow::leftanti) return existing(ids);
    if (is_one_to_one(ids.size())) return with_partners(ids);
    matches_ = probe_rows(ids, prepared_->buckets, params_.how == JoinHow::left);
    left_rows_ = positions(matches_.left);
    right_rows_ = positions(matches_.right);
    return result();
  }

  // Whether a left row has one partner at most, and the result is no more than the columns of both.
  bool is_one_to_one(std::size_t num_rows) const {
    return prepared_->buckets.unique && !params_.indicator && !params_.left_index && !params_.right_index &&
           num_rows < std::numeric_limits<std::int32_t>::max();
  }

  // Every key of the right side is new, so that its row is its id less one. Positions of 32 bits are half the work.
  Table with_partners(const PooledVector<std::uint32_t>& ids) {
    const auto num_rows = static_cast<std::int64_t>(ids.size());
    const auto num_without = std::count(ids.begin(), ids.end(), 0);
    const bool keeps_all = params_.how == JoinHow::left || num_without == 0;
    std::int64_t count = 0;
    std::shared_ptr<arrow::Buffer> left = keeps_all ? nullptr : row_buffer(num_rows);
    std::shared_ptr<arrow::Buffer> right = row_buffer(num_rows);
    auto* to_left = left ? reinterpret_cast<std::int32_t*>(left->mutable_data()) : nullptr;
    auto* to_right = reinterpret_cast<std::int32_t*>(right->mutable_data());
    for (std::int64_t i = 0; i < num_rows; ++i) {
      const std::uint32_t id = ids[static_cast<std::size_t>(i)];
      if (to_left) to_left[count] = static_cast<std::int32_t>(i);
      to_right[count] = static_cast<std::int32_t>(id) - 1;
      count += keeps_all || id != 0 ? 1 : 0;
    }
    std::shared_ptr<arrow::Buffer> validity;
    if (keeps_all && num_without > 0) {
      validity = value_or_throw(arrow::AllocateEmptyBitmap(num_rows), "merge");
      for (std::int64_t i = 0; i < num_rows; ++i) {
        if (to_right[i] >= 0) arrow::bit_util::SetBit(validity->mutable_data(), i);
      }
    }
    if (left) left_rows_ = std::make_shared<arrow::Int32Array>(count, left);
    right_rows_ = std::make_shared<arrow::Int32Array>(count, right, validity);
    return result();
  }

  static std::shared_ptr<arrow::Buffer> row_buffer(std::int64_t num_rows) {
    return value_or_throw(arrow::AllocateBuffer(num_rows * 4), "merge");
  }

  // `ids` of the left rows' keys; 0 where the right side does not have it.
  Table existing(const PooledVector<std::uint32_t>& ids) const {
    arrow::BooleanBuilder keep;
    check_arrow(keep.Reserve(static_cast<std::int64_t>(ids.size())), "merge");
    for (std::uint32_t id : ids) check_arrow(keep.Append((id != 0) == (params_.how == JoinHow::leftsemi)), "merge");
    return filter(left_.table, table_of({{"keep", chunked(value_or_throw(keep.Finish(), "merge"))}}));
  }

  Table result() const {
    const std::vector<std::string> left_names = left_.table.names();
    const std::vector<std::string> right_names = right_.table.names();
    // Where every left row has its one partner, the left columns are those of the result.
    const bool keeps_left = !left_rows_ || are_all_in_order(matches_.left, left_.table.num_rows());
    std::vector<NamedColumn> columns;
    for (const std::string& name : left_names) {
      NamedColumn column = named_column_of(left_.table, name);
      if (is_shared_key(name)) {
        columns.push_back(keeps_left ? std::move(column)
                                     : joined_key(column, named_column_of(right_.table, name), matches_, left_rows_));
        continue;
      }
      if (!keeps_left) column.values = taken(column, left_rows_);
      column.name = contains(right_names, name) ? name + params_.left_suffix : name;
      columns.push_back(std::move(column));
    }
    for (const std::string& name : right_names) {
      if (is_shared_key(name)) continue;
      NamedColumn column = named_column_of(right_.table, name);
      column.values = taken(column, right_rows_);
      column.name = contains(left_names, name) ? name + params_.right_suffix : name;
      columns.push_back(std::move(column));
    }
    if (params_.indicator) columns.push_back(indicator_column(matches_));
    IndexSpec index = append_index(columns);
    return table_of(columns, std::move(index), TableForm::frame, right_rows_->length());
  }

  // merge on columns counts from 0; on both indexes the joined keys are the index, whose names are those of the side
  // that leads; on one, pandas keeps the other side's index.
  IndexSpec append_index(std::vector<NamedColumn>& columns) const {
    if (!params_.left_index && !params_.right_index) return {};
    IndexSpec index;
    if (params_.left_index && params_.right_index) {
      for (std::size_t k = 0; k < left_.keys.size(); ++k) {
        NamedColumn key = joined_key(named_column_of(left_.table, left_.keys[k]),
                                     named_column_of(right_.table, right_.keys[k]), matches_, left_rows_);
        if (params_.how == JoinHow::right) key.name = right_.keys[k];
        append_level(std::move(key), index, columns);
      }
      return index;
    }
    const bool from_left = params_.right_index;
    const Table labels = (from_left ? left_ : right_).table.index_values();
    for (const std::string& name : labels.names()) {
      NamedColumn level = named_column_of(labels, name);
      level.values = taken(level, from_left ? left_rows_ : right_rows_);
      append_level(std::move(level), index, columns);
    }
    return index;
  }

  JoinParams params_;
  JoinSide left_;
  JoinSide right_;
  const JoinKeys* prepared_ = nullptr;
  Matches matches_;
  std::shared_ptr<arrow::Array> left_rows_;  // null: all of them in their order
  std::shared_ptr<arrow::Array> right_rows_;
};

}  // namespace

JoinHow parse_join_how(std::string_view text) {
  static const std::vector<std::string> kNames = {"inner", "left", "right", "outer", "leftsemi", "leftanti"};
  const auto found = std::find(kNames.begin(), kNames.end(), text);
  if (found != kNames.end()) return static_cast<JoinHow>(found - kNames.begin());
  throw value_error("how='" + std::string(text) + "' is not known" + did_you_mean(text, kNames) +
                    "; expected inner, left, right, outer, leftsemi or leftanti");
}

Table join(const Table& left, const Table& right, const JoinParams& params) {
  initialize_arrow();
  return Joiner(left, right, params).run();
}

Table join(const Table& left, const JoinTable& right) { return Joiner(left, right).run(); }

bool looks_up(const Table& left, const JoinTable& right) {
  const JoinParams& params = right.params();
  return keys_like(join_side_of(left, params.left_on, params.left_index), right.keys()).has_value();
}

}  // namespace plait
