// Values that are elsewhere: one of a type that stands for a value in shared memory that nobody has decoded, or on
// another machine. They are passed on as they are, and opened where somebody wants the value itself.
#pragma once

#include <cstddef>

#include "base/value.h"

namespace plait {

// Makes values of `type` known as such, at start-up. `open` brings the value here and says how much memory that took;
// it throws Error(io) if the value is damaged or gone.
using OpenValue = Value (*)(const void* data, std::size_t& new_bytes);
void register_elsewhere(const ValueType& type, OpenValue open);

bool is_elsewhere(const Value& value);
// The value itself: this one, unless it is elsewhere.
Value opened(const Value& value);
Value opened(const Value& value, std::size_t& new_bytes);

}  // namespace plait
