#include "kernels/formats/csv_writer.h"

#include <arrow/array.h>
#include <arrow/array/concatenate.h>
#include <arrow/chunked_array.h>
#include <arrow/compute/cast.h>
#include <arrow/compute/initialize.h>
#include <arrow/table.h>
#include <arrow/type_traits.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "base/whole_file.h"
#include "kernels/formats/csv_cell.h"
#include "plait/error.h"

namespace plait {
namespace {

// Appends the cell of one row, which is not missing.
using CellWriter = std::function<void(std::string&, std::int64_t)>;

struct CellColumn {
  std::shared_ptr<arrow::Array> values;
  CellWriter write;

  bool is_missing(std::int64_t row) const {
    if (values->IsNull(row)) return true;
    if (values->type_id() != arrow::Type::DOUBLE && values->type_id() != arrow::Type::FLOAT) return false;
    return values->type_id() == arrow::Type::DOUBLE
               ? std::isnan(static_cast<const arrow::DoubleArray&>(*values).Value(row))
               : std::isnan(static_cast<const arrow::FloatArray&>(*values).Value(row));
  }
};

std::int64_t units_per_second(arrow::TimeUnit::type unit) {
  static constexpr std::int64_t units[] = {1, 1000, 1000000, 1000000000};
  return units[static_cast<int>(unit)];
}

// As few digits as all values of the chunk need; dates alone when all are at midnight.
template <class Array>
DateStyle date_style(const Array& values, std::int64_t units, bool has_zone) {
  DateStyle style = DateStyle::days;
  for (std::int64_t row = 0; row < values.length(); ++row) {
    if (values.IsNull(row)) continue;
    const std::int64_t value = values.Value(row), fraction = ((value % units) + units) % units * (1000000000 / units);
    const DateStyle needed = fraction % 1000 != 0           ? DateStyle::nanoseconds
                             : fraction % 1000000 != 0      ? DateStyle::microseconds
                             : fraction != 0                ? DateStyle::milliseconds
                             : value % (86400 * units) != 0 ? DateStyle::seconds
                                                            : DateStyle::days;
    style = std::max(style, needed);
  }
  return has_zone ? std::max(style, DateStyle::seconds) : style;
}

// The offset of "UTC" or "+05:30"; other zones need a time zone database.
std::int64_t fixed_offset(const std::string& zone) {
  if (zone == "UTC" || zone == "Etc/UTC") return 0;
  if (zone.size() == 6 && (zone[0] == '+' || zone[0] == '-') && zone[3] == ':') {
    const std::int64_t seconds = std::stoi(zone.substr(1, 2)) * 3600 + std::stoi(zone.substr(4, 2)) * 60;
    return zone[0] == '-' ? -seconds : seconds;
  }
  throw not_implemented("to_csv: datetimes of the time zone '" + zone + "' have no native writer");
}

template <class Array>
CellWriter number_writer(const Array& values) {
  using T = typename Array::value_type;
  return [&values](std::string& text, std::int64_t row) {
    if constexpr (std::is_floating_point_v<T>) {
      append_float(text, values.Value(row));
    } else if constexpr (std::is_signed_v<T>) {
      append_integer(text, std::int64_t{values.Value(row)});
    } else {
      append_integer(text, std::uint64_t{values.Value(row)});
    }
  };
}

template <class Array>
CellWriter text_writer(const Array& values, char sep, char quote) {
  return [&values, sep, quote](std::string& text, std::int64_t row) {
    append_csv_text(text, values.GetView(row), sep, quote);
  };
}

CellWriter datetime_writer(const arrow::TimestampArray& values) {
  const auto& type = static_cast<const arrow::TimestampType&>(*values.type());
  const std::int64_t units = units_per_second(type.unit());
  const bool has_zone = !type.timezone().empty();
  const std::int64_t offset = has_zone ? fixed_offset(type.timezone()) : 0;
  const DateStyle style = date_style(values, units, has_zone);
  return [&values, units, has_zone, offset, style](std::string& text, std::int64_t row) {
    append_datetime(text, values.Value(row) + offset * units, units, style);
    if (has_zone) append_utc_offset(text, offset);
  };
}

CellWriter timedelta_writer(const arrow::DurationArray& values) {
  const std::int64_t units = units_per_second(static_cast<const arrow::DurationType&>(*values.type()).unit());
  DateStyle style = date_style(values, units, false);
  if (style == DateStyle::milliseconds) style = DateStyle::microseconds;
  return [&values, units, style](std::string& text, std::int64_t row) {
    append_timedelta(text, values.Value(row), units, style);
  };
}

CellWriter cell_writer(const arrow::Array& values, const CsvWriteOptions& options) {
  const char sep = options.sep[0], quote = options.quotechar[0];
  switch (values.type_id()) {
    case arrow::Type::INT8:
      return number_writer(static_cast<const arrow::Int8Array&>(values));
    case arrow::Type::INT16:
      return number_writer(static_cast<const arrow::Int16Array&>(values));
    case arrow::Type::INT32:
      return number_writer(static_cast<const arrow::Int32Array&>(values));
    case arrow::Type::INT64:
      return number_writer(static_cast<const arrow::Int64Array&>(values));
    case arrow::Type::UINT8:
      return number_writer(static_cast<const arrow::UInt8Array&>(values));
    case arrow::Type::UINT16:
      return number_writer(static_cast<const arrow::UInt16Array&>(values));
    case arrow::Type::UINT32:
      return number_writer(static_cast<const arrow::UInt32Array&>(values));
    case arrow::Type::UINT64:
      return number_writer(static_cast<const arrow::UInt64Array&>(values));
    case arrow::Type::FLOAT:
      return number_writer(static_cast<const arrow::FloatArray&>(values));
    case arrow::Type::DOUBLE:
      return number_writer(static_cast<const arrow::DoubleArray&>(values));
    case arrow::Type::STRING:
      return text_writer(static_cast<const arrow::StringArray&>(values), sep, quote);
    case arrow::Type::LARGE_STRING:
      return text_writer(static_cast<const arrow::LargeStringArray&>(values), sep, quote);
    case arrow::Type::TIMESTAMP:
      return datetime_writer(static_cast<const arrow::TimestampArray&>(values));
    case arrow::Type::DURATION:
      return timedelta_writer(static_cast<const arrow::DurationArray&>(values));
    case arrow::Type::NA:
      return [](std::string&, std::int64_t) {};
    case arrow::Type::BOOL:
      return [&values](std::string& text, std::int64_t row) {
        text += static_cast<const arrow::BooleanArray&>(values).Value(row) ? "True" : "False";
      };
    case arrow::Type::DATE32:
      return [&values](std::string& text, std::int64_t row) {
        append_datetime(text, std::int64_t{static_cast<const arrow::Date32Array&>(values).Value(row)} * 86400, 1,
                        DateStyle::days);
      };
    default:
      throw not_implemented("to_csv: columns of the Arrow type " + values.type()->ToString() +
                            " have no native writer");
  }
}

std::shared_ptr<arrow::Array> decoded(std::shared_ptr<arrow::Array> values) {
  if (values->type_id() != arrow::Type::DICTIONARY) return values;
  static const bool ready = arrow::compute::Initialize().ok();
  auto plain = arrow::compute::Cast(*values, static_cast<const arrow::DictionaryType&>(*values->type()).value_type());
  if (!ready || !plain.ok()) throw not_implemented("to_csv: cannot decode a dictionary: " + plain.status().message());
  return *plain;
}

class CsvTextWriter {
 public:
  CsvTextWriter(const arrow::Table& table, const CsvWriteOptions& options) : table_(table), options_(options) {
    if (options.sep.size() != 1 || options.quotechar.size() != 1) {
      throw not_implemented("to_csv: sep and quotechar have to be one ASCII character for the native writer");
    }
    const auto& index = options.file_index.columns;
    for (const std::string& name : index) order_.push_back(position_of(name));
    const std::size_t num_index = order_.size();
    for (int i = 0; i < table.num_columns(); ++i) {
      const auto& name = table.schema()->field(i)->name();
      if (std::find(index.begin(), index.end(), name) == index.end()) order_.push_back(i);
    }
    num_data_columns_ = order_.size() - num_index;
    if (!options.index) order_.erase(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(num_index));
    writes_range_ = options.index && index.empty();
  }

  // Hands over the text piece by piece.
  template <class Sink>
  void write(Sink&& sink) const {
    std::string text;
    if (options_.header) append_header(text);
    const auto chunk_rows =
        static_cast<std::int64_t>(std::max<std::size_t>(100000 / std::max<std::size_t>(num_data_columns_, 1), 1));
    for (std::int64_t first = 0; first < table_.num_rows(); first += chunk_rows) {
      append_rows(text, first, std::min(chunk_rows, table_.num_rows() - first));
      sink(text);
      text.clear();
    }
    sink(text);
  }

 private:
  int position_of(const std::string& name) const {
    const int position = table_.schema()->GetFieldIndex(name);
    if (position < 0) throw key_error("to_csv: there is no index column '" + name + "' in the table");
    return position;
  }

  void append_header(std::string& text) const {
    std::vector<std::string> names;
    if (writes_range_) names.push_back(options_.file_index.range_name);
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const bool named = options_.index && i < options_.file_index.names.size();
      names.push_back(named ? options_.file_index.names[i] : table_.schema()->field(order_[i])->name());
    }
    const std::size_t start = text.size();
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (i != 0) text += options_.sep;
      append_csv_text(text, names[i], options_.sep[0], options_.quotechar[0]);
    }
    end_line(text, start);
  }

  // A line of one empty field would be taken for a blank one.
  void end_line(std::string& text, std::size_t start) const {
    if (text.size() == start && order_.size() + writes_range_ > 0) text += options_.quotechar + options_.quotechar;
    text += options_.lineterminator;
  }

  CellColumn column(int position, std::int64_t first, std::int64_t num_rows) const {
    const auto slice = table_.column(position)->Slice(first, num_rows);
    auto array = slice->num_chunks() == 1 ? slice->chunk(0) : nullptr;
    if (!array) {
      auto joined = arrow::Concatenate(slice->chunks());
      if (!joined.ok()) throw Error(ErrorKind::runtime, "to_csv: " + joined.status().message());
      array = *joined;
    }
    array = decoded(array);
    return {array, cell_writer(*array, options_)};
  }

  void append_rows(std::string& text, std::int64_t first, std::int64_t num_rows) const {
    std::vector<CellColumn> columns;
    for (const int position : order_) columns.push_back(column(position, first, num_rows));
    const char quote = options_.quotechar[0];
    for (std::int64_t row = 0; row < num_rows; ++row) {
      const std::size_t start = text.size();
      if (writes_range_) append_integer(text, options_.file_index.start + (first + row) * options_.file_index.step);
      for (std::size_t i = 0; i < columns.size(); ++i) {
        if (i != 0 || writes_range_) text += options_.sep;
        if (columns[i].is_missing(row)) {
          append_csv_text(text, options_.na_rep, options_.sep[0], quote);
        } else {
          columns[i].write(text, row);
        }
      }
      end_line(text, start);
    }
  }

  const arrow::Table& table_;
  const CsvWriteOptions& options_;
  std::vector<int> order_;  // index columns first
  std::size_t num_data_columns_ = 0;
  bool writes_range_ = false;
};

}  // namespace

void write_csv(const arrow::Table& table, const NewFile& file, const CsvWriteOptions& options) {
  const CsvTextWriter writer(table, options);
  WholeFile whole(file, "to_csv");
  writer.write([&](const std::string& text) { whole.write(text.data(), text.size()); });
  whole.commit();
}

std::string csv_text(const arrow::Table& table, const CsvWriteOptions& options) {
  std::string whole;
  CsvTextWriter(table, options).write([&](const std::string& text) { whole += text; });
  return whole;
}

}  // namespace plait
