#include "collections/dataframe/write_files.h"

#include <filesystem>

#include "kernels/formats/hive_folders.h"
#include "kernels/formats/staging.h"
#include "runtime/take_back.h"

namespace plait {
namespace {

// One of the files: where it lies until it is published, and its name.
struct StagedFile {
  std::string staging;
  std::string path;
  std::string name;
  static constexpr auto fields = std::tuple{&StagedFile::staging, &StagedFile::path, &StagedFile::name};

  NewFile begin() const {
    make_staging(staging);
    return {path, name};
  }
};
struct CsvFileWrite {
  StagedFile file;
  TableCsvOptions options;
  static constexpr auto fields = std::tuple{&CsvFileWrite::file, &CsvFileWrite::options};
};
struct ParquetFileWrite {
  StagedFile file;
  TableParquetOptions options;
  static constexpr auto fields = std::tuple{&ParquetFileWrite::file, &ParquetFileWrite::options};
};

constinit KernelId<CsvFileWrite> write_csv_kernel{"write_csv_file"};
constinit KernelId<ParquetFileWrite> write_parquet_kernel{"write_parquet_file"};
constinit KernelId<StagedFiles> publish_kernel{"publish_files"};

Table name_table(const std::vector<std::string>& names) {
  return Table::from_columns({{"name", std::vector<Literal>(names.begin(), names.end())}});
}

Value write_csv_part(Inputs inputs, const CsvFileWrite& params, const TaskContext&) {
  write_csv_file(inputs[0].as<Table>(), params.file.begin(), params.options);
  return Value::of(name_table({params.file.name}));
}

Value write_parquet_part(Inputs inputs, const ParquetFileWrite& params, const TaskContext&) {
  const Table& table = inputs[0].as<Table>();
  if (params.options.partition_on.empty()) {
    write_parquet_file(table, params.file.begin(), params.options);
  } else {
    make_staging(params.file.staging);
    const std::filesystem::path target(params.file.name);
    write_parquet_folders(table, {params.file.path, target.parent_path().string()}, target.filename().string(),
                          params.options.partition_on, params.options);
  }
  return Value::of(name_table({params.file.name}));
}

Value publish_files(Inputs, const StagedFiles& files, const TaskContext&) {
  return Value::of(name_table(publish(files)));
}

MetaPtr names_meta(std::int64_t npartitions) {
  return make_frame_meta(Table::empty(name_table({""}).schema()), npartitions);
}

}  // namespace

void register_write_kernels() {
  define(write_csv_kernel, "Writes a partition as a CSV file.", write_csv_part);
  define(write_parquet_kernel, "Writes a partition as a Parquet file.", write_parquet_part);
  define(publish_kernel, "Gives the files that were written their names.", publish_files);
  take_back_by(publish_kernel, discard_staged);
}

BlockTask WriteFiles::block_task(std::int64_t block) const {
  BlockTask task{.inputs = {{.operand = 0, .block = block}}};
  const auto i = static_cast<std::size_t>(block);
  const StagedFile file{files.staging, files.staged_name(i), files.names.at(i)};
  if (csv.empty()) {
    task.call = write_parquet_kernel({file, parquet});
  } else {
    TableCsvOptions options = csv.front();
    options.header = options.header && (block == 0 || !header_first_only);
    task.call = write_csv_kernel({file, options});
  }
  return task;
}

MetaPtr WriteFiles::infer_meta() const { return names_meta(frame_meta(frame).npartitions()); }

BlockTask PublishFiles::block_task(std::int64_t) const {
  BlockTask task{.call = publish_kernel(files)};
  for (std::int64_t i = 0; i < frame_meta(written).npartitions(); ++i)
    task.inputs.push_back({.operand = 0, .block = i});
  return task;
}

MetaPtr PublishFiles::infer_meta() const { return names_meta(1); }

}  // namespace plait
