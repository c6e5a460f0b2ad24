// The column builders behind csv_column.h; included by their .cpp files only.
#pragma once

#include <arrow/array.h>
#include <arrow/type.h>

#include "kernels/formats/csv_column.h"
#include "kernels/formats/csv_missing.h"
#include "kernels/formats/growing_buffer.h"

namespace plait {

std::unique_ptr<CsvColumnBuilder> make_csv_number_builder(const CsvColumn& column, const MissingTexts& missing);
std::unique_ptr<CsvColumnBuilder> make_csv_boolean_builder(const CsvColumn& column, const MissingTexts& missing);
std::unique_ptr<CsvColumnBuilder> make_csv_timestamp_builder(const CsvColumn& column, const MissingTexts& missing);
std::unique_ptr<CsvColumnBuilder> make_csv_string_builder(const CsvColumn& column, const MissingTexts& missing,
                                                          const CsvBatchTraits& traits);

[[noreturn]] inline void bad_csv_value(std::size_t row, std::uint32_t kinds, const char* reason = "") {
  throw BadCsvValue{static_cast<std::uint32_t>(row), CsvEvidence{.kinds = kinds}, reason};
}

inline std::shared_ptr<arrow::Array> make_csv_array(const CsvColumn& column, std::size_t num_rows,
                                                    std::int64_t num_nulls,
                                                    std::vector<std::shared_ptr<arrow::Buffer>> buffers) {
  return arrow::MakeArray(arrow::ArrayData::Make(csv_arrow_type(column), static_cast<std::int64_t>(num_rows),
                                                 std::move(buffers), num_nulls));
}

}  // namespace plait
