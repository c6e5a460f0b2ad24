// The public forms of arguments, as the operations take them.
#pragma once

#include <source_location>

#include "collections/array/normalize_chunks.h"
#include "expr/expr.h"
#include "plait/chunks.h"

namespace plait {

ChunkSpec chunk_spec(const ChunkArgument& argument);

// "prog.cpp:12, in main" as the line that nodes made now belong to.
SourceScope source_scope(const std::source_location& where);

}  // namespace plait
