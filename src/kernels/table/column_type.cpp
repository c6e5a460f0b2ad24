#include <arrow/io/memory.h>
#include <arrow/ipc/dictionary.h>
#include <arrow/ipc/reader.h>
#include <arrow/ipc/writer.h>

#include <algorithm>
#include <array>
#include <map>
#include <ostream>

#include "base/text.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/column_metadata.h"

namespace plait {
namespace {

struct KindNames {
  TypeKind kind;
  const char* numpy;
  const char* nullable;
  const char* arrow;
};
constexpr std::array kKindNames = {
    KindNames{TypeKind::bool_, "bool", "boolean", "bool[pyarrow]"},
    KindNames{TypeKind::int8, "int8", "Int8", "int8[pyarrow]"},
    KindNames{TypeKind::int16, "int16", "Int16", "int16[pyarrow]"},
    KindNames{TypeKind::int32, "int32", "Int32", "int32[pyarrow]"},
    KindNames{TypeKind::int64, "int64", "Int64", "int64[pyarrow]"},
    KindNames{TypeKind::uint8, "uint8", "UInt8", "uint8[pyarrow]"},
    KindNames{TypeKind::uint16, "uint16", "UInt16", "uint16[pyarrow]"},
    KindNames{TypeKind::uint32, "uint32", "UInt32", "uint32[pyarrow]"},
    KindNames{TypeKind::uint64, "uint64", "UInt64", "uint64[pyarrow]"},
    KindNames{TypeKind::float32, "float32", "Float32", "float[pyarrow]"},
    KindNames{TypeKind::float64, "float64", "Float64", "double[pyarrow]"},
    KindNames{TypeKind::string, "str", "string", "string[pyarrow]"},
    KindNames{TypeKind::date, "object", "object", "date32[day][pyarrow]"},
};
constexpr std::array kUnitNames = {"s", "ms", "us", "ns"};

std::string_view unit_name(TimeUnit unit) { return kUnitNames[static_cast<std::size_t>(unit)]; }

arrow::TimeUnit::type arrow_unit(TimeUnit unit) { return static_cast<arrow::TimeUnit::type>(unit); }
TimeUnit unit_of(arrow::TimeUnit::type unit) { return static_cast<TimeUnit>(unit); }

TypeKind kind_of(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::BOOL:
      return TypeKind::bool_;
    case arrow::Type::INT8:
      return TypeKind::int8;
    case arrow::Type::INT16:
      return TypeKind::int16;
    case arrow::Type::INT32:
      return TypeKind::int32;
    case arrow::Type::INT64:
      return TypeKind::int64;
    case arrow::Type::UINT8:
      return TypeKind::uint8;
    case arrow::Type::UINT16:
      return TypeKind::uint16;
    case arrow::Type::UINT32:
      return TypeKind::uint32;
    case arrow::Type::UINT64:
      return TypeKind::uint64;
    case arrow::Type::FLOAT:
      return TypeKind::float32;
    case arrow::Type::DOUBLE:
      return TypeKind::float64;
    case arrow::Type::STRING:
    case arrow::Type::LARGE_STRING:
      return TypeKind::string;
    case arrow::Type::TIMESTAMP:
      return TypeKind::datetime;
    case arrow::Type::DURATION:
      return TypeKind::timedelta;
    case arrow::Type::DATE32:
      return TypeKind::date;
    case arrow::Type::DICTIONARY:
      return TypeKind::category;
    default:
      return TypeKind::other;
  }
}

// Types without a kind of their own (lists, structs, decimals ...) as text, and back.
std::string record_of(const std::shared_ptr<arrow::DataType>& type) {
  return value_or_throw(arrow::ipc::SerializeSchema(*arrow::schema({arrow::field("", type)})), "type")->ToString();
}

std::shared_ptr<arrow::DataType> type_of_record(const std::string& record) {
  if (record.empty()) return arrow::null();
  arrow::io::BufferReader bytes(arrow::Buffer::FromString(record));
  arrow::ipc::DictionaryMemo dictionaries;
  return value_or_throw(arrow::ipc::ReadSchema(&bytes, &dictionaries), "type")->field(0)->type();
}

// "ns" or "ns, UTC" between the brackets of "datetime64[...]".
ColumnType parse_timed(TypeKind kind, std::string_view text, std::string_view whole) {
  ColumnType type{.kind = kind};
  const auto comma = text.find(',');
  const std::string_view unit = text.substr(0, comma);
  const auto found = std::find(kUnitNames.begin(), kUnitNames.end(), unit);
  if (found == kUnitNames.end()) {
    throw type_error("unknown unit '" + std::string(unit) + "' in '" + std::string(whole) +
                     "'; expected s, ms, us or ns");
  }
  type.unit = static_cast<TimeUnit>(found - kUnitNames.begin());
  if (comma != std::string_view::npos) {
    const auto zone = text.find_first_not_of(' ', comma + 1);
    type.timezone = zone == std::string_view::npos ? "" : std::string(text.substr(zone));
  }
  return type;
}

const std::map<std::string_view, ColumnType>& types_by_name() {
  static const auto* types = [] {
    auto* made = new std::map<std::string_view, ColumnType>;
    for (const KindNames& names : kKindNames) {
      if (names.kind != TypeKind::date) {
        made->emplace(names.numpy, ColumnType{.kind = names.kind});
        made->emplace(names.nullable, ColumnType{.kind = names.kind, .family = TypeFamily::nullable});
      }
      made->emplace(names.arrow, ColumnType{.kind = names.kind, .family = TypeFamily::arrow});
    }
    made->emplace("int", ColumnType{.kind = TypeKind::int64});
    made->emplace("float", ColumnType{.kind = TypeKind::float64});
    made->emplace("object", ColumnType{.kind = TypeKind::string});
    made->emplace("O", ColumnType{.kind = TypeKind::string});
    made->emplace("category", ColumnType{.kind = TypeKind::category});
    made->emplace("datetime64", ColumnType{.kind = TypeKind::datetime, .unit = TimeUnit::ns});
    made->emplace("timedelta64", ColumnType{.kind = TypeKind::timedelta, .unit = TimeUnit::ns});
    return made;
  }();
  return *types;
}

}  // namespace

std::string name(const ColumnType& type) {
  if (type.family == TypeFamily::object) return "object";
  const bool is_arrow = type.family == TypeFamily::arrow;
  const std::string unit(unit_name(type.unit));
  switch (type.kind) {
    case TypeKind::datetime: {
      const std::string zone = type.timezone.empty() ? "" : ", " + type.timezone;
      if (is_arrow) return "timestamp[" + unit + (zone.empty() ? "" : ", tz=" + type.timezone) + "][pyarrow]";
      return "datetime64[" + unit + zone + "]";
    }
    case TypeKind::timedelta:
      return is_arrow ? "duration[" + unit + "][pyarrow]" : "timedelta64[" + unit + "]";
    case TypeKind::category:
      return "category";
    case TypeKind::other:
      return is_arrow ? type.arrow_type + "[pyarrow]" : "object";
    default:
      break;
  }
  const KindNames& names =
      *std::find_if(kKindNames.begin(), kKindNames.end(), [&](const KindNames& n) { return n.kind == type.kind; });
  return is_arrow ? names.arrow : type.family == TypeFamily::nullable ? names.nullable : names.numpy;
}

ColumnType parse_column_type(std::string_view text) {
  const auto& known = types_by_name();
  if (const auto found = known.find(text); found != known.end()) return found->second;
  const auto between = [&](std::string_view start) -> std::optional<std::string_view> {
    if (!text.starts_with(start) || !text.ends_with("]")) return std::nullopt;
    return text.substr(start.size(), text.size() - start.size() - 1);
  };
  for (std::string_view start : {"datetime64[", "<M8[", "M8["}) {
    if (const auto inner = between(start)) return parse_timed(TypeKind::datetime, *inner, text);
  }
  for (std::string_view start : {"timedelta64[", "<m8[", "m8["}) {
    if (const auto inner = between(start)) return parse_timed(TypeKind::timedelta, *inner, text);
  }
  try {
    return column_type(parse_dtype(text));
  } catch (const Error&) {
    std::vector<std::string> names;
    for (const auto& [name, type] : known) names.emplace_back(name);
    throw type_error("unknown column type '" + std::string(text) + "'" + did_you_mean(text, names) +
                     "; expected a pandas dtype such as int64, float64, str, bool, category or datetime64[ns]");
  }
}

bool is_column_type(std::string_view text) {
  try {
    parse_column_type(text);
    return true;
  } catch (const Error&) {
    return false;
  }
}

std::ostream& operator<<(std::ostream& out, const ColumnType& type) { return out << name(type); }

DType numpy_dtype(const ColumnType& type) {
  switch (type.kind) {
    case TypeKind::bool_:
      return DType::bool_;
    case TypeKind::int8:
      return DType::int8;
    case TypeKind::int16:
      return DType::int16;
    case TypeKind::int32:
      return DType::int32;
    case TypeKind::int64:
      return DType::int64;
    case TypeKind::uint8:
      return DType::uint8;
    case TypeKind::uint16:
      return DType::uint16;
    case TypeKind::uint32:
      return DType::uint32;
    case TypeKind::uint64:
      return DType::uint64;
    case TypeKind::float32:
      return DType::float32;
    case TypeKind::float64:
      return DType::float64;
    case TypeKind::datetime:
    case TypeKind::timedelta:
      return DType::int64;
    default:
      break;
  }
  throw type_error("a column of type " + name(type) + " has no NumPy dtype; expected numbers, bools or datetimes");
}

ColumnType column_type(DType dtype) {
  switch (dtype) {
    case DType::bool_:
      return {.kind = TypeKind::bool_};
    case DType::int8:
      return {.kind = TypeKind::int8};
    case DType::int16:
      return {.kind = TypeKind::int16};
    case DType::int32:
      return {.kind = TypeKind::int32};
    case DType::int64:
      return {.kind = TypeKind::int64};
    case DType::uint8:
      return {.kind = TypeKind::uint8};
    case DType::uint16:
      return {.kind = TypeKind::uint16};
    case DType::uint32:
      return {.kind = TypeKind::uint32};
    case DType::uint64:
      return {.kind = TypeKind::uint64};
    case DType::float16:
    case DType::float32:
      return {.kind = TypeKind::float32};
    case DType::float64:
      return {.kind = TypeKind::float64};
    default:
      break;
  }
  throw type_error("columns of dtype " + std::string(name(dtype)) + " are not supported; convert to a real type first");
}

ColumnType column_type_of(const arrow::Field& field) {
  const arrow::DataType& type = *field.type();
  ColumnType out{.kind = kind_of(type), .family = family_of(field)};
  if (type.id() == arrow::Type::TIMESTAMP) {
    const auto& timestamp = static_cast<const arrow::TimestampType&>(type);
    out.unit = unit_of(timestamp.unit());
    out.timezone = timestamp.timezone();
  } else if (type.id() == arrow::Type::DURATION) {
    out.unit = unit_of(static_cast<const arrow::DurationType&>(type).unit());
  } else if (type.id() == arrow::Type::DICTIONARY) {
    const auto& dictionary = static_cast<const arrow::DictionaryType&>(type);
    if (is_encoded_text(field)) {
      out.kind = TypeKind::string;
    } else {
      out.categories = kind_of(*dictionary.value_type());
      out.ordered = dictionary.ordered();
    }
  } else if (out.kind == TypeKind::other) {
    out.arrow_type = type.ToString();
    if (type.id() != arrow::Type::NA) out.arrow_record = record_of(field.type());
  }
  return out;
}

std::shared_ptr<arrow::DataType> arrow_type_of(const ColumnType& type) {
  switch (type.kind) {
    case TypeKind::bool_:
      return arrow::boolean();
    case TypeKind::int8:
      return arrow::int8();
    case TypeKind::int16:
      return arrow::int16();
    case TypeKind::int32:
      return arrow::int32();
    case TypeKind::int64:
      return arrow::int64();
    case TypeKind::uint8:
      return arrow::uint8();
    case TypeKind::uint16:
      return arrow::uint16();
    case TypeKind::uint32:
      return arrow::uint32();
    case TypeKind::uint64:
      return arrow::uint64();
    case TypeKind::float32:
      return arrow::float32();
    case TypeKind::float64:
      return arrow::float64();
    case TypeKind::string:
      return arrow::utf8();
    case TypeKind::datetime:
      return arrow::timestamp(arrow_unit(type.unit), type.timezone);
    case TypeKind::timedelta:
      return arrow::duration(arrow_unit(type.unit));
    case TypeKind::date:
      return arrow::date32();
    case TypeKind::category:
      return arrow::dictionary(arrow::int32(), arrow_type_of(ColumnType{.kind = type.categories, .unit = type.unit}),
                               type.ordered);
    case TypeKind::other:
      break;
  }
  return type_of_record(type.arrow_record);
}

std::shared_ptr<arrow::Field> arrow_field_of(const Field& field) {
  return with_family(arrow::field(field.name, arrow_type_of(field.type)), field.type.family);
}

std::shared_ptr<arrow::Schema> arrow_schema_of(const Schema& schema) {
  arrow::FieldVector fields;
  for (const Field& field : schema.columns) fields.push_back(arrow_field_of(field));
  return arrow::schema(std::move(fields));
}

}  // namespace plait
