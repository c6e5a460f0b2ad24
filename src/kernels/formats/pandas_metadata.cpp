// The schema metadata that pandas leaves in Parquet files: the index and each column's dtype.
#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>
#include <fmt/format.h>

#include <algorithm>

#include "kernels/formats/parquet_writer.h"

namespace plait {
namespace {

std::string json_text(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      quoted += fmt::format("\\u{:04x}", static_cast<int>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string json_name(const std::string& name) { return name.empty() ? "null" : json_text(name); }

// What kernels/table/column_metadata.h notes of a field: "object", "nullable", "arrow" or nothing.
std::string family_of(const arrow::Field& field) {
  return field.HasMetadata() ? field.metadata()->Get("plait.family").ValueOr("") : "";
}

struct PandasType {
  std::string pandas_type;
  std::string numpy_type;
  std::string metadata = "null";
};

std::string unit_name(arrow::TimeUnit::type unit) {
  static constexpr const char* names[] = {"s", "ms", "us", "ns"};
  return names[static_cast<int>(unit)];
}

PandasType datetime_type(const arrow::TimestampType& type) {
  const std::string unit = unit_name(type.unit());
  if (type.timezone().empty()) return {"datetime", "datetime64[" + unit + "]"};
  return {"datetimetz", "datetime64[" + unit + "]", fmt::format("{{\"timezone\": {}}}", json_text(type.timezone()))};
}

std::string arrow_name(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::FLOAT:
      return "float32";
    case arrow::Type::DOUBLE:
      return "float64";
    default:
      return type.ToString();
  }
}

// "Int64" for int64, "UInt8" for uint8, "Float64", "boolean".
std::string nullable_name(std::string name) {
  if (name == "bool") return "boolean";
  name[0] = static_cast<char>(name[0] - 32);
  if (name[0] == 'U') name[1] = 'I';
  return name;
}

PandasType pandas_type(const arrow::Field& field) {
  const arrow::DataType& type = *field.type();
  const std::string family = family_of(field);
  switch (type.id()) {
    case arrow::Type::STRING:
    case arrow::Type::LARGE_STRING:
      return {"unicode", family.empty() ? "str" : family == "object" ? "object" : "string"};
    case arrow::Type::TIMESTAMP:
      return datetime_type(static_cast<const arrow::TimestampType&>(type));
    case arrow::Type::DURATION: {
      const auto unit = unit_name(static_cast<const arrow::DurationType&>(type).unit());
      return {"timedelta", "timedelta64[" + unit + "]"};
    }
    case arrow::Type::DICTIONARY: {
      const auto& dictionary = static_cast<const arrow::DictionaryType&>(type);
      return {"categorical", dictionary.index_type()->ToString(),
              fmt::format("{{\"num_categories\": null, \"ordered\": {}}}", dictionary.ordered())};
    }
    case arrow::Type::DATE32:
      return {"date", "object"};
    default:
      break;
  }
  const std::string name = arrow_name(type);
  if (family == "object") return {name, "object"};
  return {name, family == "nullable" ? nullable_name(name) : name};
}

std::string column_json(const arrow::Field& field, const std::string& name) {
  const PandasType type = pandas_type(field);
  return fmt::format(R"({{"name": {}, "field_name": {}, "pandas_type": {}, "numpy_type": {}, "metadata": {}}})", name,
                     json_text(field.name()), json_text(type.pandas_type), json_text(type.numpy_type), type.metadata);
}

}  // namespace

std::string pandas_metadata(const arrow::Schema& schema, const FileIndex& index, std::int64_t num_rows) {
  std::vector<std::string> index_columns, columns;
  if (index.columns.empty()) {
    index_columns.push_back(fmt::format(R"({{"kind": "range", "name": {}, "start": {}, "stop": {}, "step": {}}})",
                                        json_name(index.range_name), index.start, index.start + num_rows * index.step,
                                        index.step));
  }
  for (const std::string& name : index.columns) index_columns.push_back(json_text(name));
  for (const auto& field : schema.fields()) {
    const auto level = std::find(index.columns.begin(), index.columns.end(), field->name()) - index.columns.begin();
    const bool is_index = level < static_cast<std::ptrdiff_t>(index.columns.size());
    const bool renamed = is_index && level < static_cast<std::ptrdiff_t>(index.names.size());
    columns.push_back(column_json(
        *field, renamed ? json_name(index.names[static_cast<std::size_t>(level)]) : json_text(field->name())));
  }
  return fmt::format(
      R"({{"index_columns": [{}], "column_indexes": [{{"name": null, "field_name": null, "pandas_type": "unicode", )"
      R"("numpy_type": "str", "metadata": {{"encoding": "UTF-8"}}}}], "columns": [{}], "attributes": {{}}, )"
      R"("creator": {{"library": "plait", "version": "0.1.0"}}, "pandas_version": "3.1.1"}})",
      fmt::join(index_columns, ", "), fmt::join(columns, ", "));
}

}  // namespace plait
