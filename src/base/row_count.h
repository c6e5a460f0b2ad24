// How many rows a value has, for people who look at a run. Tables have rows; of other values nothing is known.
#pragma once

#include <cstdint>
#include <optional>

#include "base/value.h"

namespace plait {

// Once a type, at start-up.
void register_row_count(const ValueType& type, std::int64_t (*count)(const void*));

std::optional<std::int64_t> row_count(const Value& value);

}  // namespace plait
