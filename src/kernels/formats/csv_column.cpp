#include "kernels/formats/csv_column.h"

#include "kernels/formats/csv_column_impl.h"
#include "kernels/formats/csv_number.h"

namespace plait {

std::shared_ptr<arrow::DataType> csv_arrow_type(const CsvColumn& column) {
  switch (column.type) {
    case CsvType::int64:
      return arrow::int64();
    case CsvType::int32:
      return arrow::int32();
    case CsvType::int16:
      return arrow::int16();
    case CsvType::int8:
      return arrow::int8();
    case CsvType::uint64:
      return arrow::uint64();
    case CsvType::uint32:
      return arrow::uint32();
    case CsvType::uint16:
      return arrow::uint16();
    case CsvType::uint8:
      return arrow::uint8();
    case CsvType::float64:
      return arrow::float64();
    case CsvType::float32:
      return arrow::float32();
    case CsvType::boolean:
    case CsvType::object_boolean:
      return arrow::boolean();
    case CsvType::category:
      return arrow::dictionary(arrow::int32(), arrow::large_utf8());
    case CsvType::string:
    case CsvType::object:
      return column.dictionary ? arrow::dictionary(arrow::int32(), arrow::large_utf8()) : arrow::large_utf8();
    case CsvType::timestamp:
      break;
  }
  // pandas 3 reads dates as microseconds unless a value needs nanoseconds, and nothing but missing values as seconds.
  if (column.evidence.kinds == CsvEvidence::missing) return arrow::timestamp(arrow::TimeUnit::SECOND);
  const bool nanoseconds = (column.evidence.kinds & CsvEvidence::nanoseconds) != 0;
  return arrow::timestamp(nanoseconds ? arrow::TimeUnit::NANO : arrow::TimeUnit::MICRO, column.evidence.zone);
}

std::unique_ptr<CsvColumnBuilder> make_csv_column_builder(const CsvColumn& column, const MissingTextsOfColumns& texts,
                                                          const CsvBatchTraits& traits) {
  const MissingTexts missing = texts.of(column.name, column.type == CsvType::timestamp);
  switch (column.type) {
    case CsvType::boolean:
    case CsvType::object_boolean:
      return make_csv_boolean_builder(column, missing);
    case CsvType::timestamp:
      return make_csv_timestamp_builder(column, missing);
    case CsvType::string:
    case CsvType::object:
    case CsvType::category:
      return make_csv_string_builder(column, missing, traits);
    default:
      return make_csv_number_builder(column, missing);
  }
}

std::uint32_t classify_csv_value(std::string_view text) {
  const CsvInteger integer = parse_csv_integer(text);
  if (integer.is_integer) {
    std::uint32_t kinds = CsvEvidence::integer;
    if (integer.negative && integer.magnitude != 0) kinds |= CsvEvidence::negative;
    if (!integer.fits_int64()) kinds |= integer.fits_uint64() ? CsvEvidence::beyond_int64 : CsvEvidence::beyond_uint64;
    return kinds;
  }
  if (parse_csv_float(text)) return CsvEvidence::real;
  return parse_csv_bool(text) ? CsvEvidence::truth : CsvEvidence::text;
}

}  // namespace plait
