// Columns of integers, floats and booleans.
#include <limits>

#include "kernels/formats/csv_column_impl.h"
#include "kernels/formats/csv_number.h"

namespace plait {
namespace {

class Int64Builder final : public CsvColumnBuilder {
 public:
  Int64Builder(const CsvColumn& column, const MissingTexts& missing) : column_(column), missing_(missing) {}

  void reserve(std::size_t num_rows) override { values_.reserve(num_rows); }

  void append(CsvFields fields) override {
    std::int64_t* out = values_.reserve(fields.num_rows);
    odd_rows_.clear();
    parse_int64_column(fields, out, odd_rows_);
    for (const std::uint32_t row : odd_rows_) out[row] = parse_odd(fields[row], row);
    values_.advance(fields.num_rows);
    validity_.append_valid(fields.num_rows);
  }

  std::shared_ptr<arrow::Array> finish() override {
    const std::size_t num_rows = values_.size();
    const std::int64_t num_nulls = validity_.num_nulls();
    return make_csv_array(column_, num_rows, num_nulls, {validity_.finish(), values_.finish()});
  }

 private:
  std::int64_t parse_odd(std::string_view text, std::uint32_t row) {
    if (missing_.contains(text)) {
      if (!column_.nullable) bad_csv_value(row, CsvEvidence::missing);
      validity_.mark_null(row);
      return 0;
    }
    const CsvInteger integer = parse_csv_integer(text);
    if (integer.fits_int64()) return integer.int64();
    // A given integer type also takes floats that are whole, as pandas does.
    if (const auto value = column_.given ? parse_csv_float(text) : std::nullopt) {
      if (*value >= -0x1p63 && *value < 0x1p63 && *value == static_cast<double>(static_cast<std::int64_t>(*value))) {
        return static_cast<std::int64_t>(*value);
      }
    }
    bad_csv_value(row, classify_csv_value(text));
  }

  CsvColumn column_;
  MissingTexts missing_;
  GrowingBuffer<std::int64_t> values_;
  ValidityBits validity_;
  std::vector<std::uint32_t> odd_rows_;
};

// The integer types that are rarely asked for.
template <class T>
class SmallIntegerBuilder final : public CsvColumnBuilder {
 public:
  SmallIntegerBuilder(const CsvColumn& column, const MissingTexts& missing) : column_(column), missing_(missing) {}

  void reserve(std::size_t num_rows) override { values_.reserve(num_rows); }

  void append(CsvFields fields) override {
    T* out = values_.reserve(fields.num_rows);
    for (std::size_t row = 0; row < fields.num_rows; ++row) out[row] = parse(fields[row], row);
    values_.advance(fields.num_rows);
    validity_.append_valid(fields.num_rows);
  }

  std::shared_ptr<arrow::Array> finish() override {
    const std::size_t num_rows = values_.size();
    const std::int64_t num_nulls = validity_.num_nulls();
    return make_csv_array(column_, num_rows, num_nulls, {validity_.finish(), values_.finish()});
  }

 private:
  T parse(std::string_view text, std::size_t row) {
    const CsvInteger integer = parse_csv_integer(text);
    if constexpr (std::is_same_v<T, std::uint64_t>) {
      if (integer.fits_uint64() && !missing_.contains(text)) return integer.magnitude;
    } else {
      const std::int64_t value = integer.fits_int64() ? integer.int64() : 0;
      const bool in_range =
          value >= std::int64_t{std::numeric_limits<T>::min()} && value <= std::int64_t{std::numeric_limits<T>::max()};
      if (integer.fits_int64() && in_range && !missing_.contains(text)) return static_cast<T>(value);
    }
    if (!missing_.contains(text)) bad_csv_value(row, classify_csv_value(text));
    if (!column_.nullable) bad_csv_value(row, CsvEvidence::missing);
    validity_.mark_null(row);
    return 0;
  }

  CsvColumn column_;
  MissingTexts missing_;
  GrowingBuffer<T> values_;
  ValidityBits validity_;
};

// float64 and float32: rounded to double first, as pandas does.
template <class T>
class FloatBuilder final : public CsvColumnBuilder {
 public:
  FloatBuilder(const CsvColumn& column, const MissingTexts& missing) : column_(column), missing_(missing) {}

  void reserve(std::size_t num_rows) override { values_.reserve(num_rows); }

  void append(CsvFields fields) override {
    T* out = values_.reserve(fields.num_rows);
    double* doubles;
    if constexpr (std::is_same_v<T, double>) {
      doubles = out;
    } else {
      scratch_.resize(fields.num_rows);
      doubles = scratch_.data();
    }
    odd_rows_.clear();
    parse_float64_column(fields, doubles, odd_rows_);
    for (const std::uint32_t row : odd_rows_) doubles[row] = parse_odd(fields[row], row);
    if (missing_.has_numbers()) drop_listed_numbers(doubles, fields.num_rows);
    if constexpr (!std::is_same_v<T, double>) {
      for (std::size_t row = 0; row < fields.num_rows; ++row) out[row] = static_cast<T>(doubles[row]);
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
  double missing_value(std::size_t row) {
    if (column_.nullable) validity_.mark_null(row);
    return std::numeric_limits<double>::quiet_NaN();
  }

  double parse_odd(std::string_view text, std::uint32_t row) {
    if (missing_.contains(text)) return missing_value(row);
    if (const auto value = parse_csv_float(text)) return *value;
    bad_csv_value(row, classify_csv_value(text));
  }

  void drop_listed_numbers(double* values, std::size_t num_rows) {
    for (std::size_t row = 0; row < num_rows; ++row) {
      if (missing_.contains_number(values[row])) values[row] = missing_value(row);
    }
  }

  CsvColumn column_;
  MissingTexts missing_;
  GrowingBuffer<T> values_;
  ValidityBits validity_;
  std::vector<std::uint32_t> odd_rows_;
  std::vector<double> scratch_;
};

class BooleanBuilder final : public CsvColumnBuilder {
 public:
  BooleanBuilder(const CsvColumn& column, const MissingTexts& missing) : column_(column), missing_(missing) {}

  void reserve(std::size_t num_rows) override { values_.reserve(num_rows); }

  void append(CsvFields fields) override {
    std::uint8_t* out = values_.reserve(fields.num_rows);
    for (std::size_t row = 0; row < fields.num_rows; ++row) out[row] = parse(fields[row], row);
    values_.advance(fields.num_rows);
    validity_.append_valid(fields.num_rows);
  }

  std::shared_ptr<arrow::Array> finish() override {
    const std::size_t num_rows = values_.size(), num_bytes = (num_rows + 7) / 8;
    GrowingBuffer<std::uint8_t> bits;
    std::memset(bits.reserve(num_bytes), 0, num_bytes);
    for (std::size_t row = 0; row < num_rows; ++row) {
      bits.data()[row / 8] |= static_cast<std::uint8_t>(values_.data()[row] << (row % 8));
    }
    bits.advance(num_bytes);
    values_ = {};
    const std::int64_t num_nulls = validity_.num_nulls();
    return make_csv_array(column_, num_rows, num_nulls, {validity_.finish(), bits.finish()});
  }

 private:
  std::uint8_t parse(std::string_view text, std::size_t row) {
    if (missing_.contains(text)) {
      if (column_.type == CsvType::boolean && !column_.nullable) bad_csv_value(row, CsvEvidence::missing);
      validity_.mark_null(row);
      return 0;
    }
    if (const auto value = parse_csv_bool(text)) return *value;
    if (column_.given) {
      const auto number = parse_csv_float(text);
      if (number == 0.0 || number == 1.0) return *number == 1.0;
    }
    bad_csv_value(row, classify_csv_value(text));
  }

  CsvColumn column_;
  MissingTexts missing_;
  GrowingBuffer<std::uint8_t> values_;
  ValidityBits validity_;
};

}  // namespace

std::unique_ptr<CsvColumnBuilder> make_csv_number_builder(const CsvColumn& column, const MissingTexts& missing) {
  switch (column.type) {
    case CsvType::int64:
      return std::make_unique<Int64Builder>(column, missing);
    case CsvType::int32:
      return std::make_unique<SmallIntegerBuilder<std::int32_t>>(column, missing);
    case CsvType::int16:
      return std::make_unique<SmallIntegerBuilder<std::int16_t>>(column, missing);
    case CsvType::int8:
      return std::make_unique<SmallIntegerBuilder<std::int8_t>>(column, missing);
    case CsvType::uint64:
      return std::make_unique<SmallIntegerBuilder<std::uint64_t>>(column, missing);
    case CsvType::uint32:
      return std::make_unique<SmallIntegerBuilder<std::uint32_t>>(column, missing);
    case CsvType::uint16:
      return std::make_unique<SmallIntegerBuilder<std::uint16_t>>(column, missing);
    case CsvType::uint8:
      return std::make_unique<SmallIntegerBuilder<std::uint8_t>>(column, missing);
    case CsvType::float32:
      return std::make_unique<FloatBuilder<float>>(column, missing);
    default:
      return std::make_unique<FloatBuilder<double>>(column, missing);
  }
}

std::unique_ptr<CsvColumnBuilder> make_csv_boolean_builder(const CsvColumn& column, const MissingTexts& missing) {
  return std::make_unique<BooleanBuilder>(column, missing);
}

}  // namespace plait
