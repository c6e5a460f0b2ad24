// Writes a table as one Parquet file, with the metadata by which pandas and Dask find the index and dtypes again.
#pragma once

#include <arrow/type_fwd.h>

#include <cstdint>
#include <string>
#include <tuple>

#include "base/whole_file.h"
#include "kernels/formats/table_index.h"

namespace plait {

struct ParquetWriteOptions {
  std::string compression = "snappy";  // "gzip", "zstd", "brotli", "lz4", "none"
  std::int64_t row_group_rows = 1 << 20;
  FileIndex file_index;
  bool index = true;                                    // false: neither index columns nor metadata of an index
  std::string null_index_name = "__null_dask_index__";  // stored name of an index column without a name

  static constexpr auto fields =
      std::tuple{&ParquetWriteOptions::compression, &ParquetWriteOptions::row_group_rows,
                 &ParquetWriteOptions::file_index, &ParquetWriteOptions::index, &ParquetWriteOptions::null_index_name};
};

// The file has its name only when it is complete (whole_file.h).
void write_parquet(const arrow::Table& table, const NewFile& file, const ParquetWriteOptions& options);

// pandas' JSON for the schema key "pandas".
std::string pandas_metadata(const arrow::Schema& schema, const FileIndex& index, std::int64_t num_rows);

}  // namespace plait
