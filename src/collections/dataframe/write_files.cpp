#include "collections/dataframe/write_files.h"

namespace plait {
namespace {

struct CsvFileWrite {
  std::string path;
  TableCsvOptions options;
  static constexpr auto fields = std::tuple{&CsvFileWrite::path, &CsvFileWrite::options};
};
struct ParquetFileWrite {
  std::string path;
  TableParquetOptions options;
  static constexpr auto fields = std::tuple{&ParquetFileWrite::path, &ParquetFileWrite::options};
};

constinit KernelId<CsvFileWrite> write_csv_kernel{"write_csv_file"};
constinit KernelId<ParquetFileWrite> write_parquet_kernel{"write_parquet_file"};

Table name_table(const std::string& name) { return Table({{"name", {name}}}); }

Value write_csv_part(Inputs inputs, const CsvFileWrite& params, const TaskContext&) {
  write_csv_file(inputs[0].as<Table>(), params.path, params.options);
  return Value::of(name_table(params.path));
}

Value write_parquet_part(Inputs inputs, const ParquetFileWrite& params, const TaskContext&) {
  write_parquet_file(inputs[0].as<Table>(), params.path, params.options);
  return Value::of(name_table(params.path));
}

}  // namespace

void register_write_kernels() {
  define(write_csv_kernel, "Writes a partition as a CSV file.", write_csv_part);
  define(write_parquet_kernel, "Writes a partition as a Parquet file.", write_parquet_part);
}

BlockTask WriteFiles::block_task(std::int64_t block) const {
  BlockTask task{.inputs = {{.operand = 0, .block = block}}};
  const std::string& name = names.at(static_cast<std::size_t>(block));
  if (csv.empty()) {
    task.call = write_parquet_kernel({name, parquet});
  } else {
    TableCsvOptions options = csv.front();
    options.header = options.header && (block == 0 || !header_first_only);
    task.call = write_csv_kernel({name, options});
  }
  return task;
}

MetaPtr WriteFiles::infer_meta() const {
  return make_frame_meta(Table::empty(name_table("").schema()), frame_meta(frame).npartitions());
}

}  // namespace plait
