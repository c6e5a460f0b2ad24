#include "kernels/table/typed_column.h"

#include <arrow/util/bit_util.h>

#include <algorithm>

#include "kernels/table/arrow_table.h"
#include "kernels/table/table_memory.h"

namespace plait {

// Of a type whose values are 64 bits: as they are.
static std::shared_ptr<arrow::Array> array_of_words(const PooledVector<std::int64_t>& values, std::int64_t null_at,
                                                    const std::shared_ptr<arrow::DataType>& type) {
  const auto count = static_cast<std::int64_t>(values.size());
  std::shared_ptr<arrow::Buffer> words = value_or_throw(arrow::AllocateBuffer(8 * count, table_memory()), "integers");
  std::copy(values.begin(), values.end(), reinterpret_cast<std::int64_t*>(words->mutable_data()));
  std::shared_ptr<arrow::Buffer> validity;
  if (null_at >= 0) {
    validity = value_or_throw(arrow::AllocateBitmap(count, table_memory()), "integers");
    arrow::bit_util::SetBitsTo(validity->mutable_data(), 0, count, true);
    arrow::bit_util::ClearBit(validity->mutable_data(), null_at);
  }
  return arrow::MakeArray(
      arrow::ArrayData::Make(type, count, {std::move(validity), std::move(words)}, null_at >= 0 ? 1 : 0));
}

std::shared_ptr<arrow::Array> array_of_integers(const PooledVector<std::int64_t>& values, std::int64_t null_at,
                                                const std::shared_ptr<arrow::DataType>& type) {
  if (has_integer_form(*type) && type->byte_width() == 8) return array_of_words(values, null_at, type);
  initialize_arrow();
  auto builder = value_or_throw(arrow::MakeBuilder(type), "integers");
  check_arrow(builder->Reserve(static_cast<std::int64_t>(values.size())), "integers");
  const auto append = [&]<class Builder>(Builder& typed) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (static_cast<std::int64_t>(i) == null_at)
        typed.UnsafeAppendNull();
      else
        typed.UnsafeAppend(static_cast<typename Builder::value_type>(values[i]));
    }
  };
  switch (type->id()) {
    case arrow::Type::BOOL:
      append(static_cast<arrow::BooleanBuilder&>(*builder));
      break;
    case arrow::Type::INT8:
      append(static_cast<arrow::Int8Builder&>(*builder));
      break;
    case arrow::Type::INT16:
      append(static_cast<arrow::Int16Builder&>(*builder));
      break;
    case arrow::Type::INT32:
      append(static_cast<arrow::Int32Builder&>(*builder));
      break;
    case arrow::Type::INT64:
      append(static_cast<arrow::Int64Builder&>(*builder));
      break;
    case arrow::Type::UINT8:
      append(static_cast<arrow::UInt8Builder&>(*builder));
      break;
    case arrow::Type::UINT16:
      append(static_cast<arrow::UInt16Builder&>(*builder));
      break;
    case arrow::Type::UINT32:
      append(static_cast<arrow::UInt32Builder&>(*builder));
      break;
    case arrow::Type::UINT64:
      append(static_cast<arrow::UInt64Builder&>(*builder));
      break;
    case arrow::Type::DATE32:
      append(static_cast<arrow::Date32Builder&>(*builder));
      break;
    case arrow::Type::TIME32:
      append(static_cast<arrow::Time32Builder&>(*builder));
      break;
    case arrow::Type::TIME64:
      append(static_cast<arrow::Time64Builder&>(*builder));
      break;
    case arrow::Type::TIMESTAMP:
      append(static_cast<arrow::TimestampBuilder&>(*builder));
      break;
    case arrow::Type::DURATION:
      append(static_cast<arrow::DurationBuilder&>(*builder));
      break;
    default:
      throw type_error("integers do not fit a column of type " + type->ToString());
  }
  return value_or_throw(builder->Finish(), "integers");
}

}  // namespace plait
