// The values of a column that a kernel writes row by row. Include only in .cpp files.
#pragma once

#include <arrow/api.h>
#include <arrow/util/bit_util.h>

#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <type_traits>
#include <utility>

#include "kernels/table/arrow_table.h"
#include "kernels/table/table_memory.h"

namespace plait {

template <class T>
class ColumnOutput {
 public:
  explicit ColumnOutput(std::int64_t length)
      : length_(length),
        buffer_(value_or_throw(arrow::AllocateBuffer(length * static_cast<std::int64_t>(sizeof(T)), table_memory()),
                               "column")),
        values_(reinterpret_cast<T*>(buffer_->mutable_data())) {}

  T* values() { return values_; }
  void set(std::int64_t i, T value) { values_[i] = value; }
  // As an Arrow null; floats of family numpy are missing by NaN instead.
  void set_null(std::int64_t i) {
    if (!validity_) make_validity();
    values_[i] = T{};
    num_nulls_ += arrow::bit_util::GetBit(validity_->data(), i) ? 1 : 0;
    arrow::bit_util::ClearBit(validity_->mutable_data(), i);
  }

  // Bools are written as bytes of 0 and 1.
  std::shared_ptr<arrow::Array> finish(const std::shared_ptr<arrow::DataType>& type) {
    std::shared_ptr<arrow::Buffer> data = type->id() == arrow::Type::BOOL ? packed() : std::move(buffer_);
    return arrow::MakeArray(arrow::ArrayData::Make(type, length_, {std::move(validity_), std::move(data)}, num_nulls_));
  }

 private:
  void make_validity() {
    const std::int64_t num_bytes = arrow::bit_util::BytesForBits(length_);
    validity_ = value_or_throw(arrow::AllocateBuffer(num_bytes, table_memory()), "column");
    std::memset(validity_->mutable_data(), 0xff, static_cast<std::size_t>(num_bytes));
  }
  std::shared_ptr<arrow::Buffer> packed() const {
    std::shared_ptr<arrow::Buffer> bits =
        value_or_throw(arrow::AllocateBuffer(arrow::bit_util::BytesForBits(length_), table_memory()), "column");
    std::memset(bits->mutable_data(), 0, static_cast<std::size_t>(bits->size()));
    for (std::int64_t i = 0; i < length_; ++i) {
      if (values_[i] != T{}) arrow::bit_util::SetBit(bits->mutable_data(), i);
    }
    return bits;
  }

  std::int64_t length_;
  std::shared_ptr<arrow::Buffer> buffer_;
  T* values_;
  std::shared_ptr<arrow::Buffer> validity_;
  std::int64_t num_nulls_ = 0;
};

// Which values of an array are missing: Arrow nulls and, where the family says so, NaN.
class MissingValues {
 public:
  MissingValues(const arrow::Array& array, TypeFamily family)
      : bits_(array.null_count() > 0 ? array.null_bitmap_data() : nullptr),
        offset_(array.offset()),
        nan_(family == TypeFamily::numpy && arrow::is_floating(array.type_id())) {}

  bool any_null() const { return bits_ != nullptr; }
  bool is_null(std::int64_t i) const { return bits_ && !arrow::bit_util::GetBit(bits_, offset_ + i); }
  template <class T>
  bool operator()(const T* values, std::int64_t i) const {
    if constexpr (std::is_floating_point_v<T>) {
      if (nan_ && values[i] != values[i]) return true;
    }
    return is_null(i);
  }

 private:
  const std::uint8_t* bits_;
  std::int64_t offset_;
  bool nan_;
};

}  // namespace plait
