#include "cluster/held.h"

#include "base/elsewhere.h"
#include "cluster/unsendable.h"

namespace plait::cluster {

const Graph& HeldGraph::graph() {
  std::lock_guard lock(mutex_);
  if (error_) std::rethrow_exception(error_);
  if (graph_) return *graph_;
  try {
    const Record record = parcel_->unpack();
    Decoder from(record);
    graph_ = decode<Graph>(from);
    parcel_.reset();
  } catch (...) {
    error_ = std::current_exception();
    throw;
  }
  return *graph_;
}

Value HeldValue::value() {
  std::lock_guard lock(mutex_);
  if (!value_) value_ = opened(parcel_->value());
  return *value_;
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
  std::lock_guard lock(mutex_);
  return parcel_ && !parcel_->is_inline() ? Value::of(*parcel_) : value_ ? *value_ : parcel_->value();
}

}  // namespace plait::cluster
