// Frames from and to files.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "collections/dataframe/api/building.h"
#include "collections/dataframe/append_parquet.h"
#include "collections/dataframe/read_csv.h"
#include "collections/dataframe/read_parquet.h"
#include "collections/dataframe/repartition.h"
#include "collections/dataframe/set_index.h"
#include "collections/dataframe/stored_divisions.h"
#include "collections/dataframe/write_files.h"
#include "collections/start.h"
#include "plait/dataframe.h"

namespace plait {
namespace {

CsvOptions csv_options(const ReadCsvOptions& options) {
  CsvOptions csv;
  csv.sep = options.sep;
  csv.quotechar = options.quotechar;
  csv.lineterminator = options.lineterminator;
  csv.header = options.header;
  csv.names = options.names;
  csv.skiprows = options.skiprows;
  csv.dtype = options.dtype;
  csv.na_values = options.na_values;
  csv.column_na_values = options.column_na_values;
  csv.keep_default_na = options.keep_default_na;
  csv.assume_missing = options.assume_missing;
  csv.drop_extra_fields = options.drop_extra_fields;
  csv.compression = options.compression;
  return csv;
}

bool any_by_position(const std::vector<FileColumn>& columns) {
  return std::ranges::any_of(columns, [](const FileColumn& c) { return std::holds_alternative<std::int64_t>(c); });
}

// `in_file`: the columns among which positions count, known where there are positions.
std::vector<std::string> names_of(const std::vector<FileColumn>& columns, const std::vector<std::string>& in_file,
                                  std::string_view option) {
  std::vector<std::string> names;
  for (const FileColumn& column : columns) {
    if (const auto* name = std::get_if<std::string>(&column)) {
      names.push_back(*name);
      continue;
    }
    const std::int64_t position = std::get<std::int64_t>(column);
    if (position < 0 || position >= static_cast<std::int64_t>(in_file.size())) {
      throw value_error(
          fmt::format("read_csv: {}= names column {}, but the file has {} columns", option, position, in_file.size()));
    }
    names.push_back(in_file[static_cast<std::size_t>(position)]);
  }
  return names;
}

void check_partition_on(const std::vector<std::string>& columns, const std::vector<std::string>& partition_on) {
  for (auto name = partition_on.begin(); name != partition_on.end(); ++name) {
    if (std::ranges::find(columns, *name) == columns.end())
      throw value_error(
          fmt::format("to_parquet: partition_on= names the column '{}', but the frame has none of that name{}", *name,
                      did_you_mean(*name, columns)));
    if (std::find(partition_on.begin(), name, *name) != name)
      throw value_error(fmt::format("to_parquet: partition_on= names the column '{}' twice", *name));
  }
  if (!partition_on.empty() && partition_on.size() == columns.size())
    throw value_error("to_parquet: partition_on= names every column; at least one has to be left for the files");
}

std::optional<TypeFamily> parse_dtype_backend(const std::string& text) {
  if (text.empty()) return std::nullopt;
  if (text == "numpy_nullable") return TypeFamily::nullable;
  if (text == "pyarrow") return TypeFamily::arrow;
  throw value_error("read_parquet: dtype_backend must be 'numpy_nullable' or 'pyarrow'; found '" + text + "'");
}

ParquetPartSizes part_sizes(const ReadParquetOptions& options) {
  if (options.row_groups < 0)
    throw value_error(fmt::format("read_parquet: a partition has at least 1 row group; found {}", options.row_groups));
  if (options.blocksize < 0)
    throw value_error(fmt::format("read_parquet: blocksize must be at least 1 byte; found {}", options.blocksize));
  ParquetPartSizes sizes;
  if (options.blocksize > 0) sizes.num_bytes = options.blocksize;
  if (options.row_groups > 0) sizes.num_row_groups = options.row_groups;
  return sizes;
}

// The rows of files as they were read, with small files put together or not.
const ParquetScan* scan_of(const ExprPtr& frame) {
  if (const auto* read = dynamic_cast<const ReadParquet*>(frame.get())) return &*read->scan;
  if (const auto* joined = dynamic_cast<const JoinPartitions*>(frame.get())) return scan_of(joined->frame);
  const auto* labelled = dynamic_cast<const WithDivisions*>(frame.get());
  return labelled ? scan_of(labelled->frame) : nullptr;
}

std::vector<std::string> names_in(const Table& written) { return written[written.names().front()].to_strings(); }

}  // namespace

static_assert(ReadCsvOptions::kInferHeader == CsvOptions::kInferHeader);
static_assert(ReadCsvOptions::kNoHeader == CsvOptions::kNoHeader);

DataFrame read_csv(const std::string& path, const ReadCsvOptions& options, Location where) {
  return read_csv(std::vector{path}, options, where);
}

DataFrame read_csv(const std::vector<std::string>& paths, const ReadCsvOptions& options, Location where) {
  start();
  const SourceScope scope = source_scope(where);
  if (options.blocksize < -1)
    throw value_error("read_csv: blocksize must be at least 1 byte; found " + std::to_string(options.blocksize));
  const std::int64_t blocksize =
      options.blocksize == 0 ? default_csv_blocksize() : std::max<std::int64_t>(options.blocksize, 0);
  CsvOptions csv = csv_options(options);
  std::vector<std::string> in_file;
  if (any_by_position(options.usecols) || any_by_position(options.parse_dates))
    in_file = DataFrame(read_csv_expr(paths, csv, blocksize, {})).columns();
  const std::vector<std::string> usecols = names_of(options.usecols, in_file, "usecols");
  if (!usecols.empty())
    std::erase_if(in_file, [&](const std::string& name) { return std::ranges::find(usecols, name) == usecols.end(); });
  csv.parse_dates = names_of(options.parse_dates, in_file, "parse_dates");
  return DataFrame(read_csv_expr(paths, csv, blocksize, usecols));
}

DataFrame read_parquet(const std::string& path, const ReadParquetOptions& options, Location where) {
  return read_parquet(std::vector{path}, options, where);
}

DataFrame read_parquet(const std::vector<std::string>& paths, const ReadParquetOptions& options, Location where) {
  start();
  const SourceScope scope = source_scope(where);
  const ParquetPartSizes sizes = part_sizes(options);
  ExprPtr read = read_parquet_expr(paths, options.columns, parse_dtype_backend(options.dtype_backend), sizes);
  const ParquetScan& scan = *scan_of(read);
  const Divisions divisions = options.calculate_divisions ? stored_index_divisions(scan) : Divisions{};
  if (!divisions.empty()) read = make_expr<WithDivisions>(read, divisions);
  if (!options.aggregate_files) return DataFrame(read);
  return DataFrame(make_expr<JoinPartitions>(read, aggregated_files(scan, sizes, *options.aggregate_files)));
}

std::vector<Literal> parquet_divisions(const DataFrame& frame, const std::string& column, Location where) {
  const SourceScope scope = source_scope(where);
  require_columns(frame.expr(), {column}, "read_parquet");
  const ParquetScan* scan = scan_of(frame.expr());
  if (!scan) return {};
  const Divisions all = stored_divisions(*scan, column);
  const auto* joined = dynamic_cast<const JoinPartitions*>(frame.expr().get());
  if (!joined || all.empty()) return all;
  Divisions kept;
  for (const std::int64_t start : joined->starts) kept.push_back(all.at(static_cast<std::size_t>(start)));
  return kept;
}

StagedFiles parquet_files(const DataFrame& frame, const std::string& folder, const ToParquetOptions& options,
                          const std::vector<std::string>& retyped) {
  check_partition_on(frame.columns(), options.partition_on);
  StagedFiles files = parquet_files(folder, frame.npartitions(), options);
  if (options.append)
    check_appended(frame_meta(frame.expr()),
                   {folder, options.write_index, options.ignore_divisions, options.partition_on, retyped});
  return files;
}

DataFrame published(const FrameBase& written, const StagedFiles& files, Location where) {
  const SourceScope scope = source_scope(where);
  return DataFrame(make_expr<PublishFiles>(written.expr(), files));
}

DataFrame DataFrame::lazy_to_csv(const std::string& path, const ToCsvOptions& options, Location where) const {
  const SourceScope scope = source_scope(where);
  require_native({meta()});
  const DataFrame whole = options.single_file && npartitions() > 1 ? repartition(1, where) : *this;
  const StagedFiles files = csv_files(path, whole.npartitions(), options);
  const TableCsvOptions csv{options.sep, options.na_rep, options.header, options.index};
  return published(
      DataFrame(make_expr<WriteFiles>(whole.expr(), files, std::vector{csv}, options.header_first_partition_only)),
      files, where);
}

DataFrame DataFrame::lazy_to_parquet(const std::string& folder, const ToParquetOptions& options, Location where) const {
  const SourceScope scope = source_scope(where);
  require_native({meta()});
  const StagedFiles files = parquet_files(*this, folder, options);
  return published(DataFrame(make_expr<WriteFiles>(
                       expr_, files, std::vector<TableCsvOptions>{}, false,
                       TableParquetOptions{options.compression, options.write_index, options.partition_on})),
                   files, where);
}

std::vector<std::string> DataFrame::to_csv(const std::string& path, const ToCsvOptions& options,
                                           const RunSettings& settings) const {
  return names_in(lazy_to_csv(path, options).compute(settings));
}

std::vector<std::string> DataFrame::to_parquet(const std::string& folder, const ToParquetOptions& options,
                                               const RunSettings& settings) const {
  return names_in(lazy_to_parquet(folder, options).compute(settings));
}

}  // namespace plait
