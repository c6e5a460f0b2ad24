// Turns the text of one column into Arrow memory, one batch of rows after the other.
//
// Missing values are NaN in float columns and Arrow nulls elsewhere; strings are large_utf8 as pandas has them, columns
// with `dictionary` are int32 codes into a dictionary that grows with the batches.
#pragma once

#include <arrow/type_fwd.h>

#include <cstdint>
#include <memory>

#include "kernels/formats/csv_rows.h"
#include "kernels/formats/csv_schema.h"

namespace plait {

// A value that does not fit the column's type; the reader adds file and line.
struct BadCsvValue {
  std::uint32_t row = 0;
  CsvEvidence evidence;     // what the value is instead
  const char* reason = "";  // "" or what is wrong, for a message: "is not valid UTF-8"
};

class CsvColumnBuilder {
 public:
  virtual ~CsvColumnBuilder() = default;
  // Makes room for this many more rows in one piece.
  virtual void reserve(std::size_t num_rows) = 0;
  // Throws BadCsvValue. By value: what is written cannot alias a copy, so that loops keep it in registers.
  virtual void append(CsvFields fields) = 0;
  // Everything appended since the last call.
  virtual std::shared_ptr<arrow::Array> finish() = 0;
};

// What is known of the batch that is appended next.
struct CsvBatchTraits {
  bool has_non_ascii = false;  // then texts are checked to be UTF-8
};

class MissingTextsOfColumns;
std::unique_ptr<CsvColumnBuilder> make_csv_column_builder(const CsvColumn& column, const MissingTextsOfColumns& missing,
                                                          const CsvBatchTraits& traits);
std::shared_ptr<arrow::DataType> csv_arrow_type(const CsvColumn& column);

// What a value is by itself: the kinds of CsvEvidence, without dates.
std::uint32_t classify_csv_value(std::string_view text);

}  // namespace plait
