#include "collections/dataframe/read_parquet.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.h"
#include "kernels/table/columns.h"
#include "runtime/machine.h"

namespace plait {
namespace {

Value read_part(Inputs, const ParquetPartRead& params, const TaskContext&) {
  const ParquetPart& part = params.scan->parts.at(static_cast<std::size_t>(params.part));
  return Value::of(ParquetTableReader(*params.scan, part, params.columns, params.with_index, params.wanted).all());
}

}  // namespace

void register_read_parquet_kernels() {
  define(read_parquet_part_kernel, "Some columns of some row groups of a Parquet file.", read_part);
}

std::string ReadParquet::describe() const {
  std::string text = fmt::format("{} files, columns={}", scan->files.size(), columns);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    std::vector<std::string> ranges;
    for (const ParquetRange& range : wanted[i]) ranges.push_back(to_string(range));
    text += fmt::format("{}{}", i == 0 ? ", row groups with " : " or ", fmt::join(ranges, " and "));
  }
  return text;
}

MetaPtr ReadParquet::infer_meta() const {
  const auto num_bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(1, scan->bytes_of(columns)));
  Table schema = select(scan->schema, {.columns = columns});
  if (!with_index) schema = schema.reset_index(true);
  return make_frame_meta(std::move(schema), static_cast<std::int64_t>(scan->parts.size()), {}, num_bytes);
}

BlockTask ReadParquet::block_task(std::int64_t block) const {
  return {.call = read_parquet_part_kernel({scan, block, columns, with_index, wanted})};
}

ExprPtr ReadParquet::narrowed(const Wanted& wanted) const {
  std::vector<std::string> kept;
  for (const std::string& column : columns) {
    if (wanted.has(column)) kept.push_back(column);
  }
  const bool keeps_index = with_index && wanted.index;
  if (kept.size() == columns.size() && keeps_index == with_index) return nullptr;
  return make_expr<ReadParquet>(scan, kept, keeps_index, this->wanted, again);
}

ExprPtr read_parquet_expr(const std::vector<std::string>& paths, const std::vector<std::string>& columns,
                          std::optional<TypeFamily> family, ParquetPartSizes sizes) {
  // Some partitions are worked on at once, each with what is made of it.
  constexpr std::uint64_t kPartsPerBudget = 16;
  sizes.max_bytes = static_cast<std::int64_t>(memory_budget_bytes() / kPartsPerBudget);
  ParquetScan scan = scan_parquet(paths, sizes, family);
  for (const std::string& column : columns) {
    if (std::find(scan.names.begin(), scan.names.end(), column) != scan.names.end()) continue;
    throw key_error(fmt::format("read_parquet: {} has no column '{}'{}", scan.files.front(), column,
                                did_you_mean(column, scan.names)));
  }
  const std::vector<std::string> wanted = columns.empty() ? scan.names : columns;
  return make_expr<ReadParquet>(ParquetScanPtr(std::move(scan)), wanted, true);
}

std::vector<std::int64_t> aggregated_files(const ParquetScan& scan, const ParquetPartSizes& sizes,
                                           const std::string& folder) {
  std::size_t depth = 0;  // of the folders whose values must be shared
  if (!folder.empty()) {
    const auto found = std::ranges::find(scan.folders, folder, &FolderColumn::name);
    if (found == scan.folders.end())
      throw value_error(fmt::format("read_parquet: aggregate_files='{}' is no column that folders are", folder));
    depth = static_cast<std::size_t>(found - scan.folders.begin()) + 1;
  }
  const auto shares_folders = [&](const ParquetPart& a, const ParquetPart& b) {
    return std::all_of(scan.folders.begin(), scan.folders.begin() + static_cast<std::ptrdiff_t>(depth),
                       [&](const FolderColumn& column) { return column.codes.at(a.file) == column.codes.at(b.file); });
  };
  const auto size_of = [&](const ParquetPart& part) {
    return sizes.num_row_groups ? static_cast<std::int64_t>(part.row_groups.size()) : part.num_bytes;
  };
  const std::int64_t limit = sizes.num_row_groups.value_or(sizes.num_bytes);
  std::vector<std::int64_t> starts{0};
  std::int64_t size = 0;
  for (std::size_t i = 0; i < scan.parts.size(); ++i) {
    const ParquetPart& part = scan.parts[i];
    if (i > 0 && (size + size_of(part) > limit || !shares_folders(scan.parts[i - 1], part))) {
      starts.push_back(static_cast<std::int64_t>(i));
      size = 0;
    }
    size += size_of(part);
  }
  starts.push_back(static_cast<std::int64_t>(scan.parts.size()));
  return starts;
}

}  // namespace plait
