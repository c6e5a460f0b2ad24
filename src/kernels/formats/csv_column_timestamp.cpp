// Columns of dates and times.
#include "kernels/formats/csv_column_impl.h"
#include "kernels/formats/csv_date.h"

namespace plait {
namespace {

class TimestampBuilder final : public CsvColumnBuilder {
 public:
  TimestampBuilder(const CsvColumn& column, const MissingTexts& missing)
      : column_(column),
        missing_(missing),
        format_(column.evidence.date_format),
        nanoseconds_((column.evidence.kinds & CsvEvidence::nanoseconds) != 0) {}

  void reserve(std::size_t num_rows) override { values_.reserve(num_rows); }

  void append(CsvFields fields) override {
    std::int64_t* out = values_.reserve(fields.num_rows);
    const bool fixed = format_.has_fixed_layout() && !nanoseconds_;
    FixedDate last;
    for (std::size_t row = 0; row < fields.num_rows; ++row) {
      const std::string_view text = fields[row];
      if (fixed && format_.parse_fixed(text.data(), text.size(), last)) [[likely]] {
        out[row] = last.microseconds;
      } else {
        out[row] = parse_odd(text, row);
      }
    }
    values_.advance(fields.num_rows);
    validity_.append_valid(fields.num_rows);
  }

  std::shared_ptr<arrow::Array> finish() override {
    const std::size_t num_rows = values_.size();
    const std::int64_t num_nulls = validity_.num_nulls();
    return make_csv_array(column_, num_rows, num_nulls, {validity_.finish(), values_.finish()});
  }

 private:
  std::int64_t parse_odd(std::string_view text, std::size_t row) {
    if (missing_.contains(text)) {
      validity_.mark_null(row);
      return 0;
    }
    const auto date = format_.parse(text);
    if (!date || zone_name(date->zone) != column_.evidence.zone) throw not_a_date(text, row);
    const bool needs_nanoseconds = date->num_fraction_digits > 6;
    if (needs_nanoseconds && !nanoseconds_) bad_csv_value(row, CsvEvidence::date | CsvEvidence::nanoseconds);
    const std::int64_t units = nanoseconds_ ? 1000000000 : 1000000;
    std::int64_t value;
    if (__builtin_mul_overflow(date->seconds, units, &value)) throw not_a_date(text, row);
    return value + (nanoseconds_ ? date->nanoseconds : date->nanoseconds / 1000);
  }

  // The first value of a column without a format gives the format; any other leaves the column text.
  BadCsvValue not_a_date(std::string_view text, std::size_t row) const {
    BadCsvValue bad{static_cast<std::uint32_t>(row), CsvEvidence{.kinds = CsvEvidence::text}};
    if (!column_.evidence.date_format.empty()) return bad;
    const std::string format = guess_date_format(text);
    if (const auto date = format.empty() ? std::nullopt : DateFormat(format).parse(text)) {
      bad.evidence = CsvEvidence{CsvEvidence::date, format, zone_name(date->zone)};
    }
    return bad;
  }

  CsvColumn column_;
  MissingTexts missing_;
  DateFormat format_;
  bool nanoseconds_;
  GrowingBuffer<std::int64_t> values_;
  ValidityBits validity_;
};

}  // namespace

std::unique_ptr<CsvColumnBuilder> make_csv_timestamp_builder(const CsvColumn& column, const MissingTexts& missing) {
  return std::make_unique<TimestampBuilder>(column, missing);
}

}  // namespace plait
