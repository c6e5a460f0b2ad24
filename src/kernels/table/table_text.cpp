// Tables as pandas prints them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "kernels/table/arrow_table.h"
#include "kernels/table/calendar.h"

namespace plait {
namespace {

constexpr std::int64_t kMaxRows = 60;
constexpr std::int64_t kEdgeRows = 5;

// One column of text cells, all of the same width.
struct TextColumn {
  std::vector<std::string> head;  // a line a level of the label
  std::vector<std::string> cells;
  bool left = false;
};

std::vector<std::int64_t> shown_rows(std::int64_t num_rows, std::int64_t max_rows) {
  std::vector<std::int64_t> rows;
  for (std::int64_t i = 0; i < num_rows; ++i) {
    if (num_rows <= max_rows || i < kEdgeRows || i >= num_rows - kEdgeRows) rows.push_back(i);
  }
  return rows;
}

// Six decimals at most; zeros that all cells share are left out.
std::vector<std::string> float_cells(const std::vector<Literal>& values) {
  double largest = 0;
  double smallest = std::numeric_limits<double>::infinity();
  for (const Literal& value : values) {
    const double* number = std::get_if<double>(&value);
    if (!number || !std::isfinite(*number) || *number == 0) continue;
    largest = std::max(largest, std::abs(*number));
    smallest = std::min(smallest, std::abs(*number));
  }
  const bool scientific = largest >= 1e16 || (largest > 0 && smallest < 1e-5);
  std::vector<std::string> cells;
  std::size_t zeros = 5;
  for (const Literal& value : values) {
    const double* number = std::get_if<double>(&value);
    cells.push_back(!number ? "NaN"
                    : !std::isfinite(*number)
                        ? (*number > 0 ? "inf" : "-inf")
                        : (scientific ? fmt::format("{:.6e}", *number) : fmt::format("{:.6f}", *number)));
    if (!number || !std::isfinite(*number) || scientific) continue;
    const std::string& text = cells.back();
    zeros = std::min(zeros, text.size() - 1 - text.find_last_not_of('0'));
  }
  if (scientific) return cells;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const double* number = std::get_if<double>(&values[i]);
    if (number && std::isfinite(*number)) cells[i].resize(cells[i].size() - zeros);
  }
  return cells;
}

bool are_days(const std::vector<Literal>& values) {
  return std::all_of(values.begin(), values.end(), [](const Literal& value) {
    const auto* moment = std::get_if<Timestamp>(&value);
    return !moment || moment->value % (86400 * units_per_second(moment->unit)) == 0;
  });
}

std::vector<std::string> cells_of(const Table& table, const std::string& name, const std::vector<std::int64_t>& rows) {
  std::vector<Literal> values;
  for (std::int64_t row : rows) values.push_back(table.at(name, row));
  const ColumnType& type = table.type(name);
  if (is_floating(type.kind)) return float_cells(values);
  const bool is_time =
      type.kind == TypeKind::datetime || type.kind == TypeKind::timedelta || type.kind == TypeKind::date;
  const bool days = is_time && are_days(values);
  std::vector<std::string> cells;
  for (const Literal& value : values) {
    if (std::holds_alternative<Missing>(value))
      cells.push_back(is_time                                                                   ? "NaT"
                      : type.family == TypeFamily::nullable || type.family == TypeFamily::arrow ? "<NA>"
                                                                                                : "NaN");
    else
      cells.push_back(days ? to_string(value).substr(0, to_string(value).find(' ')) : to_string(value));
  }
  return cells;
}

void insert_dots(std::vector<std::string>& cells, std::int64_t num_rows, std::int64_t max_rows) {
  if (num_rows > max_rows) cells.insert(cells.begin() + kEdgeRows, "...");
}

std::string shown_label(const std::string& name) {
  if (name == kUnnamed) return "0";
  if (name.starts_with("__index_level_")) return "";
  std::string shown = name;
  while (shown.starts_with(kIndexPrefix)) shown.erase(0, kIndexPrefix.size());
  return shown;
}

std::size_t width_of(const TextColumn& column) {
  std::size_t width = 0;
  for (const auto& text : column.head) width = std::max(width, text.size());
  for (const auto& text : column.cells) width = std::max(width, text.size());
  return width;
}

std::string padded(const std::string& text, std::size_t width, bool left) {
  const std::string space(width - std::min(width, text.size()), ' ');
  return left ? text + space : space + text;
}

std::vector<TextColumn> index_texts(const Table& table, const std::vector<std::int64_t>& rows, std::size_t levels,
                                    std::int64_t max_rows) {
  std::vector<TextColumn> columns;
  const Table labels = table.index_values();
  const std::vector<std::string> names = labels.names();
  const bool named =
      std::any_of(names.begin(), names.end(), [](const std::string& n) { return !shown_label(n).empty(); });
  for (const std::string& name : names) {
    TextColumn column{std::vector<std::string>(levels, ""), cells_of(labels, name, rows), true};
    insert_dots(column.cells, table.num_rows(), max_rows);
    if (named) column.head.push_back(shown_label(name));
    columns.push_back(std::move(column));
  }
  // A label that repeats the one above is left out, but in the last level.
  for (std::size_t c = 0; c + 1 < columns.size(); ++c) {
    auto& cells = columns[c].cells;
    for (std::size_t i = cells.size(); i-- > 1;) {
      if (cells[i] == cells[i - 1] &&
          (c == 0 || columns[c - 1].cells[i].empty() || columns[c - 1].cells[i] == columns[c - 1].cells[i - 1]))
        cells[i].clear();
    }
  }
  return columns;
}

void print_columns(std::ostream& out, const std::vector<TextColumn>& columns) {
  std::size_t head_lines = 0;
  for (const TextColumn& column : columns) head_lines = std::max(head_lines, column.head.size());
  const std::size_t num_lines = head_lines + columns.front().cells.size();
  for (std::size_t line = 0; line < num_lines; ++line) {
    std::string text;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const TextColumn& column = columns[c];
      const std::string cell =
          line < head_lines ? (line < column.head.size() ? column.head[line] : "") : column.cells[line - head_lines];
      if (c) text += column.left ? " " : "  ";
      text += padded(cell, width_of(column), column.left);
    }
    out << (line ? "\n" : "") << text;
  }
}

void print_series(std::ostream& out, const Table& table) {
  const std::string name = table.names().front();
  const auto rows = shown_rows(table.num_rows(), kMaxRows);
  if (rows.empty()) {
    out << "Series([], ";
  } else {
    std::vector<TextColumn> columns = index_texts(table, rows, 0, kMaxRows);
    TextColumn values{{}, cells_of(table, name, rows)};
    insert_dots(values.cells, table.num_rows(), kMaxRows);
    for (std::string& cell : values.cells) cell = "  " + cell;
    columns.push_back(std::move(values));
    print_columns(out, columns);
    out << '\n';
  }
  if (name != kUnnamed) out << "Name: " << shown_label(name) << ", ";
  if (table.num_rows() > kMaxRows) out << "Length: " << table.num_rows() << ", ";
  out << "dtype: " << plait::name(table.type(name)) << (rows.empty() ? ")" : "");
}

void print_index(std::ostream& out, const Table& table) {
  const std::string name = table.names().front();
  out << "Index([";
  const bool quoted = table.type(name).kind == TypeKind::string;
  const auto rows = shown_rows(table.num_rows(), 100);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i) out << ", ";
    if (table.num_rows() > 100 && static_cast<std::int64_t>(i) == kEdgeRows) out << "..., ";
    const std::string text = to_string(table.at(name, rows[i]));
    out << (quoted ? "'" + text + "'" : text);
  }
  out << "], dtype='" << plait::name(table.type(name)) << "'";
  if (!shown_label(name).empty() && name != kUnnamed) out << ", name='" << shown_label(name) << "'";
  out << ")";
}

void print_frame(std::ostream& out, const Table& table) {
  const auto names = table.names();
  if (names.empty() || table.num_rows() == 0) {
    out << "Empty DataFrame\nColumns: [" << fmt::format("{}", fmt::join(names, ", ")) << "]\nIndex: []";
    return;
  }
  std::size_t levels = 1;
  for (const std::string& name : names) levels = std::max(levels, split_label(name).size());
  const auto rows = shown_rows(table.num_rows(), kMaxRows);
  std::vector<TextColumn> columns = index_texts(table, rows, levels, kMaxRows);
  std::vector<std::string> before(levels);
  for (const std::string& name : names) {
    std::vector<std::string> head = split_label(name);
    for (std::string& part : head) part = shown_label(part);
    head.resize(levels);
    const std::vector<std::string> whole = head;
    for (std::size_t level = 0; level + 1 < levels && whole[level] == before[level]; ++level) head[level].clear();
    before = whole;
    TextColumn column{head, cells_of(table, name, rows)};
    insert_dots(column.cells, table.num_rows(), kMaxRows);
    columns.push_back(std::move(column));
  }
  print_columns(out, columns);
  if (table.num_rows() > kMaxRows) out << "\n\n[" << table.num_rows() << " rows x " << names.size() << " columns]";
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Table& table) {
  switch (table.form()) {
    case TableForm::frame:
      print_frame(out, table);
      break;
    case TableForm::series:
      print_series(out, table);
      break;
    case TableForm::index:
      print_index(out, table);
      break;
    case TableForm::scalar:
      out << to_string(table.item());
      break;
  }
  return out;
}

std::string to_string(const Table& table) {
  std::ostringstream out;
  out << table;
  return out.str();
}

}  // namespace plait
