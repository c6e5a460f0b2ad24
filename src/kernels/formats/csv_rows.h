// The rows of one batch of CSV text: what the index found, without blank lines, each row with its full number of
// fields.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/formats/csv_index.h"
#include "kernels/formats/csv_schema.h"

namespace plait {

// The values of one column: value i is text[begin(i), end(i)).
struct CsvFields {
  const char* text = nullptr;
  std::size_t num_rows = 0;
  const std::uint32_t* begins = nullptr;
  const std::uint32_t* ends = nullptr;  // one past the end, plus `end_shift`
  std::size_t begin_stride = 1;
  std::size_t end_stride = 1;
  std::uint32_t end_shift = 1;

  std::uint32_t begin(std::size_t row) const { return begins[row * begin_stride]; }
  std::uint32_t end(std::size_t row) const { return ends[row * end_stride] - end_shift; }
  std::string_view operator[](std::size_t row) const { return {text + begin(row), end(row) - begin(row)}; }
};

// A row with too many or too few fields; the reader adds file and line.
struct RaggedRow {
  std::uint32_t position = 0;  // of the row's first byte
  std::size_t num_fields = 0;
};

// What a row with another number of fields than there are columns becomes.
struct CsvRowLengths {
  bool fill_missing = false;  // else RaggedRow
  bool drop_extra = false;
};
inline CsvRowLengths csv_row_lengths(const CsvOptions& options) {
  return {options.fill_missing_fields, options.drop_extra_fields};
}

class CsvRows {
 public:
  // Throws RaggedRow.
  void build(const char* text, const CsvIndex& index, CsvDialect dialect, std::size_t num_columns,
             CsvRowLengths lengths = {});

  std::size_t num_rows() const { return num_rows_; }
  // Where a row's text begins.
  std::uint32_t row_begin(std::size_t row) const { return begins_[row * num_columns_]; }
  // The values of one column without their quotes; valid until the next call of column() or build(). `room` is memory
  // behind the text, as long as the text, for values with doubled quotes.
  CsvFields column(std::size_t column, char* room);

 private:
  bool is_regular(const CsvIndex& index) const;
  void trim_carriage_returns(const CsvIndex& index);
  void collect_rows(const CsvIndex& index, CsvRowLengths lengths);
  bool is_blank(std::uint32_t begin, std::uint32_t end) const;

  const char* text_ = nullptr;
  CsvDialect dialect_;
  std::size_t num_columns_ = 0;
  std::size_t num_rows_ = 0;
  bool has_quotes_ = false;
  bool trimmed_ = false;
  const std::uint32_t* begins_ = nullptr;
  const std::uint32_t* ends_ = nullptr;
  std::vector<std::uint32_t> own_begins_, own_ends_, last_ends_, plain_begins_, plain_ends_;
};

// The value that a field with quotes stands for, written to `to`; returns its length, never more than the field's.
std::size_t unquote_csv_field(std::string_view field, char quote, char* to);

}  // namespace plait
