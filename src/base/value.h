// Value: what a task yields. Shared, immutable, type-erased; knows its bytes and how to encode itself.
//
// A type T becomes a value type by a specialisation of `value_type<T>()`. Types that travel between processes or to
// disk are made known by `register_value_type`, so that a record names its type by text. Thread-safe once registered.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/records.h"

namespace plait {

struct ValueType {
  std::string name;
  std::size_t (*num_bytes)(const void*);
  // What an error says of the value: "float64 array of shape (3, 4)".
  std::string (*describe)(const void*);
  void (*encode)(Encoder&, const void*);
  std::shared_ptr<const void> (*decode)(Decoder&);
  // What people call item i of it, where it is a list of names; null where it is none.
  std::string (*item_name)(const void*, std::size_t) = nullptr;
};

// The one ValueType of T; specialised beside each type.
template <class T>
const ValueType& value_type();

class Value {
 public:
  // The value of a task that yields nothing.
  Value() = default;

  template <class T>
  static Value of(T value) {
    return Value(&value_type<T>(), std::make_shared<const T>(std::move(value)));
  }
  Value(const ValueType* type, std::shared_ptr<const void> data) : type_(type), data_(std::move(data)) {}

  explicit operator bool() const { return type_ != nullptr; }
  const ValueType* type() const { return type_; }
  const void* data() const { return data_.get(); }
  long use_count() const { return data_.use_count(); }
  bool same_as(const Value& other) const { return data_ == other.data_; }

  template <class T>
  const T* get_if() const {
    return type_ == &value_type<T>() ? static_cast<const T*>(data_.get()) : nullptr;
  }
  template <class T>
  const T& as() const {
    const T* value = get_if<T>();
    PLAIT_CHECK(value != nullptr);
    return *value;
  }

  std::size_t num_bytes() const { return type_ ? type_->num_bytes(data_.get()) : 0; }
  std::string describe() const { return type_ ? type_->describe(data_.get()) : "nothing"; }

 private:
  const ValueType* type_ = nullptr;
  std::shared_ptr<const void> data_;
};

// Called once a type at start-up; registering the same type again does nothing.
void register_value_type(const ValueType& type);

// A field of kernel parameters or of a record may be a Value: it is written with its type's name.
template <>
struct Codec<Value> {
  static void encode(Encoder& to, const Value& value);
  static Value decode(Decoder& from);
};

Record encode_value(const Value& value);
// Throws Error(io) if the record names an unknown type or is damaged.
Value decode_value(const Record& record);

// Values side by side: the blocks of a collection, or a Python list.
struct Sequence {
  std::vector<Value> items;
};
template <>
const ValueType& value_type<Sequence>();

class NdArray;
template <>
const ValueType& value_type<NdArray>();

// The types of this module. Called by plait's start-up.
void register_base_value_types();

}  // namespace plait
