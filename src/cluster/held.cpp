#include "cluster/held.h"

#include "base/elsewhere.h"
#include "cluster/unsendable.h"

namespace plait::cluster {

const Graph& HeldGraph::graph() {
  std::optional<Parcel> parcel;
  {
    std::lock_guard lock(mutex_);
    if (error_) std::rethrow_exception(error_);
    if (graph_) return *graph_;
    parcel = parcel_;
  }
  std::shared_ptr<const Graph> read;
  std::exception_ptr error;
  try {
    const Record record = parcel->unpack();
    Decoder from(record);
    read = std::make_shared<const Graph>(decode<Graph>(from));
  } catch (...) {
    error = std::current_exception();
  }
  std::lock_guard lock(mutex_);
  if (!graph_ && !error_) {
    graph_ = std::move(read);
    error_ = error;
    parcel_.reset();
  }
  if (error_) std::rethrow_exception(error_);
  return *graph_;
}

Value HeldValue::value() {
  std::optional<Parcel> parcel;
  {
    std::lock_guard lock(mutex_);
    if (value_) return *value_;
    parcel = parcel_;
  }
  Value read = opened(parcel->value());
  std::lock_guard lock(mutex_);
  if (!value_) value_ = std::move(read);
  return *value_;
}

bool HeldValue::is_damaged() {
  std::optional<Parcel> parcel;
  {
    std::lock_guard lock(mutex_);
    parcel = parcel_;
  }
  try {
    if (parcel) parcel->unpack();
    return false;
  } catch (const Error& error) {
    return error.kind() == ErrorKind::io;
  }
}

Parcel HeldValue::parcel() {
  std::optional<Value> value;
  {
    std::lock_guard lock(mutex_);
    if (parcel_) return *parcel_;
    value = value_;
  }
  try {
    return Parcel::of_value(*value);
  } catch (...) {
    return Parcel::of_value(Value::of(Unsendable{fault_of(std::current_exception())}));
  }
}

Value HeldValue::as_it_is() {
  {
    std::lock_guard lock(mutex_);
    if (parcel_ && !parcel_->is_inline()) return Value::of(*parcel_);
    if (value_) return *value_;
  }
  return value();
}

}  // namespace plait::cluster
