// Tables in and out: Arrow's C data interface, and NumPy-like arrays. No data is copied where the layout allows it.
#include <arrow/c/bridge.h>
#include <arrow/compute/api.h>

#include "kernels/table/arrow_table.h"
#include "kernels/table/column_metadata.h"
#include "kernels/table/index_metadata.h"

namespace plait {
namespace {

// Arrow's ReplaceSchemaMetadata forgets how many rows a table without columns has.
std::shared_ptr<arrow::Table> with_metadata(const arrow::Table& table,
                                            const std::shared_ptr<const arrow::KeyValueMetadata>& metadata) {
  return arrow::Table::Make(table.schema()->WithMetadata(metadata), table.columns(), table.num_rows());
}

// What leaves is plain: text is never a dictionary.
std::shared_ptr<arrow::Table> exportable(const Table& table) {
  auto out = arrow_of(table);
  for (int i = 0; i < out->num_columns(); ++i) {
    if (!is_encoded_text(*out->field(i))) continue;
    arrow::ArrayVector chunks;
    for (const auto& chunk : out->column(i)->chunks()) chunks.push_back(decoded(chunk));
    const auto& values = static_cast<const arrow::DictionaryType&>(*out->field(i)->type()).value_type();
    auto field = with_family(arrow::field(out->field(i)->name(), values), family_of(*out->field(i)));
    out = value_or_throw(out->SetColumn(i, field, std::make_shared<arrow::ChunkedArray>(std::move(chunks), values)),
                         "export");
  }
  return with_metadata(*out, index_metadata(table.schema()));
}

// A column without rows that starts at 0: Arrow's interface tells no sizes of buffers, and readers take those of an
// empty array to be nothing, so that another offset would point behind their end.
std::shared_ptr<arrow::Array> without_rows(const std::shared_ptr<arrow::Array>& column) {
  if (column->type_id() != arrow::Type::DICTIONARY)
    return value_or_throw(arrow::MakeEmptyArray(column->type()), "export");
  const auto& encoded = static_cast<const arrow::DictionaryArray&>(*column);
  return std::make_shared<arrow::DictionaryArray>(column->type(), without_rows(encoded.indices()),
                                                  encoded.dictionary());
}

std::shared_ptr<arrow::RecordBatch> without_rows(const std::shared_ptr<arrow::RecordBatch>& batch) {
  arrow::ArrayVector columns;
  for (const auto& column : batch->columns()) columns.push_back(without_rows(column));
  return arrow::RecordBatch::Make(batch->schema(), 0, std::move(columns));
}

// Others hand over empty batches with offsets that point behind the end of what was imported: only the first batch
// may be empty, and starts at 0.
arrow::RecordBatchVector with_sound_empty_batches(const arrow::RecordBatchVector& batches) {
  arrow::RecordBatchVector sound;
  for (const auto& batch : batches) {
    if (batch->num_rows() > 0)
      sound.push_back(batch);
    else if (sound.empty())
      sound.push_back(without_rows(batch));
  }
  return sound;
}

Table imported(const std::shared_ptr<arrow::Schema>& schema, const arrow::RecordBatchVector& given) {
  const arrow::RecordBatchVector batches = with_sound_empty_batches(given);
  auto table = value_or_throw(arrow::Table::FromRecordBatches(schema, batches), "import of Arrow batches");
  if (table->num_columns() == 0) {  // the rows of a table without columns count, too
    std::int64_t num_rows = 0;
    for (const auto& batch : batches) num_rows += batch->num_rows();
    table = arrow::Table::Make(schema, arrow::ChunkedArrayVector(), num_rows);
  }
  const auto metadata = schema->metadata();
  IndexMetadata read = read_index_metadata(metadata.get(), *schema);
  return table_of(with_metadata(*table, nullptr), std::move(read.index), read.form);
}

}  // namespace

Table Table::import_stream(ArrowArrayStream* stream) {
  auto reader = value_or_throw(arrow::ImportRecordBatchReader(stream), "import of an Arrow stream");
  return imported(reader->schema(), value_or_throw(reader->ToRecordBatches(), "import of an Arrow stream"));
}

Table Table::import_batch(ArrowArray* array, ArrowSchema* schema) {
  auto batch = value_or_throw(arrow::ImportRecordBatch(array, schema), "import of an Arrow batch");
  return imported(batch->schema(), {batch});
}

void Table::export_stream(ArrowArrayStream* out) const {
  auto table = exportable(*this);
  std::shared_ptr<arrow::RecordBatchReader> reader = std::make_shared<arrow::TableBatchReader>(table);
  if (table->num_rows() == 0) {
    // One batch without rows: it carries the categories.
    arrow::ArrayVector columns;
    for (const auto& column : table->columns()) columns.push_back(without_rows(array_of(column)));
    reader = value_or_throw(
        arrow::RecordBatchReader::Make({arrow::RecordBatch::Make(table->schema(), 0, columns)}, table->schema()),
        "export");
  }
  check_arrow(arrow::ExportRecordBatchReader(std::move(reader), out), "export of an Arrow stream");
}

void Table::export_schema(ArrowSchema* out) const {
  check_arrow(arrow::ExportSchema(*exportable(slice(0, 0))->schema(), out), "export of an Arrow schema");
}

std::shared_ptr<arrow::Array> arrow_array_of(const NdArray& values) {
  if (values.ndim() != 1) throw value_error("a column has one axis; the array has shape " + to_string(values.shape()));
  const NdArray flat =
      values.dtype() == DType::float16 ? values.astype(DType::float32).contiguous() : values.contiguous();
  const ColumnType type = column_type(flat.dtype());
  if (flat.dtype() == DType::bool_) {
    arrow::BooleanBuilder builder;
    check_arrow(builder.AppendValues(reinterpret_cast<const std::uint8_t*>(flat.bytes()), flat.size()), "column");
    return value_or_throw(builder.Finish(), "column");
  }
  // The buffer keeps the array's memory alive.
  struct Kept : arrow::Buffer {
    explicit Kept(const NdArray& array)
        : arrow::Buffer(reinterpret_cast<const std::uint8_t*>(array.bytes()),
                        static_cast<std::int64_t>(array.num_bytes())),
          owner(array.owner()) {}
    std::shared_ptr<const void> owner;
  };
  return arrow::MakeArray(
      arrow::ArrayData::Make(arrow_type_of(type), flat.size(), {nullptr, std::make_shared<Kept>(flat)}, 0));
}

NdArray ndarray_of(const std::shared_ptr<arrow::Array>& array, const ColumnType& type) {
  if (type.kind == TypeKind::category) {
    auto values = decoded(array);
    return ndarray_of(values, column_type_of(*arrow::field("", values->type())));
  }
  const DType dtype = numpy_dtype(type);
  const std::int64_t count = array->length();
  if (dtype == DType::bool_) {
    if (array->null_count() > 0)
      throw type_error("a bool column with missing values has no NumPy form; fill them first");
    NdArray out = NdArray::empty(DType::bool_, {count});
    const auto& bools = static_cast<const arrow::BooleanArray&>(*array);
    for (std::int64_t i = 0; i < count; ++i) out.mutable_data<bool>()[i] = bools.Value(i);
    return out;
  }
  if (array->null_count() > 0 && is_integer(dtype) && is_numeric(type.kind)) {
    initialize_arrow();
    auto floats = value_or_throw(arrow::compute::Cast(*array, arrow::float64()), "as_ndarray");
    return ndarray_of(array_of(chunks_of(table_of({{"x", chunked(floats)}}), "x")), {.kind = TypeKind::float64});
  }
  const auto& data = *array->data();
  const auto* start =
      data.buffers[1] ? data.buffers[1]->data() + data.offset * static_cast<std::int64_t>(item_size(dtype)) : nullptr;
  return NdArray::wrap(dtype, {count}, contiguous_strides({count}, item_size(dtype)), start, array);
}

}  // namespace plait
