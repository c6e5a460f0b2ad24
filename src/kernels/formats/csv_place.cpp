#include "kernels/formats/csv_place.h"

#include <fmt/format.h>

#include <vector>

#include "kernels/formats/csv_source.h"
#include "kernels/formats/csv_text.h"

namespace plait {
namespace {

// Lines are what an editor counts: every "\n", "\r\n" and lone "\r", in quotes or not.
std::int64_t line_number(const CsvBlock& block, std::int64_t file_offset) {
  auto source = open_csv_source(block.path, block.compression, 0, block.compression.empty() ? file_offset : -1);
  std::vector<char> text(1 << 20);
  std::int64_t line = 1, left = file_offset;
  char last = '\0';
  while (left > 0) {
    const std::size_t got =
        source->read(text.data(), std::min<std::size_t>(text.size(), static_cast<std::size_t>(left)));
    if (got == 0) break;
    for (std::size_t i = 0; i < got; ++i) {
      line += text[i] == '\r' || (text[i] == '\n' && last != '\r');
      last = text[i];
    }
    left -= static_cast<std::int64_t>(got);
  }
  return line;
}

bool starts_at_record(const CsvBlock& block, const CsvOptions& options) {
  CsvBlock before = block;
  before.offset = 0;
  before.length = block.offset;
  CsvText text(before, csv_dialect(options));
  while (text.next()) {
  }
  return !text.ends_in_quotes();
}

}  // namespace

std::string csv_place(const CsvBlock& block, const CsvOptions& options, std::int64_t file_offset) {
  if (!block.exact && !starts_at_record(block, options)) throw wrong_csv_split(block.path);
  return fmt::format("{}:{}", block.path, line_number(block, file_offset));
}

void throw_ragged_row(const CsvBlock& block, const CsvOptions& options, std::int64_t row_offset, std::size_t num_fields,
                      std::size_t num_columns) {
  throw value_error(
      fmt::format("{}: expected {} fields, found {} in this row; correct the row, or check sep ('{}') and quotes",
                  csv_place(block, options, row_offset), num_columns, num_fields, options.sep));
}

void throw_unterminated_quote(const CsvBlock& block, const CsvOptions& options, std::int64_t record_offset) {
  if (!block.exact || !block.ends_file) throw wrong_csv_split(block.path);
  throw value_error(
      fmt::format("{}: a quoted field of the record that starts here is never closed: the file ends inside quotes",
                  csv_place(block, options, record_offset)));
}

}  // namespace plait
