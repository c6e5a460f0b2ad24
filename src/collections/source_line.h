// The caller's line of a call of the C++ face.
#pragma once

#include <source_location>

#include "expr/expr.h"

namespace plait {

// "prog.cpp:12, in main" as the line that nodes made now belong to; inside another scope,
// that one's. A location that says nothing gives none.
SourceScope source_scope(const std::source_location& where);

}  // namespace plait
