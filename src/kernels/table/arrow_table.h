// The Arrow side of Table: for kernels, readers and writers. Include only in .cpp files.
//
// Invariants of the Arrow table in a Table, made by table_of: column names are unique; a numpy-family float, integer or
// bool column has no nulls; strings are utf8 or large_utf8; dictionaries have int8 to int64 codes without nulls in the
// dictionary; families other than numpy are named in the field's metadata.
#pragma once

#include <arrow/api.h>

#include <memory>
#include <string>
#include <vector>

#include "plait/table.h"

namespace plait {

class ArrowTable {
 public:
  std::shared_ptr<arrow::Table> table;  // index columns included, last
  Schema schema;
};

// Wraps an Arrow table, reading families from field metadata. `normalize` makes the invariants hold (nulls in floats become
// NaN, integers with nulls become float64, ...); skip it only where they hold already.
Table table_of(std::shared_ptr<arrow::Table> table, IndexSpec index = {}, TableForm form = TableForm::frame,
               bool normalize = true);
Table table_of(const std::shared_ptr<arrow::RecordBatch>& batch, IndexSpec index = {}, TableForm form = TableForm::frame,
               bool normalize = true);
inline const std::shared_ptr<arrow::Table>& arrow_of(const Table& table) { return table.impl().table; }

// The column of that name, or Error(key) with near names.
std::shared_ptr<arrow::ChunkedArray> chunks_of(const Table& table, std::string_view name);
// One contiguous array: chunks are put together if there are several.
std::shared_ptr<arrow::Array> array_of(const Table& table, std::string_view name);
std::shared_ptr<arrow::Array> array_of(const std::shared_ptr<arrow::ChunkedArray>& chunks);

// Types between the two worlds.
ColumnType column_type_of(const arrow::Field& field);
std::shared_ptr<arrow::DataType> arrow_type_of(const ColumnType& type);
std::shared_ptr<arrow::Field> arrow_field_of(const Field& field);
std::shared_ptr<arrow::Schema> arrow_schema_of(const Schema& schema);

// A column of any Arrow array with a name and family; normalised to the family's rules.
struct NamedColumn {
  std::string name;
  std::shared_ptr<arrow::ChunkedArray> values;
  TypeFamily family = TypeFamily::numpy;
};
Table table_of(const std::vector<NamedColumn>& columns, IndexSpec index = {}, TableForm form = TableForm::frame);

std::shared_ptr<arrow::Scalar> arrow_scalar_of(const Literal& value);
Literal literal_of(const arrow::Scalar& scalar);

// arrow::compute::Initialize, once. Every function that calls Arrow's compute by name starts with it.
void initialize_arrow();
// Throws Error of the kind that fits an Arrow status; `what` names the operation.
[[noreturn]] void throw_arrow_error(const arrow::Status& status, std::string_view what);
inline void check_arrow(const arrow::Status& status, std::string_view what) {
  if (!status.ok()) throw_arrow_error(status, what);
}
template <class T>
T value_or_throw(arrow::Result<T> result, std::string_view what) {
  if (!result.ok()) throw_arrow_error(result.status(), what);
  return std::move(result).ValueUnsafe();
}

}  // namespace plait
