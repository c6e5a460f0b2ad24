#include "kernels/formats/parquet_parts.h"

#include <algorithm>

#include "kernels/formats/parquet_file.h"

namespace plait {
namespace {

// A text column comes as codes where all row groups of the part have few different values.
std::vector<std::string> encoded_columns(const ParquetFile& file, const std::vector<int>& groups) {
  std::vector<std::string> encoded;
  for (const ParquetStatistics& column : file.row_groups[static_cast<std::size_t>(groups.front())].columns) {
    const auto is_encoded = [&](int group) {
      const auto& columns = file.row_groups[static_cast<std::size_t>(group)].columns;
      return std::any_of(columns.begin(), columns.end(),
                         [&](const auto& other) { return other.column == column.column && other.is_encoded; });
    };
    if (std::all_of(groups.begin(), groups.end(), is_encoded)) encoded.push_back(column.column);
  }
  return encoded;
}

std::int64_t bytes_in_memory(const ParquetRowGroup& group) {
  std::int64_t total = 0;
  for (const ParquetStatistics& column : group.columns) total += column.num_bytes;
  return total;
}

void add_pieces(ParquetPart whole, std::int64_t num_pieces, std::vector<ParquetPart>& parts) {
  const std::int64_t num_rows = whole.num_rows;
  const std::int64_t first_row = whole.first_row;
  whole.is_piece = true;
  whole.num_bytes /= num_pieces;
  for (std::int64_t i = 0; i < num_pieces; ++i) {
    whole.rows_before = num_rows * i / num_pieces;
    whole.first_row = first_row + whole.rows_before;
    whole.num_rows = num_rows * (i + 1) / num_pieces - whole.rows_before;
    parts.push_back(whole);
  }
}

// Which part of its file each row group belongs to: numbers that never go down.
std::vector<std::int64_t> part_numbers(const ParquetFile& file, const ParquetPartSizes& sizes) {
  std::vector<std::int64_t> numbers;
  if (sizes.num_row_groups) {
    for (std::size_t i = 0; i < file.row_groups.size(); ++i)
      numbers.push_back(static_cast<std::int64_t>(i) / *sizes.num_row_groups);
    return numbers;
  }
  // Shares of the file that are about even.
  std::int64_t total = 0;
  for (const ParquetRowGroup& group : file.row_groups) total += group.num_bytes;
  const std::int64_t num_parts =
      std::max<std::int64_t>(1, total / sizes.num_bytes + (total % sizes.num_bytes) * 2 / sizes.num_bytes);
  const std::int64_t share = total / num_parts + 1;
  std::int64_t before = 0;
  for (const ParquetRowGroup& group : file.row_groups) {
    numbers.push_back((before + group.num_bytes / 2) / share);
    before += group.num_bytes;
  }
  return numbers;
}

std::vector<ParquetPart> whole_parts(const ParquetFile& file, std::uint32_t number, const ParquetPartSizes& sizes) {
  const std::vector<std::int64_t> numbers = part_numbers(file, sizes);
  std::vector<ParquetPart> parts{{.file = number}};
  std::int64_t first_row = 0;
  for (std::size_t i = 0; i < file.row_groups.size(); ++i) {
    if (i > 0 && numbers[i] != numbers[i - 1]) parts.push_back({.file = number, .first_row = first_row});
    parts.back().row_groups.push_back(static_cast<int>(i));
    parts.back().num_rows += file.row_groups[i].num_rows;
    parts.back().num_bytes += file.row_groups[i].num_bytes;
    first_row += file.row_groups[i].num_rows;
  }
  return parts;
}

}  // namespace

void add_parts(const ParquetFile& file, std::uint32_t number, const ParquetPartSizes& sizes,
               std::vector<ParquetPart>& parts) {
  for (ParquetPart& part : whole_parts(file, number, sizes)) {
    if (!part.row_groups.empty()) part.encoded = encoded_columns(file, part.row_groups);
    if (part.row_groups.size() != 1 || sizes.num_row_groups) {
      parts.push_back(std::move(part));
      continue;
    }
    const std::int64_t num_bytes = bytes_in_memory(file.row_groups[static_cast<std::size_t>(part.row_groups.front())]);
    const std::int64_t num_pieces = std::min(num_bytes / std::max<std::int64_t>(1, sizes.max_bytes) + 1, part.num_rows);
    if (num_pieces > 1)
      add_pieces(std::move(part), num_pieces, parts);
    else
      parts.push_back(std::move(part));
  }
}

}  // namespace plait
