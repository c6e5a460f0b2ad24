// Which row groups of Parquet files are a partition.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace plait {

struct ParquetFile;

// Row groups of a file that follow each other, or some rows of a very large one: a partition.
struct ParquetPart {
  std::uint32_t file = 0;
  std::int64_t first_row = 0;  // in its file
  std::int64_t num_rows = 0;
  std::int64_t num_bytes = 0;  // uncompressed, but still encoded
  std::vector<int> row_groups;
  std::int64_t rows_before = 0;  // in the row group, if it is a piece of one
  bool is_piece = false;
  std::vector<std::string> encoded;  // text columns that are best read as codes into a dictionary
  static constexpr auto fields =
      std::tuple{&ParquetPart::file,       &ParquetPart::first_row,   &ParquetPart::num_rows, &ParquetPart::num_bytes,
                 &ParquetPart::row_groups, &ParquetPart::rows_before, &ParquetPart::is_piece, &ParquetPart::encoded};
};

// How much a partition takes of a file; files are never put together.
struct ParquetPartSizes {
  // Of the row groups that are put together: uncompressed, but still encoded. In memory that is about twice as much.
  std::int64_t num_bytes = std::int64_t{16} << 20;
  // Instead: so many row groups, however large they are.
  std::optional<std::int64_t> num_row_groups;
  // A row group that takes more memory is several parts, each of which has to read what comes before it.
  std::int64_t max_bytes = std::numeric_limits<std::int64_t>::max();
};

// The parts of file number `number`. A file without row groups is a part without rows.
void add_parts(const ParquetFile& file, std::uint32_t number, const ParquetPartSizes& sizes,
               std::vector<ParquetPart>& parts);

}  // namespace plait
