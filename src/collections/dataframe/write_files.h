// Partitions written to files, one each.
#pragma once

#include <string>
#include <vector>

#include "collections/dataframe/frame_op.h"
#include "kernels/formats/table_files.h"

namespace plait {

// The result is a frame of one column, the names of the files.
struct WriteFiles final : Op<WriteFiles>, FrameOp {
  ExprPtr frame;
  std::vector<std::string> names;    // one a partition
  std::vector<TableCsvOptions> csv;  // one, or none for Parquet
  bool header_first_only = false;
  TableParquetOptions parquet;
  static constexpr auto op_name = "write_files";
  static constexpr auto fields = std::tuple{&WriteFiles::frame, &WriteFiles::names, &WriteFiles::csv,
                                            &WriteFiles::header_first_only, &WriteFiles::parquet};

  std::string_view op() const override { return csv.empty() ? "to_parquet" : "to_csv"; }
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override { return true; }
  MetaPtr infer_meta() const override;
};
void register_write_kernels();

// The folders that files of these names lie in.
void make_folders_of(const std::vector<std::string>& names);
// part.*.parquet in this folder.
void remove_parquet_parts(const std::string& folder);

}  // namespace plait
