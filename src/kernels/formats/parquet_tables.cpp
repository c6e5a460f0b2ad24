#include "kernels/formats/parquet_tables.h"

#include <arrow/api.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>

#include "kernels/formats/pandas_families.h"
#include "kernels/formats/parquet_file.h"
#include "kernels/formats/parquet_paths.h"
#include "kernels/formats/parquet_reader.h"
#include "kernels/formats/parquet_schema.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/categories.h"
#include "kernels/table/column_metadata.h"
#include "kernels/table/columns.h"
#include "kernels/table/rows.h"
#include "kernels/table/type_rules.h"

namespace plait {
namespace {

// Size and time.
std::array<std::int64_t, 2> stamp_of(const std::string& file) {
  struct stat status{};
  ::stat(file.c_str(), &status);
  return {status.st_size, status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec};
}

// What the leaves of each column take, by the column's name.
void add_bytes(const ParquetFile& file, std::map<std::string, std::int64_t, std::less<>>& bytes) {
  for (const ParquetRowGroup& group : file.row_groups) {
    for (const ParquetStatistics& leaf : group.columns) {
      std::string_view name = leaf.column;
      auto found = bytes.find(name);
      // A nested column's leaves are "column.list.element".
      while (found == bytes.end() && name.find('.') != std::string_view::npos) {
        name = name.substr(0, name.rfind('.'));
        found = bytes.find(name);
      }
      if (found != bytes.end()) found->second += leaf.num_bytes;
    }
  }
}

// Of the codes of a column in each row group, the most: those of one may be those of the next.
void add_distinct(const ParquetFile& file, const std::vector<std::string>& names, std::vector<double>& distinct) {
  for (const ParquetRowGroup& group : file.row_groups) {
    for (const ParquetStatistics& column : group.columns) {
      const auto found = std::find(names.begin(), names.end(), column.column);
      if (found == names.end()) continue;
      double& most = distinct.at(static_cast<std::size_t>(found - names.begin()));
      const bool is_known = column.num_distinct > 0 && !std::isnan(most);
      most = is_known ? std::max(most, column.num_distinct) : std::nan("");
    }
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

// Row groups of a part that follow each other, or a piece of one.
struct Run {
  std::int64_t first_row = 0;  // in the file
  std::int64_t num_rows = 0;
  std::vector<int> row_groups;
  std::int64_t rows_before = 0;  // in the first row group
};

// A text that stands for a moment is one where the column has moments.
Literal in_type_of(const Literal& value, const ColumnType& type) {
  if (type.kind != TypeKind::datetime || !std::holds_alternative<std::string>(value)) return value;
  return literal_of(*scalar_like(value, arrow_type_of(type)));
}

std::vector<ParquetRanges> in_types_of(std::vector<ParquetRanges> alternatives, const Table& schema) {
  for (ParquetRanges& ranges : alternatives) {
    for (ParquetRange& range : ranges) {
      if (!schema.has(range.column)) continue;
      range.lower = in_type_of(range.lower, schema.type(range.column));
      range.upper = in_type_of(range.upper, schema.type(range.column));
    }
  }
  return alternatives;
}

// A column that is a folder's value in each row.
NamedColumn folder_rows(const FolderColumn& folder, std::size_t file, std::int64_t num_rows) {
  const Table like = category_schema(array_of(folder.categories, folder.name), false);
  const auto categories = array_of(folder.categories, folder.name);
  const auto& type = static_cast<const arrow::DictionaryType&>(*array_of(like, like.names().front())->type());
  const std::int32_t code = folder.codes.at(file);
  const auto codes =
      code < 0
          ? value_or_throw(arrow::MakeArrayOfNull(type.index_type(), num_rows), "read_parquet")
          : value_or_throw(arrow::MakeArrayFromScalar(
                               *value_or_throw(arrow::MakeScalar(type.index_type(), code), "read_parquet"), num_rows),
                           "read_parquet");
  return {folder.name,
          chunked(value_or_throw(arrow::DictionaryArray::FromArrays(
                                     arrow::dictionary(type.index_type(), categories->type()), codes, categories),
                                 "read_parquet"))};
}

std::vector<Run> runs_of(const ParquetScan& scan, const ParquetPart& part, const std::vector<ParquetRanges>& wanted) {
  if (part.row_groups.empty()) return {};
  const Run whole{part.first_row, part.num_rows, part.row_groups, part.rows_before};
  if (wanted.empty()) return {whole};
  ParquetRowGroup told_by_folders{.num_rows = part.num_rows};
  for (const FolderColumn& folder : scan.folders)
    told_by_folders.columns.push_back(folder_statistics(folder, part.file, part.num_rows));
  if (!may_have(told_by_folders, wanted)) return {};  // what the file itself says need not be read
  std::vector<ParquetRowGroup> groups = read_row_groups(scan.files.at(part.file), part.row_groups);
  for (ParquetRowGroup& group : groups) {
    for (const FolderColumn& folder : scan.folders)
      group.columns.push_back(folder_statistics(folder, part.file, group.num_rows));
  }
  if (part.is_piece) return may_have(groups.front(), wanted) ? std::vector{whole} : std::vector<Run>{};
  std::vector<Run> runs;
  std::int64_t row = part.first_row;
  bool goes_on = false;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const bool is_wanted = may_have(groups[i], wanted);
    if (is_wanted && !goes_on) runs.push_back({.first_row = row});
    if (is_wanted) {
      runs.back().num_rows += groups[i].num_rows;
      runs.back().row_groups.push_back(part.row_groups[i]);
    }
    goes_on = is_wanted;
    row += groups[i].num_rows;
  }
  return runs;
}

// Behind the columns that the files hold come those that their folders are.
void add_folders(ParquetScan& scan) {
  std::vector<std::string> held = scan.names;
  held.insert(held.end(), scan.schema.index().columns.begin(), scan.schema.index().columns.end());
  scan.folders = folder_columns(scan.files, held);
  if (scan.folders.empty()) return;
  std::vector<NamedColumn> columns;
  for (const std::string& name : scan.names) columns.push_back(named_column_of(scan.schema, name));
  std::int64_t num_rows = 0;
  for (const ParquetPart& part : scan.parts) num_rows += part.num_rows;
  for (const FolderColumn& folder : scan.folders) {
    scan.names.push_back(folder.name);
    scan.bytes.push_back(num_rows);
    scan.distinct.push_back(static_cast<double>(folder.categories.num_rows()));
    columns.push_back(folder_rows(folder, 0, 0));
  }
  for (const std::string& level : scan.schema.index().columns) columns.push_back(named_column_of(scan.schema, level));
  scan.schema = table_of(columns, scan.schema.index());
}

}  // namespace

ParquetScan scan_parquet(const std::vector<std::string>& paths, const ParquetPartSizes& sizes,
                         std::optional<TypeFamily> family) {
  ParquetScan scan;
  scan.files = parquet_files(paths);
  ParquetSchema schema(family);
  std::map<std::string, std::int64_t, std::less<>> bytes;
  for (std::size_t i = 0; i < scan.files.size(); ++i) {
    const auto stamp = stamp_of(scan.files[i]);
    scan.stamps.insert(scan.stamps.end(), stamp.begin(), stamp.end());
    const ParquetFile file = read_parquet_file(scan.files[i]);
    schema.add(file, *read_parquet_schema(scan.files[i]));
    if (i == 0) {
      for (const std::string& name : schema.names()) bytes.emplace(name, 0);
    }
    add_bytes(file, bytes);
    scan.distinct.resize(schema.names().size(), 0);
    add_distinct(file, schema.names(), scan.distinct);
    add_parts(file, static_cast<std::uint32_t>(i), sizes, scan.parts);
  }
  scan.names = schema.names();
  scan.schema = schema.table();
  for (const std::string& name : scan.names) scan.bytes.push_back(bytes.at(name));
  for (double& number : scan.distinct) number = std::isnan(number) ? 0 : number;
  add_folders(scan);
  return scan;
}

const FolderColumn* ParquetScan::folder(std::string_view column) const {
  const auto found = std::ranges::find(folders, column, &FolderColumn::name);
  return found == folders.end() ? nullptr : &*found;
}

double ParquetScan::distinct_of(std::string_view column) const {
  const auto found = std::ranges::find(names, column);
  return found == names.end() ? 0 : distinct.at(static_cast<std::size_t>(found - names.begin()));
}

std::int64_t ParquetScan::bytes_of(const std::vector<std::string>& columns) const {
  std::int64_t total = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (std::find(columns.begin(), columns.end(), names[i]) != columns.end()) total += bytes.at(i);
  }
  return total;
}

struct ParquetTableReader::Impl {
  const ParquetScan& scan;
  const ParquetPart& part;
  std::vector<std::string> columns;
  IndexSpec index;
  std::vector<std::string> stored;  // columns and index levels as the file names them, without those that are folders
  std::size_t num_stored = 0;       // without the index levels
  std::map<std::string, TypeFamily> families;
  std::vector<Run> runs;
  std::size_t next_run = 0;
  std::optional<ParquetBatches> batches;  // of the run before the next one
  std::int64_t next_row = 0;              // in the file
  std::int64_t rows_before = 0;           // of the run, still to be read past
  std::int64_t rows_left = 0;             // of the run

  Impl(const ParquetScan& of, const ParquetPart& some, std::vector<std::string> names, bool with_index,
       const std::vector<ParquetRanges>& wanted)
      : scan(of), part(some), columns(std::move(names)) {
    const auto stamp = stamp_of(path());
    if (!std::equal(stamp.begin(), stamp.end(), scan.stamps.begin() + 2 * static_cast<std::ptrdiff_t>(part.file))) {
      throw io_error(
          fmt::format("read_parquet: '{}' has changed since the frame was made; call read_parquet again", path()));
    }
    runs = runs_of(scan, part, in_types_of(wanted, scan.schema));
    if (runs.empty()) {
      if (with_index) index = scan.schema.index();
      return;
    }
    std::ranges::copy_if(columns, std::back_inserter(stored), [&](const auto& name) { return !scan.folder(name); });
    num_stored = stored.size();
    if (!with_index && stored.empty()) return;
    const auto schema = read_parquet_schema(path());
    families = pandas_families(*schema);
    if (with_index) index = stored_index(*schema);
    stored.insert(stored.end(), index.columns.begin(), index.columns.end());
    for (std::size_t level = 0; level < index.columns.size(); ++level)
      index.columns[level] = index_level_name(index.columns[level], level);
  }

  const std::string& path() const { return scan.files.at(part.file); }

  // What is stored, as the table names it.
  std::vector<std::string> names() const {
    std::vector<std::string> names(stored.begin(), stored.begin() + static_cast<std::ptrdiff_t>(num_stored));
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

  // Columns that are folders at their places among those that were read.
  std::vector<NamedColumn> with_folders(std::vector<NamedColumn> read, std::int64_t num_rows) const {
    if (scan.folders.empty()) return read;
    std::vector<NamedColumn> all;
    auto next = read.begin();
    for (const std::string& name : columns) {
      const FolderColumn* folder = scan.folder(name);
      all.push_back(folder ? folder_rows(*folder, part.file, num_rows) : std::move(*next++));
    }
    std::move(next, read.end(), std::back_inserter(all));
    return all;
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
    if (here.is_range()) here.start += next_row * here.step;
    next_row += rows->num_rows();
    return table_of(with_folders(std::move(out), rows->num_rows()), std::move(here), TableForm::frame,
                    rows->num_rows());
  }

  Table no_rows() const {
    // The categories that folders are stay known.
    const Table empty = select(scan.schema, {.columns = columns});
    return index.columns.empty() ? empty.reset_index(true) : empty;
  }

  // The rows of a run where nothing of the file but their number is wanted.
  Table without_columns(const Run& run) const {
    IndexSpec here = index;
    here.start += run.first_row * here.step;
    return table_of(with_folders({}, run.num_rows), std::move(here), TableForm::frame, run.num_rows);
  }

  ParquetReadOptions options() const { return {.dictionary = encoded()}; }

  void begin(const Run& run) {
    next_row = run.first_row;
    rows_before = run.rows_before;
    rows_left = run.num_rows;
    batches.emplace(path(), run.row_groups, stored, options());
  }

  // The next rows of the run that has begun; none where a batch only has rows before it.
  std::optional<Table> next_of_run() {
    auto batch = batches->next();
    if (!batch) {
      rows_left = 0;
      return std::nullopt;
    }
    const std::int64_t skipped = std::min(rows_before, batch->num_rows());
    rows_before -= skipped;
    if (skipped == batch->num_rows()) return std::nullopt;
    if (skipped > 0 || batch->num_rows() > rows_left) batch = batch->Slice(skipped, rows_left);
    rows_left -= batch->num_rows();
    return table_of_rows(value_or_throw(arrow::Table::FromRecordBatches({batch}), "read_parquet"));
  }

  Table all_of(const Run& run) {
    if (stored.empty()) return without_columns(run);
    next_row = run.first_row;
    return table_of_rows(read_parquet_block(path(), run.row_groups, stored, options()));
  }
};

ParquetTableReader::ParquetTableReader(const ParquetScan& scan, const ParquetPart& part,
                                       const std::vector<std::string>& columns, bool with_index,
                                       const std::vector<ParquetRanges>& wanted)
    : impl_(std::make_unique<Impl>(scan, part, columns, with_index, wanted)) {}
ParquetTableReader::~ParquetTableReader() = default;

std::optional<Table> ParquetTableReader::next() {
  for (;;) {
    if (impl_->rows_left > 0) {
      if (auto rows = impl_->next_of_run()) return rows;
      continue;
    }
    impl_->batches.reset();
    if (impl_->next_run == impl_->runs.size()) return std::nullopt;
    const Run& run = impl_->runs[impl_->next_run++];
    if (impl_->stored.empty()) return impl_->without_columns(run);
    impl_->begin(run);
  }
}

Table ParquetTableReader::no_rows() const { return impl_->no_rows(); }

Table ParquetTableReader::all() {
  if (impl_->runs.empty()) return impl_->no_rows();
  std::vector<Table> tables;
  if (impl_->part.is_piece) {
    while (auto rows = next()) tables.push_back(std::move(*rows));
  } else {
    for (const Run& run : impl_->runs) tables.push_back(impl_->all_of(run));
  }
  return tables.empty() ? impl_->no_rows() : concat(tables, {.are_partitions = true});
}

}  // namespace plait
