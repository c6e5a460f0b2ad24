#include "kernels/formats/csv_schema.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace plait {
namespace {

using Kind = CsvEvidence::Kind;

// pandas' rules: integers that do not fit int64 become uint64 unless one is negative or missing; missing values make
// integers float64 and booleans objects; what mixes otherwise stays text.
CsvType type_from(const CsvEvidence& evidence, bool parse_date) {
  const std::uint32_t kinds = evidence.kinds;
  const auto has = [&](std::uint32_t any) { return (kinds & any) != 0; };
  if (kinds == 0) return CsvType::object;
  if (parse_date) return has(Kind::text) ? CsvType::string : CsvType::timestamp;
  if (has(Kind::text | Kind::beyond_uint64)) return CsvType::string;
  if (has(Kind::truth)) {
    if (has(Kind::integer | Kind::real)) return CsvType::string;
    return has(Kind::missing) ? CsvType::object_boolean : CsvType::boolean;
  }
  if (has(Kind::real)) return CsvType::float64;
  if (has(Kind::beyond_int64)) return has(Kind::negative | Kind::missing) ? CsvType::string : CsvType::uint64;
  return has(Kind::missing) ? CsvType::float64 : CsvType::int64;
}

struct GivenType {
  CsvType type;
  bool nullable = false;
};

const std::map<std::string, GivenType>& given_types() {
  static const std::map<std::string, GivenType> types = {{"int64", {CsvType::int64}},
                                                         {"int32", {CsvType::int32}},
                                                         {"int16", {CsvType::int16}},
                                                         {"int8", {CsvType::int8}},
                                                         {"uint64", {CsvType::uint64}},
                                                         {"uint32", {CsvType::uint32}},
                                                         {"uint16", {CsvType::uint16}},
                                                         {"uint8", {CsvType::uint8}},
                                                         {"int", {CsvType::int64}},
                                                         {"float64", {CsvType::float64}},
                                                         {"float32", {CsvType::float32}},
                                                         {"float", {CsvType::float64}},
                                                         {"bool", {CsvType::boolean}},
                                                         {"str", {CsvType::string}},
                                                         {"string", {CsvType::string}},
                                                         {"object", {CsvType::string}},
                                                         {"category", {CsvType::category}},
                                                         {"Int64", {CsvType::int64, true}},
                                                         {"Int32", {CsvType::int32, true}},
                                                         {"Int16", {CsvType::int16, true}},
                                                         {"Int8", {CsvType::int8, true}},
                                                         {"UInt64", {CsvType::uint64, true}},
                                                         {"UInt32", {CsvType::uint32, true}},
                                                         {"UInt16", {CsvType::uint16, true}},
                                                         {"UInt8", {CsvType::uint8, true}},
                                                         {"boolean", {CsvType::boolean, true}},
                                                         {"Float64", {CsvType::float64, true}},
                                                         {"Float32", {CsvType::float32, true}}};
  return types;
}

void refresh_type(CsvColumn& column, bool assume_missing) {
  if (column.given) return;
  column.type = type_from(column.evidence, column.parse_date);
  if (assume_missing && column.type == CsvType::int64) column.type = CsvType::float64;
}

void add_evidence(CsvEvidence& to, const CsvEvidence& from) {
  // Blocks come in order, so the first format seen is the one pandas would have guessed. Two formats in one column
  // leave it text, as in pandas.
  if (to.date_format.empty()) {
    to.date_format = from.date_format;
    to.zone = from.zone;
  } else if (!from.date_format.empty() && (from.date_format != to.date_format || from.zone != to.zone)) {
    to.kinds |= Kind::text;
  }
  // A huge integer is a float where floats came before; where it comes first, pandas keeps the column as text.
  const bool floats_first = (to.kinds & Kind::real) != 0 && (to.kinds & Kind::beyond_uint64) == 0;
  to.kinds |= floats_first ? from.kinds & ~std::uint32_t{Kind::beyond_uint64} : from.kinds;
}

void require_known(const std::vector<std::string>& names, const std::string& name, const char* option) {
  if (std::find(names.begin(), names.end(), name) != names.end()) return;
  throw value_error("read_csv: " + std::string(option) + " names the column '" + name +
                    "', which the file does not have" + did_you_mean(name, names));
}

}  // namespace

void CsvSchema::merge(const CsvSchema& other) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    add_evidence(columns[i].evidence, other.columns[i].evidence);
    refresh_type(columns[i], assume_missing);
  }
}

void CsvSchema::widen(const std::string& column, const CsvEvidence& evidence) {
  CsvColumn& wider = columns[index_of(column)];
  add_evidence(wider.evidence, evidence);
  refresh_type(wider, assume_missing);
}

std::size_t CsvSchema::index_of(const std::string& name) const {
  // Columns are mostly asked for in their order: each search goes on behind the last one's place.
  thread_local std::size_t last = 0;
  for (std::size_t i = 1; i <= columns.size(); ++i) {
    const std::size_t at = (last + i) % columns.size();
    if (columns[at].name == name) return last = at;
  }
  std::vector<std::string> names;
  for (const CsvColumn& column : columns) names.push_back(column.name);
  throw key_error("read_csv: there is no column '" + name + "' in the file" + did_you_mean(name, names));
}

CsvSchema empty_csv_schema(const std::vector<std::string>& names, const CsvOptions& options) {
  for (const auto& entry : options.dtype) {
    if (!entry.first.empty()) require_known(names, entry.first, "dtype");
  }
  for (const std::string& name : options.parse_dates) require_known(names, name, "parse_dates");
  const std::set<std::string> dates(options.parse_dates.begin(), options.parse_dates.end());
  const std::set<std::string> dictionaries(options.dictionary.begin(), options.dictionary.end());
  CsvSchema schema;
  schema.assume_missing = options.assume_missing;
  for (const std::string& name : names) {
    CsvColumn column;
    column.name = name;
    column.parse_date = dates.contains(name);
    column.dictionary = dictionaries.contains(name);
    auto given = options.dtype.find(name);
    if (given == options.dtype.end()) given = options.dtype.find("");
    if (given != options.dtype.end() && !column.parse_date) {
      const auto type = given_types().find(given->second);
      if (type == given_types().end()) {
        throw type_error("read_csv: dtype '" + given->second + "' of column '" + name + "' has no native reader");
      }
      column.given = true;
      column.type = type->second.type;
      column.nullable = type->second.nullable;
    } else {
      refresh_type(column, false);
    }
    schema.columns.push_back(std::move(column));
  }
  return schema;
}

std::string to_string(CsvType type) {
  static const char* const names[] = {"int64",  "int32",  "int16",    "int8",      "uint64", "uint32",
                                      "uint16", "uint8",  "float64",  "float32",   "bool",   "object (bools)",
                                      "str",    "object", "category", "datetime64"};
  return names[static_cast<int>(type)];
}

template <>
const ValueType& value_type<SchemaWidening>() {
  static const ValueType type = detail_type<SchemaWidening>("csv_schema_widening");
  return type;
}

template <>
const ValueType& value_type<WrongCsvSplit>() {
  static const ValueType type = detail_type<WrongCsvSplit>("csv_wrong_split");
  return type;
}

DetailedError wrong_csv_split(const std::string& path) {
  return {ErrorKind::runtime,
          path + ": a block of this file starts or ends inside a quoted field; split it with exact_split",
          Value::of(WrongCsvSplit{path})};
}

void register_csv_details() {
  register_value_type(value_type<SchemaWidening>());
  register_value_type(value_type<WrongCsvSplit>());
}

}  // namespace plait
