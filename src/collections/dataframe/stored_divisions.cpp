#include "collections/dataframe/stored_divisions.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "collections/dataframe/label_order.h"
#include "kernels/formats/parquet_file.h"
#include "kernels/formats/parquet_reader.h"
#include "kernels/formats/parquet_schema.h"

namespace plait {
namespace {

// As a label of this type; none for a bound that is not known. Bounds of floats do not tell whether some are missing.
std::optional<Literal> label_of(const ParquetBound& bound, const ColumnType& type) {
  if (const auto* number = std::get_if<std::int64_t>(&bound); number && is_integer(type.kind)) return *number;
  if (const auto* text = std::get_if<std::string>(&bound); text && type.kind == TypeKind::string) return *text;
  if (const auto* moment = std::get_if<Timestamp>(&bound); moment && type.kind == TypeKind::datetime)
    return Timestamp{moment->value, moment->unit, type.timezone};
  return std::nullopt;
}

struct Ends {
  Literal first;
  Literal last;
};

// Of the values of a column in some row groups.
std::optional<Ends> ends_of(const std::vector<ParquetRowGroup>& groups, const std::string& column,
                            const ColumnType& type) {
  std::optional<Ends> ends;
  for (const ParquetRowGroup& group : groups) {
    if (group.num_rows == 0) continue;
    const auto known = std::ranges::find(group.columns, column, &ParquetStatistics::column);
    if (known == group.columns.end() || known->num_nulls != 0) return std::nullopt;
    const std::optional<Literal> first = label_of(known->min, type);
    const std::optional<Literal> last = label_of(known->max, type);
    if (!first || !last) return std::nullopt;
    if (!ends) ends = Ends{*first, *last};
    if (label_less(*first, ends->first)) ends->first = *first;
    if (label_less(ends->last, *last)) ends->last = *last;
  }
  return ends;
}

// What the files call a column, or a level of the index.
std::string stored_name(const ParquetScan& scan, const std::string& column) {
  const IndexSpec stored = stored_index(*read_parquet_schema(scan.files.front()));
  for (std::size_t level = 0; level < stored.columns.size(); ++level) {
    if (index_level_name(stored.columns[level], level) == column) return stored.columns[level];
  }
  return column;
}

// Of the numbers of the rows of a part.
std::optional<Ends> numbers_of(const ParquetScan& scan, const ParquetPart& part) {
  const IndexSpec index = stored_index(*read_parquet_schema(scan.files.at(part.file)));
  if (!index.is_range() || part.num_rows == 0 || index.step <= 0) return std::nullopt;
  const std::int64_t first = index.start + part.first_row * index.step;
  return Ends{first, first + (part.num_rows - 1) * index.step};
}

// Of parts that follow each other; none where these ends do not say that they do.
template <class EndsOf>
Divisions divisions_of(const ParquetScan& scan, const EndsOf& ends_of_part) {
  Divisions divisions;
  std::optional<Literal> last;
  for (const ParquetPart& part : scan.parts) {
    const std::optional<Ends> ends = ends_of_part(part);
    if (!ends || (last && !label_less(*last, ends->first))) return {};
    divisions.push_back(ends->first);
    last = ends->last;
  }
  if (last) divisions.push_back(*last);
  return divisions;
}

}  // namespace

Divisions stored_divisions(const ParquetScan& scan, const std::string& column) {
  const ColumnType type = scan.schema.schema().field(column).type;
  const std::string stored = stored_name(scan, column);
  return divisions_of(scan, [&](const ParquetPart& part) -> std::optional<Ends> {
    if (part.is_piece && scan.parts.size() > 1) return std::nullopt;
    return ends_of(read_row_groups(scan.files.at(part.file), part.row_groups), stored, type);
  });
}

Divisions stored_index_divisions(const ParquetScan& scan) {
  const std::vector<std::string>& levels = scan.schema.index().columns;
  if (levels.size() == 1) return stored_divisions(scan, levels.front());
  if (!levels.empty()) return {};
  return divisions_of(scan, [&](const ParquetPart& part) { return numbers_of(scan, part); });
}

}  // namespace plait
