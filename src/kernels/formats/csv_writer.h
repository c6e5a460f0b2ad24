// Writes a table as CSV text, equal to what pandas' to_csv writes.
//
// Floats have the fewest digits that read back the same. Datetimes are written as dates when all of a chunk are at
// midnight, chunks being pandas' 100,000 cells. A "\r" in text is quoted (Python before 3.13 forgets to). Types that
// have no text here (lists, decimals, ...) throw Error(not_implemented).
#pragma once

#include <arrow/type_fwd.h>

#include <cstdint>
#include <string>
#include <tuple>

#include "base/whole_file.h"
#include "kernels/formats/table_index.h"

namespace plait {

struct CsvWriteOptions {
  std::string sep = ",";
  std::string na_rep;
  bool header = true;
  bool index = true;
  std::string quotechar = "\"";
  std::string lineterminator = "\n";
  FileIndex file_index;

  static constexpr auto fields =
      std::tuple{&CsvWriteOptions::sep,       &CsvWriteOptions::na_rep,    &CsvWriteOptions::header,
                 &CsvWriteOptions::index,     &CsvWriteOptions::quotechar, &CsvWriteOptions::lineterminator,
                 &CsvWriteOptions::file_index};
};

// The file has its name only when it is complete (whole_file.h).
void write_csv(const arrow::Table& table, const NewFile& file, const CsvWriteOptions& options);
std::string csv_text(const arrow::Table& table, const CsvWriteOptions& options);

}  // namespace plait
