// Frames read from CSV files, a block a partition, and what mends them when a type turns out wider than its sample.
#pragma once

#include <string>
#include <vector>

#include "base/shared.h"
#include "collections/dataframe/frame_op.h"
#include "expr/plan.h"
#include "kernels/formats/csv_tables.h"

namespace plait {

using CsvScanPtr = Shared<CsvScan>;

struct ReadCsv final : Op<ReadCsv>, FrameOp {
  CsvScanPtr scan;
  std::vector<std::string> columns;
  std::vector<std::string> encoded;  // text columns that come as codes into a dictionary
  static constexpr auto op_name = "read_csv";
  static constexpr auto fields = std::tuple{&ReadCsv::scan, &ReadCsv::columns, &ReadCsv::encoded};

  std::string describe() const override;
  BlockTask block_task(std::int64_t block) const override;
  ExprPtr narrowed(const Wanted& wanted) const override;
  MetaPtr infer_meta() const override;
};

// One block to read, and the start of a stream of batches.
struct CsvBlockRead {
  CsvScanPtr scan;
  CsvBlock block;
  std::vector<std::string> columns;
  std::vector<std::string> encoded;  // see CsvTableReader
  static constexpr auto fields =
      std::tuple{&CsvBlockRead::scan, &CsvBlockRead::block, &CsvBlockRead::columns, &CsvBlockRead::encoded};
};
inline constinit KernelId<CsvBlockRead> read_csv_block_kernel{"read_csv_block"};
void register_read_csv_kernels();

// `columns` empty: all.
ExprPtr read_csv_expr(const std::vector<std::string>& paths, const CsvOptions& options, std::int64_t blocksize,
                      const std::vector<std::string>& columns = {});
// Dask's default: a tenth of a core's share of memory, at most 64 MB.
std::int64_t default_csv_blocksize();

// The same reader in blocks of about this many bytes; its rows are numbered from 0 in every block.
ExprPtr with_blocksize(const ReadCsv& reader, std::int64_t blocksize);
std::int64_t csv_bytes(const ReadCsv& reader);

// A plan whose readers know every type that any run so far has found: what .dtypes shows.
ExprPtr with_latest_schemas(const ExprPtr& expr);
// For register_repair: widens the types that a failed run has proved too narrow.
std::optional<Roots> repair_csv(const Fault& fault, const Roots& roots);

}  // namespace plait
