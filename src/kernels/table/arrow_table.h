// The Arrow side of Table: for kernels, readers and writers. Include only in .cpp files.
//
// Invariants of the Arrow table in a Table, made by table_of: column names are unique; a numpy-family float, integer or
// bool column has no nulls; strings are utf8 or large_utf8; dictionaries have int8 to int64 codes without nulls in the
// dictionary; families other than numpy are named in the field's metadata (column_metadata.h). A `str` column may be
// stored as a dictionary of its different values, marked in the metadata: the cheapest form for few different strings.
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

// Wraps an Arrow table, reading families from field metadata. `normalize` makes the invariants hold (nulls in floats
// become NaN, integers with nulls become float64, ...); skip it only where they hold already.
Table table_of(std::shared_ptr<arrow::Table> table, IndexSpec index = {}, TableForm form = TableForm::frame,
               bool normalize = true);
Table table_of(const std::shared_ptr<arrow::RecordBatch>& batch, IndexSpec index = {},
               TableForm form = TableForm::frame, bool normalize = true);
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

std::shared_ptr<arrow::ChunkedArray> chunked(std::shared_ptr<arrow::Array> array);
// The chunks of a dictionary column with one dictionary: the chunks' categories in order of appearance, or in their own
// order where every chunk has them so (as astype("category") makes them).
std::shared_ptr<arrow::ChunkedArray> with_one_dictionary(const std::shared_ptr<arrow::ChunkedArray>& chunks);
// The values themselves where the array is a dictionary.
std::shared_ptr<arrow::Array> decoded(const std::shared_ptr<arrow::Array>& array);

// A column of any Arrow array with a name and family; table_of normalises it to the family's rules. `encoded_text`: a
// dictionary that stands for plain text (a `str` column), not for categories: see column_metadata.h.
struct NamedColumn {
  std::string name;
  std::shared_ptr<arrow::ChunkedArray> values;
  TypeFamily family = TypeFamily::numpy;
  bool encoded_text = false;
};
// `num_rows` counts where there is no column.
Table table_of(const std::vector<NamedColumn>& columns, IndexSpec index = {}, TableForm form = TableForm::frame,
               std::int64_t num_rows = 0);
NamedColumn named_column_of(const Table& table, std::string_view name);
// Every column, index columns last.
std::vector<NamedColumn> named_columns_of(const Table& table);

std::shared_ptr<arrow::Scalar> arrow_scalar_of(const Literal& value);
Literal literal_of(const arrow::Scalar& scalar);
// Without a type, the one that pandas infers.
std::shared_ptr<arrow::Array> array_from_literals(const std::vector<Literal>& values,
                                                  std::shared_ptr<arrow::DataType> type = nullptr);
// One axis; memory is shared where the layouts agree (all but bools).
std::shared_ptr<arrow::Array> arrow_array_of(const NdArray& values);
NdArray ndarray_of(const std::shared_ptr<arrow::Array>& array, const ColumnType& type);

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
