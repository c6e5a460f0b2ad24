// What a CSV file is told to be (CsvOptions), where its pieces are (CsvBlock) and which types its columns have
// (CsvSchema).
//
// All of it is plain data that can be encoded with base/records.h and sent to the process that parses a block.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/fault.h"

namespace plait {

// The options keep pandas' names and defaults.
struct CsvOptions {
  static constexpr std::int64_t kInferHeader = -2;  // line 0, or none when `names` are given
  static constexpr std::int64_t kNoHeader = -1;

  std::string sep = ",";
  std::string quotechar = "\"";
  std::string lineterminator;  // one character, or none for "\n", "\r\n" and "\r"
  std::int64_t header = kInferHeader;
  std::vector<std::string> names;
  std::int64_t skiprows = 0;
  std::map<std::string, std::string> dtype;  // the key "" holds for every column that has no entry of its own
  std::vector<std::string> parse_dates;
  std::vector<std::string> na_values;
  std::map<std::string, std::vector<std::string>> column_na_values;
  bool keep_default_na = true;
  bool assume_missing = false;          // inferred integers become float64, as in Dask
  bool fill_missing_fields = false;     // a row with too few fields gets missing values instead of an error
  bool drop_extra_fields = false;       // a row with too many loses the last ones
  std::vector<std::string> dictionary;  // string columns to deliver as int32 codes and a dictionary
  std::string compression = "infer";    // "gzip", "zstd", "bz2", "lz4", "none"; by the file's name when "infer"
  bool exact_split = false;             // read the whole file while splitting, see split_csv

  static constexpr auto fields = std::tuple{&CsvOptions::sep,
                                            &CsvOptions::quotechar,
                                            &CsvOptions::lineterminator,
                                            &CsvOptions::header,
                                            &CsvOptions::names,
                                            &CsvOptions::skiprows,
                                            &CsvOptions::dtype,
                                            &CsvOptions::parse_dates,
                                            &CsvOptions::na_values,
                                            &CsvOptions::column_na_values,
                                            &CsvOptions::keep_default_na,
                                            &CsvOptions::assume_missing,
                                            &CsvOptions::fill_missing_fields,
                                            &CsvOptions::drop_extra_fields,
                                            &CsvOptions::dictionary,
                                            &CsvOptions::compression,
                                            &CsvOptions::exact_split};
};

// A file as it was when the plan was made. Another file of its name is not the one that was planned for.
struct FileStamp {
  std::int64_t size = -1;  // -1: nobody knows it
  std::int64_t modified = 0;
  std::uint64_t inode = 0;
  bool operator==(const FileStamp&) const = default;
  static constexpr auto fields = std::tuple{&FileStamp::size, &FileStamp::modified, &FileStamp::inode};
};

// A range of whole records of one file, without the header.
struct CsvBlock {
  std::string path;
  std::int64_t offset = 0;
  std::int64_t length = 0;  // -1: until the end of a compressed file
  bool ends_file = true;
  bool exact = true;        // false: the start was found without reading what precedes it
  std::string compression;  // "" or a codec; offset and length then count decompressed bytes
  FileStamp stamp;

  static constexpr auto fields =
      std::tuple{&CsvBlock::path,  &CsvBlock::offset,      &CsvBlock::length, &CsvBlock::ends_file,
                 &CsvBlock::exact, &CsvBlock::compression, &CsvBlock::stamp};
};

struct CsvSplit {
  std::vector<std::string> names;
  std::vector<CsvBlock> blocks;

  static constexpr auto fields = std::tuple{&CsvSplit::names, &CsvSplit::blocks};
};

enum class CsvType : std::uint8_t {
  int64,
  int32,
  int16,
  int8,
  uint64,
  uint32,
  uint16,
  uint8,
  float64,
  float32,
  boolean,
  object_boolean,  // True, False and missing: Arrow boolean with nulls, object dtype in pandas
  string,
  object,    // a column without any row: pandas says object; carried as strings
  category,  // carried as a dictionary
  timestamp,
};

// What the values of a column have been seen to be; a column's inferred type follows from it alone.
struct CsvEvidence {
  enum Kind : std::uint32_t {
    missing = 1,
    integer = 2,
    negative = 4,
    beyond_int64 = 8,
    real = 16,
    truth = 32,
    text = 64,
    date = 128,         // fits the column's date format
    nanoseconds = 256,  // a date with more than six digits of fraction
    beyond_uint64 = 512,
  };
  std::uint32_t kinds = 0;
  std::string date_format;  // guessed from the first value that is not missing, as pandas does
  std::string zone;         // "UTC", "+02:00"

  static constexpr auto fields = std::tuple{&CsvEvidence::kinds, &CsvEvidence::date_format, &CsvEvidence::zone};
};

struct CsvColumn {
  std::string name;
  CsvType type = CsvType::string;
  bool given = false;     // by `dtype`: a value that does not fit is an error; else the type is widened
  bool nullable = false;  // a given "Int64", "boolean", ...: missing values are Arrow nulls
  bool dictionary = false;
  bool parse_date = false;
  CsvEvidence evidence;

  static constexpr auto fields =
      std::tuple{&CsvColumn::name,       &CsvColumn::type,       &CsvColumn::given,   &CsvColumn::nullable,
                 &CsvColumn::dictionary, &CsvColumn::parse_date, &CsvColumn::evidence};
};

struct CsvSchema {
  std::vector<CsvColumn> columns;
  bool assume_missing = false;

  static constexpr auto fields = std::tuple{&CsvSchema::columns, &CsvSchema::assume_missing};

  // Adds what other blocks have shown, and widens the inferred types accordingly.
  void merge(const CsvSchema& other);
  void widen(const std::string& column, const CsvEvidence& evidence);
  // Position of a column, in constant time where all columns are asked for in turn. Throws Error(key) with near names.
  std::size_t index_of(const std::string& name) const;
};

// The schema before any value was seen: names, given dtypes, columns of dates. Throws for an unknown column or dtype.
CsvSchema empty_csv_schema(const std::vector<std::string>& names, const CsvOptions& options);

std::string to_string(CsvType type);

// --- Details of errors (base/fault.h): what a plan has guessed wrong of a file, for whoever mends it. Their messages
// make sense to a user too, should nobody do so. ---

// A value does not fit the type that was inferred from a sample: widen the schema with `evidence` and parse again.
struct SchemaWidening {
  std::string path;
  std::string column;
  CsvEvidence evidence;
  static constexpr auto fields = std::tuple{&SchemaWidening::path, &SchemaWidening::column, &SchemaWidening::evidence};
};
template <>
const ValueType& value_type<SchemaWidening>();

// A block that was not split exactly ended inside quotes, so that its start or end was a wrong guess: split again with
// `exact_split`.
struct WrongCsvSplit {
  std::string path;
  static constexpr auto fields = std::tuple{&WrongCsvSplit::path};
};
template <>
const ValueType& value_type<WrongCsvSplit>();
DetailedError wrong_csv_split(const std::string& path);

// Once, at start-up: they travel from worker processes.
void register_csv_details();

}  // namespace plait
