// Frames read from Parquet files, some row groups a partition; only the wanted columns are read.
#pragma once

#include <string>
#include <vector>

#include "base/shared.h"
#include "collections/dataframe/frame_op.h"
#include "kernels/formats/parquet_tables.h"

namespace plait {

using ParquetScanPtr = Shared<ParquetScan>;

struct ReadParquet final : Op<ReadParquet>, FrameOp {
  ParquetScanPtr scan;
  std::vector<std::string> columns;
  bool with_index = true;
  // What rows somebody wants, if not all: row groups without such a row are not read. Other rows of those that are
  // read come along.
  std::vector<ParquetRanges> wanted;
  // How often the same was read before: rows that wait for what others give come from a reader of their own.
  std::int64_t again = 0;
  static constexpr auto op_name = "read_parquet";
  static constexpr auto fields = std::tuple{&ReadParquet::scan, &ReadParquet::columns, &ReadParquet::with_index,
                                            &ReadParquet::wanted, &ReadParquet::again};

  std::string describe() const override;
  BlockTask block_task(std::int64_t block) const override;
  ExprPtr narrowed(const Wanted& wanted) const override;
  MetaPtr infer_meta() const override;
};

// One part to read, and the start of a stream of batches.
struct ParquetPartRead {
  ParquetScanPtr scan;
  std::int64_t part = 0;
  std::vector<std::string> columns;
  bool with_index = true;
  std::vector<ParquetRanges> wanted;
  static constexpr auto fields = std::tuple{&ParquetPartRead::scan, &ParquetPartRead::part, &ParquetPartRead::columns,
                                            &ParquetPartRead::with_index, &ParquetPartRead::wanted};
};
inline constinit KernelId<ParquetPartRead> read_parquet_part_kernel{"read_parquet_part"};
void register_read_parquet_kernels();

// `columns` empty: all. `family`: of the columns' types, if not those that pandas has written.
ExprPtr read_parquet_expr(const std::vector<std::string>& paths, const std::vector<std::string>& columns = {},
                          std::optional<TypeFamily> family = std::nullopt, ParquetPartSizes sizes = {});

// Which partitions of a scan are put together, by their first ones (see JoinPartitions): neighbours up to so many bytes
// or row groups. `folder`: the column of folders whose value they share, or none. Throws Error(value) for another one.
std::vector<std::int64_t> aggregated_files(const ParquetScan& scan, const ParquetPartSizes& sizes,
                                           const std::string& folder);

}  // namespace plait
