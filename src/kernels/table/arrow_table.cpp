#include "kernels/table/arrow_table.h"

#include <arrow/compute/api.h>
#include <arrow/compute/initialize.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <set>

#include "base/text.h"
#include "kernels/table/column_metadata.h"
#include "kernels/table/table_memory.h"
#include "kernels/table/type_rules.h"

namespace plait {
namespace {

std::shared_ptr<arrow::ChunkedArray> cast_chunks(const std::shared_ptr<arrow::ChunkedArray>& values,
                                                 const std::shared_ptr<arrow::DataType>& type) {
  initialize_arrow();
  arrow::compute::CastOptions options(true);
  options.to_type = type;
  options.allow_float_truncate = true;  // integers beyond 2^53 become the nearest double, as NumPy casts them
  return value_or_throw(arrow::compute::Cast(values, options), "cast").chunked_array();
}

template <class T>
std::shared_ptr<arrow::Array> with_nan(const arrow::Array& array, const std::shared_ptr<arrow::DataType>& type) {
  const T* from = array.data()->GetValues<T>(1);
  auto buffer = value_or_throw(
      arrow::AllocateBuffer(array.length() * static_cast<std::int64_t>(sizeof(T)), table_memory()), "missing values");
  T* to = reinterpret_cast<T*>(buffer->mutable_data());
  for (std::int64_t i = 0; i < array.length(); ++i) {
    to[i] = array.IsNull(i) ? std::numeric_limits<T>::quiet_NaN() : from[i];
  }
  return arrow::MakeArray(arrow::ArrayData::Make(type, array.length(), {nullptr, std::move(buffer)}, 0));
}

std::shared_ptr<arrow::ChunkedArray> nan_for_null(const std::shared_ptr<arrow::ChunkedArray>& values) {
  arrow::ArrayVector chunks;
  for (const auto& chunk : values->chunks()) {
    if (chunk->null_count() == 0)
      chunks.push_back(chunk);
    else if (chunk->type_id() == arrow::Type::FLOAT)
      chunks.push_back(with_nan<float>(*chunk, chunk->type()));
    else
      chunks.push_back(with_nan<double>(*chunk, chunk->type()));
  }
  return std::make_shared<arrow::ChunkedArray>(std::move(chunks), values->type());
}

bool has_unsigned_codes(const arrow::DataType& type) {
  return type.id() == arrow::Type::DICTIONARY &&
         arrow::is_unsigned_integer(static_cast<const arrow::DictionaryType&>(type).index_type()->id());
}

// The physical form that the invariants ask for, or null to keep it.
std::shared_ptr<arrow::DataType> normal_type(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::NA:
      return arrow::float64();
    case arrow::Type::HALF_FLOAT:
      return arrow::float32();
    case arrow::Type::DATE64:
      return arrow::date32();
    case arrow::Type::STRING_VIEW:
      return arrow::utf8();
    default:
      break;
  }
  if (!has_unsigned_codes(type)) return nullptr;
  const auto& dictionary = static_cast<const arrow::DictionaryType&>(type);
  const bool wide = dictionary.index_type()->id() == arrow::Type::UINT64;
  return arrow::dictionary(wide ? arrow::int64() : arrow::int32(), dictionary.value_type(), dictionary.ordered());
}

NamedColumn normal_column(NamedColumn column) {
  if (auto type = normal_type(*column.values->type())) column.values = cast_chunks(column.values, type);
  if (column.family != TypeFamily::numpy || column.values->null_count() == 0) return column;
  const auto id = column.values->type()->id();
  if (arrow::is_integer(id)) column.values = cast_chunks(column.values, arrow::float64());
  if (id == arrow::Type::BOOL) column.family = TypeFamily::object;
  if (arrow::is_integer(id) || arrow::is_floating(id)) column.values = nan_for_null(column.values);
  return column;
}

void check_names(const arrow::Schema& schema) {
  std::set<std::string> seen;
  for (const auto& field : schema.fields()) {
    if (!seen.insert(field->name()).second) {
      throw value_error("two columns are named '" + field->name() + "'; column names must differ");
    }
  }
}

Table wrap(std::shared_ptr<arrow::Table> table, IndexSpec index, TableForm form) {
  auto impl = std::make_shared<ArrowTable>();
  impl->schema.index = std::move(index);
  impl->schema.form = form;
  for (const auto& field : table->schema()->fields()) {
    impl->schema.columns.push_back({field->name(), column_type_of(*field)});
  }
  impl->table = std::move(table);
  return Table(std::move(impl));
}

// Index columns stand last.
std::shared_ptr<arrow::Table> index_last(const std::shared_ptr<arrow::Table>& table, const IndexSpec& index) {
  if (index.is_range()) return table;
  std::vector<int> order;
  const std::set<std::string> last(index.columns.begin(), index.columns.end());
  for (int i = 0; i < table->num_columns(); ++i) {
    if (!last.contains(table->field(i)->name())) order.push_back(i);
  }
  for (const std::string& name : index.columns) {
    const int position = table->schema()->GetFieldIndex(name);
    if (position < 0) throw key_error("the index column '" + name + "' is not in the table");
    order.push_back(position);
  }
  return value_or_throw(table->SelectColumns(order), "index columns");
}

}  // namespace

Table table_of(std::shared_ptr<arrow::Table> table, IndexSpec index, TableForm form, bool normalize) {
  check_names(*table->schema());
  table = index_last(table, index);
  if (!normalize) return wrap(std::move(table), std::move(index), form);
  arrow::FieldVector fields;
  arrow::ChunkedArrayVector columns;
  for (int i = 0; i < table->num_columns(); ++i) {
    const auto& field = table->field(i);
    NamedColumn column = normal_column({field->name(), table->column(i), family_of(*field)});
    fields.push_back(
        with_family(arrow::field(field->name(), column.values->type()), column.family, is_encoded_text(*field)));
    columns.push_back(std::move(column.values));
  }
  return wrap(arrow::Table::Make(arrow::schema(std::move(fields)), std::move(columns), table->num_rows()),
              std::move(index), form);
}

Table table_of(const std::shared_ptr<arrow::RecordBatch>& batch, IndexSpec index, TableForm form, bool normalize) {
  return table_of(value_or_throw(arrow::Table::FromRecordBatches(batch->schema(), {batch}), "table"), std::move(index),
                  form, normalize);
}

Table table_of(const std::vector<NamedColumn>& columns, IndexSpec index, TableForm form, std::int64_t num_rows) {
  arrow::FieldVector fields;
  arrow::ChunkedArrayVector arrays;
  for (const NamedColumn& column : columns) {
    NamedColumn normal = normal_column(column);
    fields.push_back(with_family(arrow::field(normal.name, normal.values->type()), normal.family, normal.encoded_text));
    arrays.push_back(std::move(normal.values));
  }
  if (!arrays.empty()) num_rows = arrays.front()->length();
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    if (arrays[i]->length() != num_rows) {
      throw value_error("column '" + columns[i].name + "' has " + std::to_string(arrays[i]->length()) +
                        " rows, expected " + std::to_string(num_rows));
    }
  }
  return table_of(arrow::Table::Make(arrow::schema(std::move(fields)), std::move(arrays), num_rows), std::move(index),
                  form, false);
}

NamedColumn named_column_of(const Table& table, std::string_view name) {
  const auto& arrow_table = arrow_of(table);
  const int position = arrow_table->schema()->GetFieldIndex(std::string(name));
  if (position < 0) table.schema().field(name);  // throws
  const auto& field = *arrow_table->field(position);
  return {field.name(), arrow_table->column(position), family_of(field), is_encoded_text(field)};
}

std::vector<NamedColumn> named_columns_of(const Table& table) {
  std::vector<NamedColumn> columns;
  const auto& arrow_table = arrow_of(table);
  for (int i = 0; i < arrow_table->num_columns(); ++i) {
    const auto& field = *arrow_table->field(i);
    columns.push_back({field.name(), arrow_table->column(i), family_of(field), is_encoded_text(field)});
  }
  return columns;
}

std::shared_ptr<arrow::ChunkedArray> chunks_of(const Table& table, std::string_view name) {
  return named_column_of(table, name).values;
}

std::shared_ptr<arrow::ChunkedArray> with_one_dictionary(const std::shared_ptr<arrow::ChunkedArray>& chunks) {
  initialize_arrow();
  const auto unified = value_or_throw(arrow::DictionaryUnifier::UnifyChunkedArray(chunks), "unify categories");
  const auto dictionary_of = [](const std::shared_ptr<arrow::Array>& chunk) {
    return static_cast<const arrow::DictionaryArray&>(*chunk).dictionary();
  };
  const auto same = [&](const auto& chunk) { return dictionary_of(chunk)->Equals(dictionary_of(chunks->chunk(0))); };
  if (chunks->num_chunks() == 0 || std::all_of(chunks->chunks().begin(), chunks->chunks().end(), same)) return unified;
  const auto sorted = [&](const auto& chunk) {
    const auto order = value_or_throw(arrow::compute::SortIndices(*dictionary_of(chunk)), "categories");
    const auto* places = order->data()->template GetValues<std::uint64_t>(1);
    return std::is_sorted(places, places + order->length());
  };
  if (!std::all_of(chunks->chunks().begin(), chunks->chunks().end(), sorted)) return unified;
  arrow::ArrayVector out;
  for (const auto& chunk : unified->chunks()) out.push_back(with_sorted_categories(chunk));
  return std::make_shared<arrow::ChunkedArray>(std::move(out), unified->type());
}

std::shared_ptr<arrow::Array> array_of(const std::shared_ptr<arrow::ChunkedArray>& chunks) {
  if (chunks->num_chunks() == 1) return chunks->chunk(0);
  if (chunks->num_chunks() == 0) return value_or_throw(arrow::MakeEmptyArray(chunks->type()), "empty column");
  if (chunks->type()->id() == arrow::Type::DICTIONARY) {
    return value_or_throw(arrow::Concatenate(with_one_dictionary(chunks)->chunks(), table_memory()), "concatenate");
  }
  return value_or_throw(arrow::Concatenate(chunks->chunks(), table_memory()), "concatenate");
}

std::shared_ptr<arrow::Array> array_of(const Table& table, std::string_view name) {
  return array_of(chunks_of(table, name));
}

std::shared_ptr<arrow::ChunkedArray> chunked(std::shared_ptr<arrow::Array> array) {
  // Casts of empty slices keep the slice's offset, which lies beyond their buffers.
  if (array->length() == 0 && array->offset() > 0 && array->type_id() != arrow::Type::DICTIONARY)
    array = value_or_throw(arrow::MakeEmptyArray(array->type()), "column");
  return std::make_shared<arrow::ChunkedArray>(std::move(array));
}

std::shared_ptr<arrow::Array> decoded(const std::shared_ptr<arrow::Array>& array) {
  if (array->type_id() != arrow::Type::DICTIONARY) return array;
  initialize_arrow();
  const auto& dictionary = static_cast<const arrow::DictionaryArray&>(*array);
  if (dictionary.length() == 0)
    return value_or_throw(arrow::MakeEmptyArray(dictionary.dictionary()->type()), "empty column");
  return value_or_throw(arrow::compute::Take(dictionary.dictionary(), dictionary.indices(),
                                             arrow::compute::TakeOptions::NoBoundsCheck()),
                        "decode categories")
      .make_array();
}

void initialize_arrow() {
  static std::once_flag once;
  std::call_once(once, [] {
    const arrow::Status status = arrow::compute::Initialize();
    if (!status.ok())
      throw Error(ErrorKind::runtime, "Arrow's compute functions could not start: " + status.ToString());
    use_table_memory_for_compute();
  });
}

void throw_arrow_error(const arrow::Status& status, std::string_view what) {
  const std::string message = std::string(what) + ": " + status.message();
  switch (status.code()) {
    case arrow::StatusCode::OutOfMemory:
      throw Error(ErrorKind::memory, message);
    case arrow::StatusCode::TypeError:
      throw type_error(message);
    case arrow::StatusCode::NotImplemented:
      throw NoNativeForm(message);
    case arrow::StatusCode::KeyError:
      throw key_error(message);
    case arrow::StatusCode::IndexError:
      throw index_error(message);
    case arrow::StatusCode::IOError:
      throw io_error(message);
    case arrow::StatusCode::Cancelled:
      throw Error(ErrorKind::cancelled, message);
    default:
      throw value_error(message);
  }
}

}  // namespace plait
