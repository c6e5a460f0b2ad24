#include "kernels/formats/parquet_tables.h"

#include <arrow/api.h>
#include <fmt/format.h>
#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

#include "kernels/formats/pandas_families.h"
#include "kernels/formats/parquet_file.h"
#include "kernels/formats/parquet_reader.h"
#include "kernels/formats/parquet_schema.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/column_metadata.h"
#include "kernels/table/columns.h"
#include "kernels/table/type_rules.h"

namespace plait {
namespace {

// Uncompressed, but still encoded: in memory a partition takes about twice that.
constexpr std::int64_t kPartBytes = std::int64_t{32} << 20;

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

std::vector<std::string> files_of(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    const auto found = matches(path);
    if (found.empty())
      throw Error(ErrorKind::file_not_found,
                  "read_parquet: no file matches '" + path + "'; check the path or the pattern");
    files.insert(files.end(), found.begin(), found.end());
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return natural_key(a) < natural_key(b); });
  return files;
}

// Size and time.
std::array<std::int64_t, 2> stamp_of(const std::string& file) {
  struct stat status{};
  ::stat(file.c_str(), &status);
  return {status.st_size, status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec};
}

// A text column comes as codes where all row groups of the part have few different values.
std::vector<std::string> encoded_columns(const ParquetFile& file, const std::vector<int>& groups) {
  std::vector<std::string> encoded;
  for (const ParquetStatistics& column : file.row_groups[static_cast<std::size_t>(groups.front())].columns) {
    const auto is_encoded = [&](int group) {
      const auto& columns = file.row_groups[static_cast<std::size_t>(group)].columns;
      return std::any_of(columns.begin(), columns.end(),
                         [&](const auto& other) { return other.column == column.column && other.is_encoded; });
    };
    if (std::all_of(groups.begin(), groups.end(), is_encoded)) encoded.push_back(column.column);
  }
  return encoded;
}

// Row groups are put together up to the size of a part, in shares that are about even. A file without row groups is a
// part without rows.
void add_parts(const ParquetFile& file, std::uint32_t number, std::vector<ParquetPart>& parts) {
  std::int64_t total = 0;
  for (const ParquetRowGroup& group : file.row_groups) total += group.num_bytes;
  const std::int64_t share = total / std::max<std::int64_t>(1, (total + kPartBytes / 2) / kPartBytes) + 1;
  std::int64_t before = 0;
  std::int64_t first_row = 0;
  std::int64_t last_share = -1;
  parts.push_back({.file = number});
  for (std::size_t i = 0; i < file.row_groups.size(); ++i) {
    const ParquetRowGroup& group = file.row_groups[i];
    const std::int64_t mine = (before + group.num_bytes / 2) / share;
    if (mine != last_share && last_share >= 0) parts.push_back({.file = number, .first_row = first_row});
    last_share = mine;
    parts.back().row_groups.push_back(static_cast<int>(i));
    parts.back().num_rows += group.num_rows;
    before += group.num_bytes;
    first_row += group.num_rows;
  }
}

std::shared_ptr<arrow::Table> with_columns_named(const std::shared_ptr<arrow::Table>& table,
                                                 const std::vector<std::string>& names) {
  return value_or_throw(table->RenameColumns(names), "read_parquet");
}

// A column in the type that it has in all files together.
NamedColumn conformed(const NamedColumn& column, const ColumnType& wanted) {
  const auto field = with_family(arrow::field("", column.values->type()), column.family, column.encoded_text);
  NamedColumn out = column;
  if (wanted == column_type_of(*field)) return out;
  out.family = wanted.family;
  out.encoded_text = false;
  const auto type = arrow_type_of(wanted);
  arrow::ArrayVector chunks;
  for (const auto& chunk : column.values->chunks()) {
    const bool is_missing = chunk->null_count() == chunk->length() || chunk->type_id() == arrow::Type::NA;
    chunks.push_back(is_missing ? value_or_throw(arrow::MakeArrayOfNull(type, chunk->length()), "read_parquet")
                                : cast_like(chunk, type));
  }
  out.values = std::make_shared<arrow::ChunkedArray>(std::move(chunks), type);
  return out;
}

}  // namespace

ParquetScan scan_parquet(const std::vector<std::string>& paths) {
  ParquetScan scan;
  scan.files = files_of(paths);
  ParquetSchema schema;
  for (std::size_t i = 0; i < scan.files.size(); ++i) {
    const auto stamp = stamp_of(scan.files[i]);
    scan.stamps.insert(scan.stamps.end(), stamp.begin(), stamp.end());
    const ParquetFile file = read_parquet_file(scan.files[i]);
    schema.add(file, *read_parquet_schema(scan.files[i]));
    const std::size_t first = scan.parts.size();
    add_parts(file, static_cast<std::uint32_t>(i), scan.parts);
    for (std::size_t p = first; p < scan.parts.size(); ++p) {
      if (!scan.parts[p].row_groups.empty()) scan.parts[p].encoded = encoded_columns(file, scan.parts[p].row_groups);
    }
  }
  scan.names = schema.names();
  scan.schema = schema.table();
  return scan;
}

struct ParquetTableReader::Impl {
  const ParquetScan& scan;
  const ParquetPart& part;
  std::vector<std::string> columns;
  IndexSpec index;
  std::vector<std::string> stored;  // columns and index levels as the file names them
  std::map<std::string, TypeFamily> families;
  std::optional<ParquetBatches> batches;
  std::int64_t num_rows = 0;

  Impl(const ParquetScan& of, const ParquetPart& some, std::vector<std::string> names, bool with_index)
      : scan(of), part(some), columns(std::move(names)) {
    const auto stamp = stamp_of(path());
    if (!std::equal(stamp.begin(), stamp.end(), scan.stamps.begin() + 2 * static_cast<std::ptrdiff_t>(part.file))) {
      throw io_error(
          fmt::format("read_parquet: '{}' has changed since the frame was made; call read_parquet again", path()));
    }
    stored = columns;
    if (!with_index && columns.empty()) return;
    const auto schema = read_parquet_schema(path());
    families = pandas_families(*schema);
    if (with_index) index = stored_index(*schema);
    stored.insert(stored.end(), index.columns.begin(), index.columns.end());
    for (std::size_t level = 0; level < index.columns.size(); ++level)
      index.columns[level] = index_level_name(index.columns[level], level);
    if (index.is_range()) index.start += part.first_row * index.step;
  }

  const std::string& path() const { return scan.files.at(part.file); }

  // Columns and index levels as the table names them.
  std::vector<std::string> names() const {
    std::vector<std::string> names = columns;
    names.insert(names.end(), index.columns.begin(), index.columns.end());
    return names;
  }

  std::vector<std::string> encoded() const {
    std::vector<std::string> wanted;
    for (const std::string& name : part.encoded) {
      const auto type = std::find(stored.begin(), stored.end(), name);
      if (type == stored.end() || !scan.schema.has(name)) continue;
      if (scan.schema.type(name).kind == TypeKind::string) wanted.push_back(name);
    }
    return wanted;
  }

  Table table_of_rows(const std::shared_ptr<arrow::Table>& rows) {
    const auto named = with_columns_named(rows, names());
    std::vector<NamedColumn> out;
    for (int i = 0; i < named->num_columns(); ++i) {
      const auto family = families.find(stored[static_cast<std::size_t>(i)]);
      NamedColumn column{named->field(i)->name(), named->column(i),
                         family == families.end() ? TypeFamily::numpy : family->second};
      const ColumnType& wanted = scan.schema.type(column.name);
      column.encoded_text = column.values->type()->id() == arrow::Type::DICTIONARY && wanted.kind == TypeKind::string;
      out.push_back(conformed(column, wanted));
    }
    IndexSpec here = index;
    if (here.is_range()) here.start += num_rows * here.step;
    num_rows += rows->num_rows();
    return table_of(out, std::move(here), TableForm::frame, rows->num_rows());
  }

  Table no_rows() const {
    Table empty = select(scan.schema, {.columns = columns});
    if (index.columns.empty()) empty = empty.reset_index(true);
    return Table::empty(empty.schema());
  }

  Table without_columns() {
    IndexSpec here = index;
    num_rows = part.num_rows;
    return table_of(std::vector<NamedColumn>{}, std::move(here), TableForm::frame, part.num_rows);
  }
};

ParquetTableReader::ParquetTableReader(const ParquetScan& scan, const ParquetPart& part,
                                       const std::vector<std::string>& columns, bool with_index)
    : impl_(std::make_unique<Impl>(scan, part, columns, with_index)) {}
ParquetTableReader::~ParquetTableReader() = default;

std::optional<Table> ParquetTableReader::next() {
  if (impl_->num_rows >= impl_->part.num_rows) return std::nullopt;
  if (impl_->stored.empty()) return impl_->without_columns();
  if (!impl_->batches)
    impl_->batches.emplace(impl_->path(), impl_->part.row_groups, impl_->stored,
                           ParquetReadOptions{.dictionary = impl_->encoded()});
  const auto batch = impl_->batches->next();
  if (!batch) return std::nullopt;
  return impl_->table_of_rows(value_or_throw(arrow::Table::FromRecordBatches({batch}), "read_parquet"));
}

Table ParquetTableReader::no_rows() const { return impl_->no_rows(); }

Table ParquetTableReader::all() {
  if (impl_->stored.empty()) return impl_->without_columns();
  const ParquetPart& part = impl_->part;
  if (part.row_groups.empty()) return impl_->no_rows();
  return impl_->table_of_rows(
      read_parquet_block(impl_->path(), part.row_groups, impl_->stored, {.dictionary = impl_->encoded()}));
}

}  // namespace plait
