// The memory of an Arrow array as typed pointers, for loops. Include only in .cpp files.
//
//   visit_integers(array, [&]<class T>(const T* values) { ... });   integers, bools (as bytes), dates and times
//   visit_floats(array, ...); visit_texts(array, [&](const auto& texts) { texts.data(i), texts.size(i), texts.end() });
#pragma once

#include <arrow/api.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/buffer.h"
#include "plait/error.h"

namespace plait {

inline bool is_text(const arrow::DataType& type) {
  return type.id() == arrow::Type::STRING || type.id() == arrow::Type::LARGE_STRING;
}
inline bool is_bool(const arrow::DataType& type) { return type.id() == arrow::Type::BOOL; }
// Bools are numbers, as for NumPy.
inline bool is_number(const arrow::DataType& type) {
  return is_bool(type) || arrow::is_integer(type.id()) || arrow::is_floating(type.id());
}
inline bool is_time(const arrow::DataType& type) {
  return type.id() == arrow::Type::TIMESTAMP || type.id() == arrow::Type::DURATION || type.id() == arrow::Type::DATE32;
}
inline bool has_integer_form(const arrow::DataType& type) {
  const auto id = type.id();
  return arrow::is_integer(id) || id == arrow::Type::BOOL || id == arrow::Type::DATE32 ||
         id == arrow::Type::TIMESTAMP || id == arrow::Type::DURATION || id == arrow::Type::TIME32 ||
         id == arrow::Type::TIME64;
}

template <class F>
decltype(auto) visit_integers(const arrow::Array& array, F&& f) {
  const arrow::ArrayData& data = *array.data();
  switch (array.type_id()) {
    case arrow::Type::INT8:
      return f(data.GetValues<std::int8_t>(1));
    case arrow::Type::INT16:
      return f(data.GetValues<std::int16_t>(1));
    case arrow::Type::INT32:
    case arrow::Type::DATE32:
    case arrow::Type::TIME32:
      return f(data.GetValues<std::int32_t>(1));
    case arrow::Type::INT64:
    case arrow::Type::TIMESTAMP:
    case arrow::Type::DURATION:
    case arrow::Type::TIME64:
      return f(data.GetValues<std::int64_t>(1));
    case arrow::Type::UINT8:
      return f(data.GetValues<std::uint8_t>(1));
    case arrow::Type::UINT16:
      return f(data.GetValues<std::uint16_t>(1));
    case arrow::Type::UINT32:
      return f(data.GetValues<std::uint32_t>(1));
    case arrow::Type::UINT64:
      return f(data.GetValues<std::uint64_t>(1));
    case arrow::Type::BOOL: {
      std::vector<std::uint8_t> bytes(array.length());
      for (std::int64_t i = 0; i < array.length(); ++i)
        bytes[i] = static_cast<const arrow::BooleanArray&>(array).Value(i);
      return f(static_cast<const std::uint8_t*>(bytes.data()));
    }
    default:
      throw type_error("a column of type " + array.type()->ToString() + " holds no integers");
  }
}

template <class F>
decltype(auto) visit_floats(const arrow::Array& array, F&& f) {
  if (array.type_id() == arrow::Type::FLOAT) return f(array.data()->GetValues<float>(1));
  if (array.type_id() == arrow::Type::DOUBLE) return f(array.data()->GetValues<double>(1));
  throw type_error("a column of type " + array.type()->ToString() + " holds no floats");
}

// Numbers of any kind: integers as above, or floats.
template <class F>
decltype(auto) visit_numbers(const arrow::Array& array, F&& f) {
  if (arrow::is_floating(array.type_id())) return visit_floats(array, f);
  return visit_integers(array, f);
}

template <class Offset>
class Texts {
 public:
  explicit Texts(const arrow::Array& array)
      : offsets_(array.data()->GetValues<Offset>(1)),
        bytes_(array.data()->buffers[2] ? reinterpret_cast<const char*>(array.data()->buffers[2]->data()) : ""),
        end_(bytes_ + (array.data()->buffers[2] ? array.data()->buffers[2]->size() : 0)) {}

  const char* data(std::int64_t i) const { return bytes_ + offsets_[i]; }
  std::size_t size(std::int64_t i) const { return static_cast<std::size_t>(offsets_[i + 1] - offsets_[i]); }
  std::string_view operator[](std::int64_t i) const { return {data(i), size(i)}; }
  // Where readable memory ends.
  const char* end() const { return end_; }

 private:
  const Offset* offsets_;
  const char* bytes_;
  const char* end_;
};

template <class F>
decltype(auto) visit_texts(const arrow::Array& array, F&& f) {
  if (array.type_id() == arrow::Type::STRING) return f(Texts<std::int32_t>(array));
  if (array.type_id() == arrow::Type::LARGE_STRING) return f(Texts<std::int64_t>(array));
  throw type_error("a column of type " + array.type()->ToString() + " holds no text");
}

// An array of an integer, bool, date or time type; `null_at` is the position of its one null, or -1.
std::shared_ptr<arrow::Array> array_of_integers(const PooledVector<std::int64_t>& values, std::int64_t null_at,
                                                const std::shared_ptr<arrow::DataType>& type);

}  // namespace plait
