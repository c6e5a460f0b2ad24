#include "collections/dataframe/append_parquet.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/contains.h"
#include "collections/dataframe/label_order.h"
#include "collections/dataframe/stored_divisions.h"
#include "kernels/formats/parquet_paths.h"
#include "kernels/formats/parquet_tables.h"

namespace plait {
namespace {

using Names = std::vector<std::string>;

Names sorted(Names names) {
  std::sort(names.begin(), names.end());
  return names;
}

// What the labels are called, level by level; those that number the rows as those that are stored.
Names level_names(const IndexSpec& index) {
  if (!index.is_range()) return index.columns;
  return {index.range_name.empty() ? "__index_level_0__" : index.range_name};
}

void check_columns(const Names& there, const Names& own) {
  if (sorted(there) == sorted(own)) return;
  throw value_error(
      fmt::format("to_parquet: Appended columns not the same: {} in the files, {} in the frame", there, own));
}

void check_index(const IndexSpec& there, const IndexSpec& own, bool write_index) {
  if (!write_index && !there.is_range())
    throw value_error(fmt::format(
        "to_parquet: the files have the index {}, and write_index=False appends rows without one", there.columns));
  if (write_index && level_names(there) != level_names(own))
    throw value_error(fmt::format("to_parquet: Appended index not the same: {} in the files, {} in the frame",
                                  level_names(there), level_names(own)));
}

void check_folders(const ParquetScan& there, const Names& partition_on) {
  Names folders;
  for (const FolderColumn& folder : there.folders) folders.push_back(folder.name);
  if (folders == partition_on) return;
  throw value_error(fmt::format(
      "to_parquet: the folders of the files are the columns {}, but partition_on= says {}; they must be the "
      "same to append",
      folders, partition_on));
}

std::string text_of(const ColumnType& type) {
  if (type.kind != TypeKind::category) return name(type);
  return fmt::format("{}category of {}", type.ordered ? "ordered " : "", name(ColumnType{.kind = type.categories}));
}

// Python objects are known when they are written, and a column without any value goes with every other.
bool is_open(const ColumnType& type) {
  return (type.kind == TypeKind::string && type.family == TypeFamily::object) || type.arrow_type == "null";
}

void check_type(const std::string& what, const ColumnType& there, const ColumnType& own) {
  if (is_open(there) || is_open(own) || there == own) return;
  throw value_error(
      fmt::format("to_parquet: Appended dtypes differ: {} is {} in the files, {} in the frame; convert it with astype",
                  what, text_of(there), text_of(own)));
}

void check_types(const Table& there, const Table& own, const ParquetAppend& how) {
  for (const std::string& column : own.names()) {
    if (!contains(how.partition_on, column) && !contains(how.retyped, column))
      check_type("column '" + column + "'", there.type(column), own.type(column));
  }
  if (!how.write_index) return;
  const Schema levels = own.index_values().schema();
  const Schema stored = there.index_values().schema();
  for (std::size_t k = 0; k < levels.columns.size(); ++k)
    check_type("the index", stored.columns.at(k).type, levels.columns[k].type);
}

void check_divisions(const Divisions& there, const Divisions& own) {
  if (there.empty() || own.empty() || !are_comparable(there.back(), own.front())) return;
  if (label_less(there.back(), own.front())) return;
  throw value_error(fmt::format(
      "to_parquet: the divisions of the appended frame overlap with those of the files: it begins at {}, and the files "
      "end at {}; say ignore_divisions=True to append it anyway",
      to_string(own.front()), to_string(there.back())));
}

}  // namespace

void check_appended(const FrameMeta& rows, const ParquetAppend& how) {
  if (!std::filesystem::is_directory(how.folder) || parquet_files_in(how.folder).empty()) return;
  const ParquetScan there = scan_parquet({how.folder});
  check_columns(there.schema.names(), rows.empty().names());
  check_index(there.schema.index(), rows.empty().index(), how.write_index);
  check_folders(there, how.partition_on);
  check_types(there.schema, rows.empty(), how);
  if (how.write_index && !how.ignore_divisions) check_divisions(stored_index_divisions(there), rows.divisions());
}

}  // namespace plait
