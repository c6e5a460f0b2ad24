#include "kernels/table/align.h"

#include <arrow/api.h>
#include <arrow/compute/api.h>

#include <algorithm>
#include <numeric>

#include "base/buffer.h"
#include "base/kernel.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/key_table.h"
#include "kernels/table/sort.h"
#include "kernels/table/take.h"
#include "kernels/table/type_rules.h"

namespace plait {
namespace {

using ArrayPtr = std::shared_ptr<arrow::Array>;
using Positions = std::vector<std::int64_t>;  // of rows; -1: there is none

// Where the labels of both come together, pandas says which categories there are.
bool makes_labels(AlignHow how) {
  return how == AlignHow::outer || how == AlignHow::beside || how == AlignHow::beside_inner;
}

NamedColumn label_column(const Table& labels, AlignHow how) {
  if (labels.num_columns() != 1) throw NoNativeForm("alignment by labels of several levels");
  NamedColumn column = named_column_of(labels, labels.names().front());
  if (column.values->type()->id() == arrow::Type::DICTIONARY && !column.encoded_text && makes_labels(how))
    throw NoNativeForm("alignment by categories");
  return column;
}

// The labels of every operand, of one type.
class Labels {
 public:
  Labels(const std::vector<Table>& labels, AlignHow how) {
    std::shared_ptr<arrow::DataType> type;
    for (const Table& table : labels) {
      columns_.push_back(label_column(table, how));
      arrays_.push_back(decoded(array_of(columns_.back().values)));
      type = type ? unified_type(type, arrays_.back()->type()) : arrays_.back()->type();
    }
    for (ArrayPtr& array : arrays_) array = cast_like(array, type);
  }

  std::size_t size() const { return arrays_.size(); }
  const ArrayPtr& operator[](std::size_t operand) const { return arrays_[operand]; }
  const std::shared_ptr<arrow::DataType>& type() const { return arrays_.front()->type(); }

  bool are_same() const {
    return std::all_of(arrays_.begin() + 1, arrays_.end(), [&](const ArrayPtr& array) {
      return array->Equals(*arrays_.front(), arrow::EqualOptions::Defaults().nans_equal(true));
    });
  }

  // Labels as a column; their name, if all operands have the same.
  NamedColumn column(ArrayPtr values, bool keep_name) const {
    NamedColumn column{columns_.front().name, chunked(std::move(values)), columns_.front().family};
    const auto has_name = [&](const NamedColumn& other) { return other.name == column.name; };
    if (!keep_name && !std::all_of(columns_.begin(), columns_.end(), has_name)) column.name = "__index_level_0__";
    return column;
  }

 private:
  std::vector<NamedColumn> columns_;
  std::vector<ArrayPtr> arrays_;
};

// The rows of each label of an operand, by the label's id.
class RowsOf {
 public:
  RowsOf(const PooledVector<std::uint32_t>& ids, std::uint32_t num_ids) : starts_(num_ids + 2, 0), rows_(ids.size()) {
    for (const std::uint32_t id : ids) ++starts_[id + 1];
    std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
    PooledVector<std::int64_t> next(starts_.begin(), starts_.end() - 1);
    for (std::size_t row = 0; row < ids.size(); ++row) rows_[next[ids[row]]++] = static_cast<std::int64_t>(row);
  }

  std::span<const std::int64_t> operator[](std::uint32_t id) const {
    return std::span(rows_).subspan(starts_[id], starts_[id + 1] - starts_[id]);
  }
  std::int64_t only(std::uint32_t id) const { return (*this)[id].empty() ? -1 : (*this)[id].front(); }
  bool repeats() const {
    for (std::size_t id = 1; id + 1 < starts_.size(); ++id) {
      if (starts_[id + 1] - starts_[id] > 1) return true;
    }
    return false;
  }

 private:
  PooledVector<std::int64_t> starts_;
  PooledVector<std::int64_t> rows_;
};

// The different labels of all operands as ids 1, 2, ... in order of appearance.
struct LabelIds {
  explicit LabelIds(const Labels& labels) : table({labels.type()}, true) {
    std::vector<PooledVector<std::uint32_t>> ids;
    for (std::size_t operand = 0; operand < labels.size(); ++operand) {
      const ArrayPtr& array = labels[operand];
      ids.emplace_back(array->length());
      table.add({array}, array->length(), ids.back().data());
    }
    for (const auto& of_operand : ids) rows.emplace_back(of_operand, table.num_groups());
    first = std::move(ids.front());
  }

  std::uint32_t size() const { return table.num_groups(); }
  ArrayPtr values() const { return table.keys().front(); }

  KeyTable table;
  std::vector<RowsOf> rows;           // of each operand
  PooledVector<std::uint32_t> first;  // of the first operand's rows
};

// What the joint rows are made of: the label of each (an id), and the row of the operand.
struct Joint {
  std::vector<std::uint32_t> labels;
  Positions rows;
  void add(std::uint32_t label, std::int64_t row) {
    labels.push_back(label);
    rows.push_back(row);
  }
};

Positions sorted_ids(const LabelIds& ids) {
  const NdArray order = sort_positions(table_of({{"label", chunked(ids.values())}}), {.by = {"label"}});
  const auto* at = order.data<std::int64_t>();
  return {at, at + order.size()};
}

Joint outer_join(const LabelIds& ids, std::size_t own) {
  const RowsOf& mine = ids.rows[own];
  const RowsOf& others = ids.rows[1 - own];
  Joint joint;
  for (const std::int64_t at : sorted_ids(ids)) {
    check_cancelled();
    const auto id = static_cast<std::uint32_t>(at + 1);
    const auto rows = mine[id];
    const std::size_t repeats = std::max<std::size_t>(others[id].size(), 1);
    if (rows.empty()) {
      for (std::size_t i = 0; i < repeats; ++i) joint.add(id, -1);
    } else if (own == 0) {
      for (const std::int64_t row : rows) {
        for (std::size_t i = 0; i < repeats; ++i) joint.add(id, row);
      }
    } else {
      for (std::size_t i = 0; i < repeats; ++i) {
        for (const std::int64_t row : rows) joint.add(id, row);
      }
    }
  }
  return joint;
}

Joint left_join(const LabelIds& ids, std::size_t own, bool whole) {
  if (ids.rows[own].repeats()) throw value_error("cannot reindex on an axis with duplicate labels");
  Joint joint;
  for (const std::uint32_t id : ids.first) {
    joint.add(id, ids.rows[own].only(id));
    if (whole && joint.rows.back() < 0) {
      throw index_error(
          "Unalignable boolean Series provided as indexer (index of the boolean Series and of the indexed object do "
          "not match): label " +
          to_string(literal_of(*value_or_throw(ids.values()->GetScalar(id - 1), "align"))) + " has no condition");
    }
  }
  return joint;
}

Joint beside(const LabelIds& ids, std::size_t own, bool inner) {
  for (const RowsOf& rows : ids.rows) {
    if (rows.repeats())
      throw value_error("Reindexing only valid with uniquely valued Index objects: a label of concat(axis=1) repeats");
  }
  Joint joint;
  for (std::uint32_t id = 1; id <= ids.size(); ++id) {
    const auto has_it = [&](const RowsOf& rows) { return !rows[id].empty(); };
    if (!inner || std::all_of(ids.rows.begin(), ids.rows.end(), has_it)) joint.add(id, ids.rows[own].only(id));
  }
  return joint;
}

Joint joined(const LabelIds& ids, const AlignParams& params) {
  const auto own = static_cast<std::size_t>(params.own);
  switch (params.how) {
    case AlignHow::outer:
      return outer_join(ids, own);
    case AlignHow::left:
      return left_join(ids, own, false);
    case AlignHow::left_and_whole:
      return left_join(ids, own, true);
    case AlignHow::identical:
      throw value_error(
          "Can only compare identically-labeled Series (or DataFrame) objects; the methods eq, lt, ... "
          "align them first");
    case AlignHow::beside:
      return beside(ids, own, false);
    case AlignHow::beside_inner:
      break;
  }
  return beside(ids, own, true);
}

ArrayPtr positions_array(const Positions& rows) {
  arrow::Int64Builder builder;
  check_arrow(builder.Reserve(static_cast<std::int64_t>(rows.size())), "align");
  for (const std::int64_t row : rows) {
    if (row < 0)
      builder.UnsafeAppendNull();
    else
      builder.UnsafeAppend(row);
  }
  return value_or_throw(builder.Finish(), "align");
}

}  // namespace

Table align_rows(const std::vector<Table>& inputs, const AlignParams& params) {
  initialize_arrow();
  std::vector<Table> tables(inputs.begin() + 1, inputs.end());
  tables.insert(tables.begin() + params.own, inputs.front().index_values());
  const Labels labels(tables, params.how);
  if (labels.are_same()) return inputs.front();
  const LabelIds ids(labels);
  const Joint joint = joined(ids, params);
  Positions places;
  for (const std::uint32_t label : joint.labels) places.push_back(static_cast<std::int64_t>(label) - 1);
  const ArrayPtr joint_labels = value_or_throw(arrow::compute::Take(*ids.values(), *positions_array(places)), "align");
  NamedColumn column = labels.column(joint_labels, params.how != AlignHow::outer);
  const Table rows = take(inputs.front().reset_index(true), positions_array(joint.rows));
  std::vector<NamedColumn> columns;
  for (const std::string& name : rows.names()) columns.push_back(named_column_of(rows, name));
  const std::string name = column.name;
  columns.push_back(std::move(column));
  return table_of(columns, {.columns = {name}}, inputs.front().form(), static_cast<std::int64_t>(joint.rows.size()));
}

}  // namespace plait
