// Values of C++ types that the engine does not know: what tasks of C++ programs yield, and calls of their functions.
#pragma once

#include <cstdint>
#include <memory>

#include "base/function.h"
#include "base/value.h"
#include "plait/graph.h"

namespace plait {

// A value of some C++ type.
struct Object {
  std::shared_ptr<const void> data;
  const detail::ObjectOps* ops;
};
template <>
const ValueType& value_type<Object>();

// The C++ object in a value, checked. What was read from a record may have another type of the same meaning (long for
// long long).
const void* object_in(const Value& value, const detail::ObjectOps& type);

// What detail::Call is while it runs.
struct RunningCall final : detail::Call {
  RunningCall(Inputs inputs, std::uint32_t index) : inputs(inputs), index(index) {}
  Inputs inputs;
  std::uint32_t index;
  Value result;
};
Function::Run calling(detail::Function function);

// Once, before the first graph.
void register_object_types();

}  // namespace plait
