// Folders as columns: files under "<column>=<value>/" have that value in that column, as Hive, Spark and Dask lay out
// tables. The files themselves do not hold such columns.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/whole_file.h"
#include "kernels/formats/parquet_file.h"
#include "kernels/formats/table_files.h"
#include "plait/table.h"

namespace plait {

// The name of the folder of a value. What a folder's name cannot hold, and what means something in it, is
// percent-encoded; a missing value has a name of its own.
std::string folder_name(std::string_view column, const Literal& value);

// The columns and values that a path names, outermost first; a missing value is nothing.
std::vector<std::pair<std::string, std::optional<std::string>>> folder_values(const std::string& path);

// A column of folders, over a set of files: a category, whose categories are numbers where all names are.
struct FolderColumn {
  std::string name;
  Table categories;                 // one column of that name, in order
  std::vector<std::int32_t> codes;  // of each file: a row of `categories`; -1 for missing
  static constexpr auto fields = std::tuple{&FolderColumn::name, &FolderColumn::categories, &FolderColumn::codes};

  Literal value_of(std::size_t file) const;
};
// Columns that the files hold themselves are not the folders'. Throws Error(value) where one file lacks a folder of
// the others.
std::vector<FolderColumn> folder_columns(const std::vector<std::string>& files, const std::vector<std::string>& held);

// As if the row group held the column: what folders say of its values.
ParquetStatistics folder_statistics(const FolderColumn& column, std::size_t file, std::int64_t num_rows);

// Rows by their values in `columns`, a file each: <folder>/<column>=<value>/<name>, in the order in which the values
// occur first.
void write_parquet_folders(const Table& table, const NewFile& folder, const std::string& name,
                           const std::vector<std::string>& columns, const TableParquetOptions& options);

}  // namespace plait
