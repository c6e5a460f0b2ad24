#include "ml/sparse_rows.h"

#include <fmt/format.h>

#include <utility>

#include "ml/row_tiles.h"

namespace plait::ml {

SparseRows::SparseRows(NdArray starts, NdArray columns, NdArray numbers, std::int64_t num_columns)
    : starts_(starts.astype(DType::int64).contiguous()),
      columns_(columns.astype(DType::int32).contiguous()),
      numbers_(numbers.astype(DType::float64).contiguous()),
      num_columns_(num_columns) {
  const auto is_row = [](const NdArray& array) { return array.ndim() == 1; };
  if (!is_row(starts_) || !is_row(columns_) || !is_row(numbers_) || starts_.size() == 0 ||
      columns_.size() != numbers_.size())
    throw value_error("sparse rows: their parts have lengths that do not fit together");
  std::int64_t last = 0;
  for (std::int64_t i = 0; i < starts_.size(); ++i) {
    const std::int64_t start = starts_.data<std::int64_t>()[i];
    if (start < last || start > numbers_.size())
      throw value_error(fmt::format("sparse rows: row {} begins at {} of {} numbers", i, start, numbers_.size()));
    last = start;
  }
  for (std::int64_t i = 0; i < columns_.size(); ++i) {
    const std::int32_t column = columns_.data<std::int32_t>()[i];
    if (column < 0 || column >= num_columns_)
      throw value_error(fmt::format("sparse rows: a number stands in column {} of {}", column, num_columns_));
  }
}

std::int64_t rows_of_block(const Value& block) {
  if (const auto* sparse = block.get_if<SparseRows>()) return sparse->num_rows();
  return num_rows(block.as<NdArray>());
}

namespace {

void encode_array(Encoder& to, const NdArray& array) { encode(to, Value::of(array)); }
NdArray decode_array(Decoder& from) { return decode<Value>(from).as<NdArray>(); }

}  // namespace
}  // namespace plait::ml

namespace plait {

using ml::SparseRows;

template <>
const ValueType& value_type<SparseRows>() {
  static const ValueType type = {
      .name = "sparse rows",
      .num_bytes =
          [](const void* data) {
            const auto& rows = *static_cast<const SparseRows*>(data);
            return rows.starts().num_bytes() + rows.columns().num_bytes() + rows.numbers().num_bytes();
          },
      .describe =
          [](const void* data) {
            const auto& rows = *static_cast<const SparseRows*>(data);
            return fmt::format("{} sparse rows of {} columns", rows.num_rows(), rows.num_columns());
          },
      .encode =
          [](Encoder& to, const void* data) {
            const auto& rows = *static_cast<const SparseRows*>(data);
            for (const NdArray* part : {&rows.starts(), &rows.columns(), &rows.numbers()}) ml::encode_array(to, *part);
            encode(to, rows.num_columns());
          },
      .decode = [](Decoder& from) -> std::shared_ptr<const void> {
        NdArray starts = ml::decode_array(from), columns = ml::decode_array(from), numbers = ml::decode_array(from);
        const auto num_columns = decode<std::int64_t>(from);
        return std::make_shared<const SparseRows>(std::move(starts), std::move(columns), std::move(numbers),
                                                  num_columns);
      }};
  return type;
}

}  // namespace plait
