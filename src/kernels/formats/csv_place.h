// Where in a file an error is: found by reading what precedes it, only when there is an error to report.
#pragma once

#include <cstdint>
#include <string>

#include "kernels/formats/csv_rows.h"
#include "kernels/formats/csv_schema.h"

namespace plait {

// "data.csv:17". Throws an error with the detail WrongCsvSplit when the block does not start at the start of a record,
// since then the error is not one of the file.
std::string csv_place(const CsvBlock& block, const CsvOptions& options, std::int64_t file_offset);

// Throw the errors for a row with too many or too few fields, and for a quote that is never closed.
[[noreturn]] void throw_ragged_row(const CsvBlock& block, const CsvOptions& options, std::int64_t row_offset,
                                   std::size_t num_fields, std::size_t num_columns);
[[noreturn]] void throw_unterminated_quote(const CsvBlock& block, const CsvOptions& options,
                                           std::int64_t record_offset);

}  // namespace plait
