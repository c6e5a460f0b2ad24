#include "collections/dataframe/read_parquet.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.h"
#include "kernels/table/columns.h"

namespace plait {
namespace {

Value read_part(Inputs, const ParquetPartRead& params, const TaskContext&) {
  const ParquetPart& part = params.scan->parts.at(static_cast<std::size_t>(params.part));
  return Value::of(ParquetTableReader(*params.scan, part, params.columns, params.with_index).all());
}

}  // namespace

void register_read_parquet_kernels() {
  define(read_parquet_part_kernel, "Some columns of some row groups of a Parquet file.", read_part);
}

std::string ReadParquet::describe() const { return fmt::format("{} files, columns={}", scan->files.size(), columns); }

MetaPtr ReadParquet::infer_meta() const {
  std::uint64_t num_bytes = 0;
  for (std::size_t i = 0; i < scan->stamps.size(); i += 2) num_bytes += 2 * static_cast<std::uint64_t>(scan->stamps[i]);
  Table schema = select(scan->schema, {.columns = columns});
  if (!with_index) schema = Table::empty(schema.reset_index(true).schema());
  return make_frame_meta(std::move(schema), static_cast<std::int64_t>(scan->parts.size()), {}, num_bytes);
}

BlockTask ReadParquet::block_task(std::int64_t block) const {
  return {.call = read_parquet_part_kernel({scan, block, columns, with_index})};
}

ExprPtr ReadParquet::narrowed(const Wanted& wanted) const {
  std::vector<std::string> kept;
  for (const std::string& column : columns) {
    if (wanted.has(column)) kept.push_back(column);
  }
  const bool keeps_index = with_index && wanted.index;
  if (kept.size() == columns.size() && keeps_index == with_index) return nullptr;
  return make_expr<ReadParquet>(scan, kept, keeps_index);
}

ExprPtr read_parquet_expr(const std::vector<std::string>& paths, const std::vector<std::string>& columns) {
  ParquetScan scan = scan_parquet(paths);
  for (const std::string& column : columns) {
    if (std::find(scan.names.begin(), scan.names.end(), column) != scan.names.end()) continue;
    throw key_error(fmt::format("read_parquet: {} has no column '{}'{}", scan.files.front(), column,
                                did_you_mean(column, scan.names)));
  }
  const std::vector<std::string> wanted = columns.empty() ? scan.names : columns;
  return make_expr<ReadParquet>(ParquetScanPtr(std::move(scan)), wanted, true);
}

}  // namespace plait
