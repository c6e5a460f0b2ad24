// Partitions written to files, one each; when all of them are whole, they get their names together.
#pragma once

#include <string>
#include <vector>

#include "collections/dataframe/frame_op.h"
#include "kernels/formats/table_files.h"
#include "plait/frame_files.h"

namespace plait {

// Writes the partitions under their staged names.
struct WriteFiles final : Op<WriteFiles>, FrameOp {
  ExprPtr frame;
  StagedFiles files;
  std::vector<TableCsvOptions> csv;  // one, or none for Parquet
  bool header_first_only = false;
  TableParquetOptions parquet;
  static constexpr auto op_name = "write_files";
  static constexpr auto fields = std::tuple{&WriteFiles::frame, &WriteFiles::files, &WriteFiles::csv,
                                            &WriteFiles::header_first_only, &WriteFiles::parquet};

  std::string_view op() const override { return csv.empty() ? "to_parquet" : "to_csv"; }
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override { return true; }
  MetaPtr infer_meta() const override;
};

// Waits for what writes the files, and publishes them. One partition: a column of their names.
struct PublishFiles final : Op<PublishFiles>, FrameOp {
  ExprPtr written;
  StagedFiles files;
  static constexpr auto op_name = "publish_files";
  static constexpr auto fields = std::tuple{&PublishFiles::written, &PublishFiles::files};

  std::string_view op() const override { return "publish"; }
  BlockTask block_task(std::int64_t block) const override;
  MetaPtr infer_meta() const override;
};

void register_write_kernels();

}  // namespace plait
