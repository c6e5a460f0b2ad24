#include "kernels/table/groupby.h"

#include <arrow/compute/api.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/kernel.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/groupby_plan.h"
#include "kernels/table/key_parts.h"
#include "kernels/table/key_table.h"
#include "kernels/table/type_rules.h"

namespace plait {
namespace {

using Arrays = std::vector<std::shared_ptr<arrow::Array>>;

// Rows handled at once: ids and columns stay in the near caches.
constexpr std::int64_t kBlockRows = 16 * 1024;

// A column that the state follows: its type as first seen, and what it means.
struct Source {
  std::shared_ptr<arrow::DataType> type;
  ColumnType meaning;
  TypeFamily family = TypeFamily::numpy;
  bool encoded_text = false;
};

Source source_of(const NamedColumn& column, const ColumnType& meaning) {
  return {column.values->type(), meaning, column.family, column.encoded_text};
}

// Two columns as one of pairs of float64.
Source source_of_pairs() {
  return {arrow::struct_({arrow::field("x", arrow::float64()), arrow::field("y", arrow::float64())}),
          {.kind = TypeKind::float64}};
}

std::shared_ptr<arrow::ChunkedArray> pairs_of(const Table& batch, const std::string& x, const std::string& y) {
  const auto as_double = [&](const std::string& name) { return cast_like(array_of(batch, name), arrow::float64()); };
  return chunked(std::make_shared<arrow::StructArray>(source_of_pairs().type, batch.num_rows(),
                                                      arrow::ArrayVector{as_double(x), as_double(y)}));
}

// Values of groups are plain: only keys profit from dictionaries.
std::shared_ptr<arrow::Array> plain(const std::shared_ptr<arrow::Array>& array) { return decoded(array); }

}  // namespace

class GroupByState::Impl {
 public:
  explicit Impl(GroupBySpec spec) : spec_(std::move(spec)), plan_(plan_groupby(spec_)) {
    if (spec_.keys.empty()) throw value_error("groupby: no keys were given; expected at least one column");
  }

  void update(const Table& batch) {
    Inputs inputs = inputs_of(batch);
    start_or_restart(inputs.keys, inputs.values);
    has_positions_ = batch.has(kPosition);
    if (batch.num_rows() == 0) return note_categories(inputs);
    std::vector<arrow::ArrayVector> pieces = aligned_pieces(inputs, batch.num_rows());
    for (const arrow::ArrayVector& piece : pieces) update_blocks(piece);
  }

  void combine(const Table& partial) {
    if (partial.num_columns() == 0) return;
    Inputs inputs = inputs_of_partial(partial);
    start_or_restart(inputs.keys, inputs.values);
    Arrays keys;
    for (std::size_t k = 0; k < spec_.keys.size(); ++k)
      keys.push_back(cast_like(array_of(partial, key_column_name(k)), keys_[k].type));
    const std::uint32_t* ids = ids_of(keys, partial.num_rows());
    has_positions_ = partial.has(kPosition);
    if (has_positions_) note_positions(*array_of(partial, kPosition), ids);
    int column = static_cast<int>(spec_.keys.size());
    for (std::size_t s = 0; s < plan_.states.size(); ++s) {
      Arrays state;
      for (int part = 0; part < num_state_columns(plan_.states[s].primitive); ++part) {
        state.push_back(array_of(arrow_of(partial)->column(column++)));
      }
      accumulators_[s]->merge(state, ids, key_table_->num_groups());
    }
  }

  std::int64_t num_groups() const { return key_table_ ? key_table_->num_groups() : 0; }

  Table take() {
    if (!key_table_) return Table();
    std::vector<NamedColumn> columns;
    const Arrays keys = key_table_->keys();
    for (std::size_t k = 0; k < keys.size(); ++k) {
      columns.push_back({key_column_name(k), chunked(keys[k]), keys_[k].family, keys_[k].encoded_text});
    }
    for (std::size_t s = 0; s < plan_.states.size(); ++s) {
      check_cancelled();
      const Arrays state = accumulators_[s]->state(key_table_->num_groups());
      for (std::size_t part = 0; part < state.size(); ++part) {
        // Nothing else has the state's types: nulls in it must stay.
        columns.push_back({state_column_name(s, static_cast<int>(part), values_[s].meaning), chunked(state[part]),
                           TypeFamily::arrow});
      }
    }
    if (has_positions_) columns.push_back(position_column(std::exchange(positions_, {})));
    key_table_.reset();
    accumulators_.clear();
    return table_of(columns);
  }

 private:
  struct Inputs {
    std::vector<Source> keys;
    std::vector<Source> values;         // by state
    arrow::ChunkedArrayVector columns;  // keys, then values
  };

  Inputs inputs_of(const Table& batch) const {
    Inputs inputs;
    for (const std::string& key : spec_.keys) {
      const NamedColumn column = named_column_of(batch, key);
      inputs.keys.push_back(source_of(column, batch.type(key)));
      inputs.columns.push_back(column.values);
    }
    for (const PlannedState& state : plan_.states) {
      if (state.primitive == Primitive::comoments) {
        inputs.values.push_back(source_of_pairs());
        inputs.columns.push_back(pairs_of(batch, state.column, state.other));
        continue;
      }
      const std::string& name = state.column.empty() ? spec_.keys.front() : state.column;
      const NamedColumn column = named_column_of(batch, name);
      inputs.values.push_back(source_of(column, batch.type(name)));
      inputs.columns.push_back(column.values);
    }
    if (batch.has(kPosition)) inputs.columns.push_back(chunks_of(batch, kPosition));
    return inputs;
  }

  Inputs inputs_of_partial(const Table& partial) const {
    Inputs inputs;
    for (std::size_t k = 0; k < spec_.keys.size(); ++k) {
      const NamedColumn column = named_column_of(partial, key_column_name(k));
      inputs.keys.push_back(source_of(column, partial.type(column.name)));
    }
    int column = static_cast<int>(spec_.keys.size());
    for (const PlannedState& state : plan_.states) {
      const std::string& label = arrow_of(partial)->field(column)->name();
      const ColumnType meaning = source_type_of_state(label);
      inputs.values.push_back(state.primitive == Primitive::comoments
                                  ? source_of_pairs()
                                  : Source{arrow_type_of(meaning), meaning, meaning.family, false});
      column += num_state_columns(state.primitive);
    }
    return inputs;
  }

  // Batches and partials may differ in types (an integer column became float64 where a value is missing): then the
  // groups found so far are carried over to a state of the types that hold both.
  void start_or_restart(const std::vector<Source>& keys, const std::vector<Source>& values) {
    if (!key_table_) return start(keys, values);
    std::vector<Source> new_keys = keys_;
    std::vector<Source> new_values = values_;
    bool changed = false;
    for (std::size_t k = 0; k < keys.size(); ++k) changed |= widen(new_keys[k], keys[k], true);
    for (std::size_t v = 0; v < values.size(); ++v) changed |= widen(new_values[v], values[v], false);
    if (!changed) return;
    const Table so_far = take();
    start(new_keys, new_values);
    combine_state(so_far);
  }

  static bool widen(Source& known, const Source& seen, bool is_key) {
    const auto type = is_key ? key_type_of(known.type, seen.type) : value_type_of(known.type, seen.type);
    if (type->Equals(*known.type)) return false;
    known.encoded_text = known.encoded_text && type->id() == arrow::Type::DICTIONARY;
    known.type = type;
    known.meaning = seen.meaning;
    return true;
  }
  static std::shared_ptr<arrow::DataType> key_type_of(const std::shared_ptr<arrow::DataType>& a,
                                                      const std::shared_ptr<arrow::DataType>& b) {
    if (a->id() == arrow::Type::DICTIONARY && b->id() == arrow::Type::DICTIONARY) return a;
    return unified_type(a, b);
  }
  static std::shared_ptr<arrow::DataType> value_type_of(const std::shared_ptr<arrow::DataType>& a,
                                                        const std::shared_ptr<arrow::DataType>& b) {
    const auto plain_a = plain_type(a);
    return unified_type(plain_a, plain_type(b));
  }
  static std::shared_ptr<arrow::DataType> plain_type(const std::shared_ptr<arrow::DataType>& type) {
    return type->id() == arrow::Type::DICTIONARY ? static_cast<const arrow::DictionaryType&>(*type).value_type() : type;
  }

  void start(const std::vector<Source>& keys, const std::vector<Source>& values) {
    keys_ = keys;
    values_ = values;
    std::vector<std::shared_ptr<arrow::DataType>> types;
    for (const Source& key : keys_) types.push_back(key.type);
    key_table_ = std::make_unique<KeyTable>(types, !spec_.dropna);
    accumulators_.clear();
    for (std::size_t s = 0; s < plan_.states.size(); ++s) {
      values_[s].type = plain_type(values_[s].type);
      accumulators_.push_back(make_state(s));
    }
  }

  std::unique_ptr<Accumulator> make_state(std::size_t s) const {
    try {
      return make_accumulator(plan_.states[s].primitive, values_[s].type);
    } catch (const NoNativeForm& form) {
      throw NoNativeForm("groupby: column '" + plan_.states[s].column + "': " + form.what());
    } catch (const Error& error) {
      throw type_error("groupby: column '" + plan_.states[s].column + "': " + error.what());
    }
  }

  void combine_state(const Table& partial) { combine(partial); }

  // The inputs cut where any of their chunks end, without copies.
  static std::vector<arrow::ArrayVector> aligned_pieces(const Inputs& inputs, std::int64_t num_rows) {
    std::vector<std::int64_t> cuts = {0, num_rows};
    for (const auto& column : inputs.columns) {
      std::int64_t end = 0;
      for (const auto& chunk : column->chunks()) cuts.push_back(end += chunk->length());
    }
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    std::vector<arrow::ArrayVector> pieces;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
      arrow::ArrayVector piece;
      for (const auto& column : inputs.columns)
        piece.push_back(array_of(column->Slice(cuts[i], cuts[i + 1] - cuts[i])));
      pieces.push_back(std::move(piece));
    }
    return pieces;
  }

  void update_blocks(const arrow::ArrayVector& piece) {
    const std::int64_t num_rows = piece.front()->length();
    arrow::ArrayVector columns;
    const std::size_t num_columns = keys_.size() + accumulators_.size();
    for (std::size_t c = 0; c < num_columns; ++c) {
      columns.push_back(c < keys_.size() ? cast_like(piece[c], keys_[c].type)
                                         : cast_like(plain_unless_size(piece[c], c), type_of_value(c, piece[c])));
    }
    for (std::int64_t start = 0; start < num_rows; start += kBlockRows) {
      check_cancelled();
      const std::int64_t count = std::min(kBlockRows, num_rows - start);
      Arrays keys;
      for (std::size_t k = 0; k < keys_.size(); ++k) keys.push_back(columns[k]->Slice(start, count));
      const std::uint32_t* ids = ids_of(keys, count);
      if (piece.size() > num_columns) note_positions(*piece.back()->Slice(start, count), ids);
      for (std::size_t s = 0; s < accumulators_.size(); ++s) {
        accumulators_[s]->update(*columns[keys_.size() + s]->Slice(start, count), ids, key_table_->num_groups());
      }
    }
  }
  bool counts_rows_only(std::size_t state) const { return plan_.states[state].primitive == Primitive::size; }
  std::shared_ptr<arrow::Array> plain_unless_size(const std::shared_ptr<arrow::Array>& array,
                                                  std::size_t column) const {
    return counts_rows_only(column - keys_.size()) ? array : plain(array);
  }
  std::shared_ptr<arrow::DataType> type_of_value(std::size_t column, const std::shared_ptr<arrow::Array>& array) const {
    const std::size_t state = column - keys_.size();
    return counts_rows_only(state) ? array->type() : values_[state].type;
  }

  const std::uint32_t* ids_of(const Arrays& keys, std::int64_t count) {
    if (static_cast<std::int64_t>(ids_.size()) < count) ids_.resize(count);
    key_table_->add(keys, count, ids_.data());
    return ids_.data();
  }

  // Of keys without rows.
  void note_categories(const Inputs& inputs) {
    Arrays keys;
    for (std::size_t k = 0; k < keys_.size(); ++k)
      keys.push_back(cast_like(array_of(inputs.columns[k]), keys_[k].type));
    ids_of(keys, 0);
  }

  // Groups are numbered as they come: a new one is next.
  void note_positions(const arrow::Array& positions, const std::uint32_t* ids) {
    const auto* from = positions.data()->GetValues<std::int64_t>(1);
    for (std::int64_t i = 0; i < positions.length(); ++i) {
      if (ids[i] > positions_.size()) positions_.push_back(from[i]);
    }
  }

  GroupBySpec spec_;
  GroupByPlan plan_;
  std::vector<Source> keys_;
  std::vector<Source> values_;  // by state
  std::unique_ptr<KeyTable> key_table_;
  std::vector<std::unique_ptr<Accumulator>> accumulators_;
  std::vector<std::uint32_t> ids_;
  bool has_positions_ = false;
  PooledVector<std::int64_t> positions_;  // by group - 1
};

GroupByState::GroupByState(GroupBySpec spec) : impl_(std::make_unique<Impl>(std::move(spec))) {}
GroupByState::GroupByState(GroupByState&&) noexcept = default;
GroupByState::~GroupByState() = default;
void GroupByState::update(const Table& batch) { impl_->update(batch); }
void GroupByState::combine(const Table& partial) { impl_->combine(partial); }
std::int64_t GroupByState::num_groups() const { return impl_->num_groups(); }
Table GroupByState::take() { return impl_->take(); }

Table groupby_partial(const Table& table, const GroupBySpec& spec) {
  GroupByState state(spec);
  state.update(table);
  return state.take();
}

Table groupby_rows(const std::vector<Table>& tables, const GroupBySpec& spec) {
  GroupByState state(spec);
  for (const Table& table : tables) state.update(table);
  return state.take();
}

Table groupby_combine(const std::vector<Table>& partials, const GroupBySpec& spec) {
  GroupByState state(spec);
  for (const Table& partial : partials) state.combine(partial);
  return state.take();
}

Table groupby(const Table& table, const GroupBySpec& spec) {
  return groupby_finalize(groupby_partial(table, spec), spec);
}

}  // namespace plait
