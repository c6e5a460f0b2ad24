#include "kernels/formats/table_files.h"

#include <arrow/api.h>
#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "kernels/formats/csv_writer.h"
#include "kernels/formats/pandas_families.h"
#include "kernels/formats/parquet_reader.h"
#include "kernels/formats/parquet_writer.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/column_metadata.h"
#include "kernels/table/index_metadata.h"

namespace plait {
namespace {

constexpr const char* kUnnamedStoredIndex = "__null_dask_index__";

bool is_unnamed_level(const std::string& column) {
  return column.starts_with("__index_level_") || column == kUnnamedStoredIndex;
}

FileIndex file_index(const Table& table) {
  const IndexSpec& index = table.index();
  FileIndex out{.columns = index.columns, .start = index.start, .step = index.step, .range_name = index.range_name};
  for (const std::string& column : index.columns) out.names.push_back(is_unnamed_level(column) ? "" : column);
  return out;
}

// Text as text: dictionaries that only stand for it are a matter of our memory.
std::shared_ptr<arrow::Table> plain_arrow(const Table& table) {
  auto arrow = arrow_of(table);
  for (const NamedColumn& column : named_columns_of(table)) {
    if (!column.encoded_text) continue;
    arrow::ArrayVector chunks;
    for (const auto& chunk : column.values->chunks()) chunks.push_back(decoded(chunk));
    const auto type = static_cast<const arrow::DictionaryType&>(*column.values->type()).value_type();
    const int position = arrow->schema()->GetFieldIndex(column.name);
    arrow = value_or_throw(arrow->SetColumn(position, arrow::field(column.name, type),
                                            std::make_shared<arrow::ChunkedArray>(chunks, type)),
                           "write");
  }
  return arrow;
}

std::vector<std::string> matches(const std::string& pattern) {
  namespace fs = std::filesystem;
  std::vector<std::string> files;
  if (fs::is_directory(pattern)) {
    for (const auto& entry : fs::directory_iterator(pattern)) {
      const std::string name = entry.path().filename().string();
      if (entry.is_directory() && name.find('=') != std::string::npos) {
        throw Error(ErrorKind::not_implemented,
                    "read_parquet: '" + pattern + "' is partitioned: it holds the folder '" + name +
                        "'; folders as a column's values are not there yet, " +
                        "so give the files of one folder, such as '" + entry.path().string() + "'");
      }
      if (entry.path().extension() == ".parquet" && !name.starts_with("_") && !name.starts_with("."))
        files.push_back(entry.path().string());
    }
  } else if (fs::exists(pattern)) {
    files.push_back(pattern);
  } else {
    glob_t found{};
    if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    ::globfree(&found);
  }
  return files;
}

// part.2 before part.10, as Dask orders them.
std::string natural_key(const std::string& path) {
  std::string key;
  for (std::size_t i = 0; i < path.size();) {
    const auto end = std::find_if_not(path.begin() + static_cast<std::ptrdiff_t>(i), path.end(),
                                      [](char c) { return c >= '0' && c <= '9'; });
    const auto digits = static_cast<std::size_t>(end - path.begin()) - i;
    if (digits > 0) {
      key += std::string(digits < 20 ? 20 - digits : 0, '0') + path.substr(i, digits);
      i += digits;
    } else {
      key += path[i++];
    }
  }
  return key;
}

std::shared_ptr<arrow::Table> in_families(std::shared_ptr<arrow::Table> table,
                                          const std::map<std::string, TypeFamily>& families) {
  for (int i = 0; i < table->num_columns(); ++i) {
    const auto found = families.find(table->field(i)->name());
    if (found == families.end()) continue;
    table = value_or_throw(table->SetColumn(i, with_family(table->field(i), found->second), table->column(i)),
                           "read_parquet");
  }
  return table;
}

IndexSpec stored_index(const arrow::Schema& schema) {
  return read_index_metadata(schema.metadata().get(), schema).index;
}

}  // namespace

void write_csv_file(const Table& table, const NewFile& file, const TableCsvOptions& options) {
  CsvWriteOptions write{.sep = options.sep, .na_rep = options.na_rep, .header = options.header, .index = options.index};
  write.file_index = file_index(table);
  write_csv(*plain_arrow(table), file, write);
}

void write_parquet_file(const Table& table, const NewFile& file, const TableParquetOptions& options) {
  ParquetWriteOptions write{.compression = options.compression};
  write.file_index = file_index(table);
  write.index = options.index;
  write_parquet(*plain_arrow(table), file, write);
}

ParquetScan scan_parquet(const std::vector<std::string>& paths) {
  ParquetScan scan;
  for (const std::string& path : paths) {
    const auto found = matches(path);
    if (found.empty())
      throw Error(ErrorKind::file_not_found,
                  "read_parquet: no file matches '" + path + "'; check the path or the pattern");
    scan.files.insert(scan.files.end(), found.begin(), found.end());
  }
  std::sort(scan.files.begin(), scan.files.end(),
            [](const auto& a, const auto& b) { return natural_key(a) < natural_key(b); });
  for (const std::string& file : scan.files) {
    struct stat status{};
    ::stat(file.c_str(), &status);
    scan.stamps.push_back(status.st_size);
    scan.stamps.push_back(status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec);
    scan.num_rows.push_back(read_parquet_file(file).num_rows);
  }
  const auto schema = read_parquet_schema(scan.files.front());
  const IndexSpec index = stored_index(*schema);
  for (const auto& field : schema->fields()) {
    if (std::find(index.columns.begin(), index.columns.end(), field->name()) == index.columns.end())
      scan.names.push_back(field->name());
  }
  const Table first = read_parquet_table(scan.files.front(), scan.names, Table(), true);
  scan.schema = Table::empty(first.schema());
  return scan;
}

Table read_parquet_table(const std::string& path, const std::vector<std::string>& columns, const Table&,
                         bool with_index) {
  const auto schema = read_parquet_schema(path);
  IndexSpec index = with_index ? stored_index(*schema) : IndexSpec{};
  std::vector<std::string> wanted = columns;
  wanted.insert(wanted.end(), index.columns.begin(), index.columns.end());
  auto table = read_parquet_block(path, {}, wanted)->ReplaceSchemaMetadata(nullptr);
  if (wanted.empty()) {
    table = arrow::Table::Make(arrow::schema({}), std::vector<std::shared_ptr<arrow::ChunkedArray>>{},
                               read_parquet_file(path).num_rows);
  }
  for (std::size_t level = 0; level < index.columns.size(); ++level) {
    if (index.columns[level] != kUnnamedStoredIndex) continue;
    const std::string name = "__index_level_" + std::to_string(level) + "__";
    const int position = table->schema()->GetFieldIndex(kUnnamedStoredIndex);
    table = value_or_throw(table->SetColumn(position, table->field(position)->WithName(name), table->column(position)),
                           "read_parquet");
    index.columns[level] = name;
  }
  return table_of(in_families(table, pandas_families(*schema)), std::move(index));
}

}  // namespace plait
