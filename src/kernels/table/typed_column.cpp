#include "kernels/table/typed_column.h"

#include "kernels/table/arrow_table.h"

namespace plait {

std::shared_ptr<arrow::Array> array_of_integers(const std::vector<std::int64_t>& values, std::int64_t null_at,
                                                const std::shared_ptr<arrow::DataType>& type) {
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
