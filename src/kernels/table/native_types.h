// For which types the engine has a native form of an operation. Decided here, once: the `require_` functions throw
// NoNativeForm, with the reason, where it is pandas' business. Tables without rows stand for what is known of a frame;
// the rest is what the kernels say themselves of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plait/table.h"

namespace plait {

// Whether a constant is of the kind of a column: it can be compared with its values, or stand among them. A missing
// value fits everywhere.
bool fits(const Literal& value, const Table& table, const std::string& column);
void require_fitting(std::string_view op, const Table& table, const std::string& column, const Literal& value);

// Bounds of numbers.
void require_native_clip(const Table& table, const std::optional<Literal>& lower, const std::optional<Literal>& upper);

}  // namespace plait
