// The columns of a set of Parquet files as one table's: each file says its own types, and how many values are missing.
// Include only in .cpp files.
#pragma once

#include <arrow/type_fwd.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kernels/formats/parquet_file.h"
#include "plait/table.h"

namespace plait {

class ParquetSchema {
 public:
  // With `family`, columns of its types have it, whatever pandas had when it wrote the files.
  explicit ParquetSchema(std::optional<TypeFamily> family = std::nullopt) : family_(family) {}

  // Files after the first must have its columns. Throws a type error naming the file and the column whose values do
  // not go together with those of the files before.
  void add(const ParquetFile& file, const arrow::Schema& schema);

  std::vector<std::string> names() const;  // without the index
  // No rows; the index as the first file has it.
  Table table() const;

 private:
  struct Column {
    std::string name;
    std::shared_ptr<arrow::DataType> type;
    TypeFamily family = TypeFamily::numpy;
    bool has_values = false;
    bool has_missing = false;
  };
  static std::vector<Column> columns_of(const ParquetFile& file, const arrow::Schema& schema);
  static void widen(Column& known, const Column& seen, const std::string& path);
  void add_index(const ParquetFile& file, const IndexSpec& seen, const std::vector<Column>& columns);
  TypeFamily family_of(const Column& column) const;

  std::optional<TypeFamily> family_;
  std::vector<Column> columns_;
  IndexSpec index_;
};

// The column under which an index without a name is stored, and the one that it has in a table.
std::string index_level_name(const std::string& stored, std::size_t level);
// Where the files keep the index, in stored names.
IndexSpec stored_index(const arrow::Schema& schema);

}  // namespace plait
