// Tables one after the other.
#include <arrow/api.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "kernels/table/accumulator_parts.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/rows.h"
#include "kernels/table/type_rules.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

// The columns of the result: of all tables in order of appearance, or the shared ones.
std::vector<std::string> result_columns(const std::vector<Table>& tables, bool outer) {
  std::vector<std::string> names = tables.front().names();
  for (const Table& table : tables) {
    if (outer) {
      for (const std::string& name : table.names()) {
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
      }
    } else {
      std::erase_if(names, [&](const std::string& name) { return !table.has(name); });
    }
  }
  return names;
}

bool has_no_value(const arrow::ChunkedArray& values) {
  return std::all_of(values.chunks().begin(), values.chunks().end(), [](const std::shared_ptr<arrow::Array>& chunk) {
    bool is_empty = true;
    for_each_present(*chunk, [&](std::int64_t, bool is_present) { is_empty = is_empty && !is_present; });
    return is_empty;
  });
}

// A number beside text, a date or a category: no type holds both.
bool is_unlike(const arrow::DataType& type, const arrow::DataType& part) {
  return is_number(part) && part.id() != arrow::Type::BOOL && !is_number(type);
}

// Nullable columns make others nullable; pandas' default ones yield to all.
TypeFamily leading_family(TypeFamily a, TypeFamily b) {
  for (const TypeFamily family : {TypeFamily::arrow, TypeFamily::nullable, TypeFamily::object}) {
    if (a == family || b == family) return family;
  }
  return TypeFamily::numpy;
}

// The type of the parts together, with what else `out` says of it. A part without any value, which is a column of
// floats to pandas, takes the type of one that has values.
std::shared_ptr<arrow::DataType> joined_type(const std::vector<std::optional<NamedColumn>>& parts, bool are_partitions,
                                             NamedColumn& out) {
  std::shared_ptr<arrow::DataType> type;
  const auto begin_with = [&](const NamedColumn& part) {
    out.family = part.family;
    out.encoded_text = part.encoded_text;
    type = part.values->type();
  };
  // Values are looked at only where that matters.
  const auto has = [&](bool numbers) {
    return std::any_of(parts.begin(), parts.end(), [&](const auto& part) {
      const bool is_plain = part && is_number(*part->values->type()) && part->values->type()->id() != arrow::Type::BOOL;
      return part && is_plain == numbers;
    });
  };
  const bool is_mixed = has(true) && has(false);
  const auto is_number_part = [](const auto& part) { return part && is_number(*part->values->type()); };
  const auto has_rows = [](const auto& part) { return part && part->values->length() > 0; };
  const bool skips_empty = are_partitions && std::all_of(parts.begin(), parts.end(), is_number_part) &&
                           std::any_of(parts.begin(), parts.end(), has_rows);
  bool has_values = false;
  for (const auto& part : parts) {
    if (!part || (skips_empty && part->values->length() == 0)) continue;
    const arrow::DataType& mine = *part->values->type();
    if (!type || (is_unlike(mine, *type) && !has_values)) {
      begin_with(*part);
    } else if (!is_unlike(*type, mine) || !has_no_value(*part->values)) {
      out.encoded_text = out.encoded_text && part->encoded_text;
      out.family = leading_family(out.family, part->family);
      // An empty table says nothing of its missing values: its integers do not make floats of others.
      type = unified_type(type, part->values->type());
    }
    has_values = has_values || (is_mixed && !has_no_value(*part->values));
  }
  return type;
}

// Chunks without rows have told their categories: Arrow's interface to others does not take them among others.
std::shared_ptr<arrow::ChunkedArray> without_empty_chunks(const arrow::ChunkedArray& values) {
  arrow::ArrayVector kept;
  std::ranges::copy_if(values.chunks(), std::back_inserter(kept),
                       [](const auto& chunk) { return chunk->length() > 0; });
  if (kept.empty()) kept.push_back(values.chunk(0));
  return std::make_shared<arrow::ChunkedArray>(std::move(kept), values.type());
}

// The same column of all tables, as chunks of one type.
NamedColumn joined(const std::vector<std::optional<NamedColumn>>& parts, const std::vector<std::int64_t>& rows,
                   const std::string& name, const ConcatParams& params) {
  NamedColumn out{name, nullptr};
  const std::shared_ptr<arrow::DataType> type = joined_type(parts, params.are_partitions, out);
  arrow::ArrayVector chunks;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i] || (is_unlike(*type, *parts[i]->values->type()) && has_no_value(*parts[i]->values))) {
      chunks.push_back(value_or_throw(arrow::MakeArrayOfNull(type, rows[i]), "concat"));
      continue;
    }
    for (const auto& chunk : parts[i]->values->chunks()) {
      if (chunk->length() > 0) chunks.push_back(cast_like(chunk, type));
    }
    // Without rows, too, a part tells its categories.
    if (rows[i] == 0 && type->id() == arrow::Type::DICTIONARY)
      chunks.push_back(cast_like(array_of(parts[i]->values), type));
  }
  out.values = std::make_shared<arrow::ChunkedArray>(std::move(chunks), type);
  if (type->id() == arrow::Type::DICTIONARY && out.values->num_chunks() > 1) {
    out.values = without_empty_chunks(*with_one_dictionary(out.values));
  }
  if (type->id() != arrow::Type::DICTIONARY) out.encoded_text = false;
  return out;
}

// Where every table continues the range of the one before.
std::optional<IndexSpec> joined_range(const std::vector<Table>& tables) {
  IndexSpec range = tables.front().index();
  std::int64_t next = range.start;
  bool started = false;
  for (const Table& table : tables) {
    if (!table.index().is_range()) return std::nullopt;
    if (table.num_rows() == 0) continue;
    if (!started) {
      range = table.index();
      started = true;
    } else if (table.index().step != range.step || table.index().start != next) {
      return std::nullopt;
    }
    next = table.index().start + table.num_rows() * table.index().step;
  }
  return range;
}

// The interval that all tables say their labels follow each other at.
std::string joined_freq(const std::vector<Table>& tables) {
  const std::string& freq = tables.front().index().freq;
  const bool is_shared = std::ranges::all_of(tables, [&](const Table& t) { return t.index().freq == freq; });
  return is_shared ? freq : "";
}

// With labels written out under the first table's names.
Table with_labels_named(const Table& table, const std::vector<std::string>& labels) {
  std::vector<NamedColumn> columns = named_columns_of(table);
  columns.resize(table.num_columns());
  const Table index = table.index_values();
  if (index.names().size() != labels.size()) {
    throw value_error("concat: indexes have " + std::to_string(labels.size()) + " and " +
                      std::to_string(index.names().size()) + " levels");
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    NamedColumn level = named_column_of(index, index.names()[i]);
    level.name = labels[i];
    columns.push_back(std::move(level));
  }
  return table_of(columns, {.columns = labels}, table.form());
}

// A part without rows may not know how many levels the labels have that a function gave to the others.
std::vector<Table> without_unlike_empty(const std::vector<Table>& tables) {
  const auto levels = [](const Table& table) { return table.index().is_range() ? 1 : table.index().columns.size(); };
  const auto rows = std::find_if(tables.begin(), tables.end(), [](const Table& t) { return t.num_rows() > 0; });
  if (rows == tables.end()) return tables;
  std::vector<Table> kept;
  std::copy_if(tables.begin(), tables.end(), std::back_inserter(kept),
               [&](const Table& table) { return table.num_rows() > 0 || levels(table) == levels(*rows); });
  return kept;
}

}  // namespace

Table concat(const std::vector<Table>& tables, const ConcatParams& params) {
  if (tables.empty()) throw value_error("concat: no tables were given");
  std::vector<Table> parts = without_unlike_empty(tables);
  if (parts.size() == 1) return params.ignore_index ? parts.front().reset_index(true) : parts.front();
  IndexSpec index;
  if (params.ignore_index) {
    for (Table& part : parts) part = part.reset_index(true);
  } else if (const auto range = joined_range(parts)) {
    index = *range;
  } else {
    index.freq = joined_freq(parts);
    const auto labelled =
        std::find_if(parts.begin(), parts.end(), [](const Table& t) { return !t.index().is_range(); });
    index.columns = labelled == parts.end() ? parts.front().index_values().names() : labelled->index().columns;
    for (Table& part : parts) part = with_labels_named(part, index.columns);
  }
  std::vector<std::string> names = result_columns(parts, params.outer);
  names.insert(names.end(), index.columns.begin(), index.columns.end());
  std::vector<std::int64_t> rows;
  std::int64_t num_rows = 0;
  for (const Table& part : parts) {
    rows.push_back(part.num_rows());
    num_rows += part.num_rows();
  }
  std::vector<NamedColumn> columns;
  for (const std::string& name : names) {
    std::vector<std::optional<NamedColumn>> same;
    for (const Table& part : parts)
      same.push_back(part.has(name) ? std::optional(named_column_of(part, name)) : std::nullopt);
    columns.push_back(joined(same, rows, name, params));
  }
  const TableForm form = parts.front().form() == TableForm::scalar ? TableForm::series : parts.front().form();
  return table_of(columns, std::move(index), form, num_rows);
}

}  // namespace plait
