#include "kernels/table/table_value.h"

#include <arrow/io/memory.h>
#include <arrow/ipc/api.h>
#include <arrow/util/bitmap_ops.h>

#include "kernels/table/arrow_table.h"
#include "kernels/table/table_memory.h"

namespace plait {
namespace {

using ArrayDataPtr = std::shared_ptr<arrow::ArrayData>;
using BufferPtr = std::shared_ptr<arrow::Buffer>;

BufferPtr trimmed_bits(const BufferPtr& bits, std::int64_t offset, std::int64_t length) {
  if (!bits) return nullptr;
  if (offset % 8 == 0) return arrow::SliceBuffer(bits, offset / 8, (length + 7) / 8);
  return value_or_throw(arrow::internal::CopyBitmap(table_memory(), bits->data(), offset, length), "trim");
}

template <class Offset>
void trim_text(const arrow::ArrayData& data, arrow::ArrayData& out) {
  const Offset* offsets = data.GetValues<Offset>(1);
  if (data.length == 0 || offsets == nullptr) {
    out.buffers[1] = value_or_throw(arrow::AllocateBuffer(sizeof(Offset), table_memory()), "trim");
    std::memset(out.buffers[1]->mutable_data(), 0, sizeof(Offset));
    out.buffers[2] = std::make_shared<arrow::Buffer>(nullptr, 0);
    return;
  }
  const Offset start = offsets[0];
  const Offset end = offsets[data.length];
  const auto num_bytes = (data.length + 1) * static_cast<std::int64_t>(sizeof(Offset));
  if (start == 0) {
    out.buffers[1] =
        arrow::SliceBuffer(data.buffers[1], data.offset * static_cast<std::int64_t>(sizeof(Offset)), num_bytes);
  } else {
    BufferPtr rebased = value_or_throw(arrow::AllocateBuffer(num_bytes, table_memory()), "trim");
    auto* to = reinterpret_cast<Offset*>(rebased->mutable_data());
    for (std::int64_t i = 0; i <= data.length; ++i) to[i] = offsets[i] - start;
    out.buffers[1] = std::move(rebased);
  }
  out.buffers[2] = data.buffers[2] ? arrow::SliceBuffer(data.buffers[2], start, end - start)
                                   : std::make_shared<arrow::Buffer>(nullptr, 0);
}

// The same rows in buffers that hold nothing else, from offset 0.
ArrayDataPtr trimmed(const std::shared_ptr<arrow::Array>& array) {
  const arrow::ArrayData& data = *array->data();
  const auto id = data.type->id();
  const auto physical =
      id == arrow::Type::DICTIONARY ? static_cast<const arrow::DictionaryType&>(*data.type).index_type()->id() : id;
  auto out = arrow::ArrayData::Make(
      data.type, data.length, {trimmed_bits(data.buffers[0], data.offset, data.length), nullptr}, data.null_count);
  if (data.null_count == 0) out->buffers[0] = nullptr;
  if (physical == arrow::Type::BOOL) {
    out->buffers[1] = trimmed_bits(data.buffers[1], data.offset, data.length);
  } else if (physical == arrow::Type::STRING || physical == arrow::Type::BINARY) {
    out->buffers.emplace_back();
    trim_text<std::int32_t>(data, *out);
  } else if (physical == arrow::Type::LARGE_STRING || physical == arrow::Type::LARGE_BINARY) {
    out->buffers.emplace_back();
    trim_text<std::int64_t>(data, *out);
  } else if (data.buffers.size() == 2 && data.child_data.empty() && arrow::is_fixed_width(physical)) {
    const std::int64_t width = static_cast<const arrow::FixedWidthType&>(*data.type).bit_width() / 8;
    if (data.buffers[1])
      out->buffers[1] = arrow::SliceBuffer(data.buffers[1], data.offset * width, data.length * width);
  } else {
    // Nested types: let Arrow copy the rows.
    return value_or_throw(arrow::Concatenate({array}, table_memory()), "trim")->data();
  }
  if (data.dictionary) out->dictionary = trimmed(arrow::MakeArray(data.dictionary));
  return out;
}

void encode_data(Encoder& to, const arrow::ArrayData& data) {
  encode<std::int64_t>(to, data.length);
  encode<std::int64_t>(to, data.null_count);
  encode<std::int64_t>(to, data.offset);
  encode<std::uint8_t>(to, static_cast<std::uint8_t>(data.buffers.size()));
  for (const BufferPtr& buffer : data.buffers) {
    encode<bool>(to, buffer != nullptr);
    if (buffer)
      to.write_blob(
          {buffer, reinterpret_cast<const std::byte*>(buffer->data()), static_cast<std::size_t>(buffer->size())});
  }
  encode<std::uint8_t>(to, static_cast<std::uint8_t>(data.child_data.size()));
  for (const auto& child : data.child_data) encode_data(to, *child);
  encode<bool>(to, data.dictionary != nullptr);
  if (data.dictionary) encode_data(to, *data.dictionary);
}

BufferPtr buffer_of(Blob blob) {
  struct Kept : arrow::Buffer {
    explicit Kept(Blob b)
        : arrow::Buffer(reinterpret_cast<const std::uint8_t*>(b.data), static_cast<std::int64_t>(b.size)),
          owner(std::move(b.owner)) {}
    std::shared_ptr<const void> owner;
  };
  return std::make_shared<Kept>(std::move(blob));
}

ArrayDataPtr decode_data(Decoder& from, const std::shared_ptr<arrow::DataType>& type) {
  const auto length = decode<std::int64_t>(from);
  const auto null_count = decode<std::int64_t>(from);
  const auto offset = decode<std::int64_t>(from);
  std::vector<BufferPtr> buffers(decode<std::uint8_t>(from));
  for (BufferPtr& buffer : buffers) {
    if (decode<bool>(from)) buffer = buffer_of(from.read_blob());
  }
  auto data = arrow::ArrayData::Make(type, length, std::move(buffers), null_count, offset);
  const auto num_children = decode<std::uint8_t>(from);
  if (num_children != type->num_fields())
    throw io_error("a record's column has the wrong number of children: it is damaged");
  for (int i = 0; i < num_children; ++i) data->child_data.push_back(decode_data(from, type->field(i)->type()));
  if (decode<bool>(from)) {
    if (type->id() != arrow::Type::DICTIONARY)
      throw io_error("a record's column has a stray dictionary: it is damaged");
    data->dictionary = decode_data(from, static_cast<const arrow::DictionaryType&>(*type).value_type());
  }
  return data;
}

// Chunks go as they are: putting them together would take their memory again. Codes of several dictionaries must be
// brought to one.
arrow::ArrayVector chunks_to_write(const std::shared_ptr<arrow::ChunkedArray>& column) {
  const bool is_plain = column->num_chunks() > 0 && column->type()->id() != arrow::Type::DICTIONARY;
  return is_plain ? column->chunks() : arrow::ArrayVector{array_of(column)};
}

std::shared_ptr<arrow::Schema> decode_schema(Decoder& from) {
  const auto bytes = decode<std::string>(from);
  arrow::io::BufferReader reader(std::make_shared<arrow::Buffer>(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                                                 static_cast<std::int64_t>(bytes.size())));
  arrow::ipc::DictionaryMemo memo;
  auto schema = arrow::ipc::ReadSchema(&reader, &memo);
  if (!schema.ok()) throw io_error("a record holds an unreadable schema: it is damaged");
  return *schema;
}

}  // namespace

void Codec<Table>::encode(Encoder& to, const Table& table) {
  const auto& arrow_table = arrow_of(table);
  const auto schema = value_or_throw(arrow::ipc::SerializeSchema(*arrow_table->schema()), "encode a schema");
  plait::encode(to, schema->ToString());
  plait::encode(to, table.index());
  plait::encode(to, table.form());
  plait::encode<std::int64_t>(to, table.num_rows());
  for (const auto& column : arrow_table->columns()) {
    const arrow::ArrayVector chunks = chunks_to_write(column);
    plait::encode<std::uint32_t>(to, static_cast<std::uint32_t>(chunks.size()));
    for (const auto& chunk : chunks) encode_data(to, *trimmed(chunk));
  }
}

Table Codec<Table>::decode(Decoder& from) {
  const auto schema = decode_schema(from);
  auto index = plait::decode<IndexSpec>(from);
  const auto form = plait::decode<TableForm>(from);
  const auto num_rows = plait::decode<std::int64_t>(from);
  arrow::ChunkedArrayVector columns;
  for (const auto& field : schema->fields()) {
    arrow::ArrayVector chunks;
    for (auto left = plait::decode<std::uint32_t>(from); left > 0; --left) {
      chunks.push_back(arrow::MakeArray(decode_data(from, field->type())));
      if (!chunks.back()->Validate().ok()) throw io_error("a record's column '" + field->name() + "' is damaged");
    }
    columns.push_back(std::make_shared<arrow::ChunkedArray>(std::move(chunks), field->type()));
    if (columns.back()->length() != num_rows) throw io_error("a record's column has the wrong length: it is damaged");
  }
  return table_of(arrow::Table::Make(schema, columns, num_rows), std::move(index), form, false);
}

template <>
const ValueType& value_type<Table>() {
  static const ValueType type = {
      .name = "table",
      .num_bytes = [](const void* data) { return static_cast<const Table*>(data)->num_bytes(); },
      .describe =
          [](const void* data) {
            static constexpr const char* kForms[] = {"frame", "series", "index", "scalar"};
            const auto& table = *static_cast<const Table*>(data);
            return std::string(kForms[static_cast<int>(table.form())]) + " of " + std::to_string(table.num_rows()) +
                   " rows and " + std::to_string(table.num_columns()) + " columns";
          },
      .encode = [](Encoder& to, const void* data) { encode(to, *static_cast<const Table*>(data)); },
      .decode = [](Decoder& from) -> std::shared_ptr<const void> {
        return std::make_shared<const Table>(decode<Table>(from));
      }};
  return type;
}

}  // namespace plait
