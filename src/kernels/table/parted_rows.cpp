#include "kernels/table/parted_rows.h"

#include <arrow/api.h>
#include <arrow/compute/api.h>
#include <arrow/util/bit_util.h>

#include <cstring>
#include <limits>

#include "base/check.h"
#include "base/kernel.h"
#include "kernels/table/arrow_table.h"
#include "kernels/table/table_memory.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

std::shared_ptr<arrow::Buffer> new_buffer(std::int64_t num_bytes) {
  return value_or_throw(arrow::AllocateBuffer(num_bytes, table_memory()), "split");
}

const arrow::DataType& physical_type(const arrow::DataType& type) {
  return type.id() == arrow::Type::DICTIONARY ? *static_cast<const arrow::DictionaryType&>(type).index_type() : type;
}

// Bytes of an item of a plain array of items; 0 for others.
int item_bytes(const arrow::DataType& type) {
  const arrow::DataType& physical = physical_type(type);
  if (!arrow::is_primitive(physical.id()) || physical.id() == arrow::Type::BOOL) return 0;
  return static_cast<const arrow::FixedWidthType&>(physical).bit_width() / 8;
}

std::int64_t text_bytes(const arrow::ChunkedArray& column) {
  std::int64_t num_bytes = 0;
  for (const auto& chunk : column.chunks()) {
    if (chunk->length() == 0) continue;
    visit_texts(*chunk, [&](const auto& texts) {
      num_bytes += texts.data(chunk->length() - 1) + texts.size(chunk->length() - 1) - texts.data(0);
    });
  }
  return num_bytes;
}

std::shared_ptr<arrow::Array> array_with(const arrow::ChunkedArray& column,
                                         std::vector<std::shared_ptr<arrow::Buffer>> buffers) {
  auto data = arrow::ArrayData::Make(column.type(), column.length(), std::move(buffers), column.null_count());
  data->dictionary = column.chunk(0)->data()->dictionary;
  return arrow::MakeArray(data);
}

}  // namespace

PartedRows::PartedRows(const PooledVector<std::uint32_t>& part_of_row, std::int64_t n)
    : part_of_row_(part_of_row), starts_(static_cast<std::size_t>(n) + 1, 0) {
  for (const std::uint32_t part : part_of_row) ++starts_[part + 1];
  for (std::size_t part = 1; part < starts_.size(); ++part) starts_[part] += starts_[part - 1];
}

std::shared_ptr<arrow::Array> PartedRows::ordered(const std::shared_ptr<arrow::ChunkedArray>& column) const {
  PLAIT_CHECK(column->length() == static_cast<std::int64_t>(part_of_row_.size()));
  if (column->length() == 0) return array_of(column);
  const bool is_unified = column->num_chunks() == 1 || column->type()->id() != arrow::Type::DICTIONARY;
  const auto chunks = is_unified ? column : with_one_dictionary(column);
  switch (item_bytes(*chunks->type())) {
    case 1:
      return ordered_items<std::uint8_t>(*chunks);
    case 2:
      return ordered_items<std::uint16_t>(*chunks);
    case 4:
      return ordered_items<std::uint32_t>(*chunks);
    case 8:
      return ordered_items<std::uint64_t>(*chunks);
    default:
      break;
  }
  if (chunks->type()->id() == arrow::Type::LARGE_STRING) return ordered_texts<std::int64_t>(*chunks);
  if (chunks->type()->id() == arrow::Type::STRING && text_bytes(*chunks) <= std::numeric_limits<std::int32_t>::max())
    return ordered_texts<std::int32_t>(*chunks);
  return taken(chunks);
}

template <class Offset, class F>
void PartedRows::for_each_text(const arrow::ChunkedArray& column, const F& f) const {
  std::vector<std::int64_t> next(starts_.begin(), starts_.end() - 1);
  const std::uint32_t* part = part_of_row_.data();
  for (const auto& chunk : column.chunks()) {
    check_cancelled();
    const Texts<Offset> texts(*chunk);
    const bool has_nulls = chunk->null_count() > 0;
    for (std::int64_t row = 0; row < chunk->length(); ++row) {
      const bool is_missing = has_nulls && chunk->IsNull(row);
      f(texts.data(row), is_missing ? 0 : texts.size(row), next[*part++]++);
    }
  }
}

std::shared_ptr<arrow::Buffer> PartedRows::validity(const arrow::ChunkedArray& column) const {
  if (column.null_count() == 0) return nullptr;
  const std::int64_t num_bytes = arrow::bit_util::BytesForBits(column.length());
  auto bits = new_buffer(num_bytes);
  std::memset(bits->mutable_data(), 0xff, static_cast<std::size_t>(num_bytes));
  std::vector<std::int64_t> next(starts_.begin(), starts_.end() - 1);
  const std::uint32_t* part = part_of_row_.data();
  for (const auto& chunk : column.chunks()) {
    for (std::int64_t row = 0; row < chunk->length(); ++row) {
      const std::int64_t place = next[*part++]++;
      if (chunk->IsNull(row)) arrow::bit_util::ClearBit(bits->mutable_data(), place);
    }
  }
  return bits;
}

template <class T>
std::shared_ptr<arrow::Array> PartedRows::ordered_items(const arrow::ChunkedArray& column) const {
  auto items = new_buffer(column.length() * static_cast<std::int64_t>(sizeof(T)));
  auto* to = reinterpret_cast<T*>(items->mutable_data());
  std::vector<std::int64_t> next(starts_.begin(), starts_.end() - 1);
  const std::uint32_t* part = part_of_row_.data();
  for (const auto& chunk : column.chunks()) {
    check_cancelled();
    const T* from = chunk->data()->GetValues<T>(1);
    for (std::int64_t i = 0; i < chunk->length(); ++i) to[next[*part++]++] = from[i];
  }
  return array_with(column, {validity(column), std::move(items)});
}

template <class Offset>
std::shared_ptr<arrow::Array> PartedRows::ordered_texts(const arrow::ChunkedArray& column) const {
  auto offsets = new_buffer((column.length() + 1) * static_cast<std::int64_t>(sizeof(Offset)));
  auto* ends = reinterpret_cast<Offset*>(offsets->mutable_data());
  *ends++ = 0;
  for_each_text<Offset>(
      column, [&](const char*, std::size_t size, std::int64_t place) { ends[place] = static_cast<Offset>(size); });
  for (std::int64_t place = 1; place < column.length(); ++place) ends[place] += ends[place - 1];
  auto bytes = new_buffer(ends[column.length() - 1]);
  for_each_text<Offset>(column, [&](const char* text, std::size_t size, std::int64_t place) {
    std::memcpy(bytes->mutable_data() + ends[place - 1], text, size);
  });
  return array_with(column, {validity(column), std::move(offsets), std::move(bytes)});
}

std::shared_ptr<arrow::Array> PartedRows::taken(const std::shared_ptr<arrow::ChunkedArray>& column) const {
  initialize_arrow();
  auto rows = new_buffer(column->length() * static_cast<std::int64_t>(sizeof(std::int64_t)));
  auto* row_at = reinterpret_cast<std::int64_t*>(rows->mutable_data());
  std::vector<std::int64_t> next(starts_.begin(), starts_.end() - 1);
  for (std::size_t row = 0; row < part_of_row_.size(); ++row)
    row_at[next[part_of_row_[row]]++] = static_cast<std::int64_t>(row);
  const arrow::Int64Array order(column->length(), rows);
  return value_or_throw(arrow::compute::Take(array_of(column), order, arrow::compute::TakeOptions::NoBoundsCheck()),
                        "split")
      .make_array();
}

}  // namespace plait
