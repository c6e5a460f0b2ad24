// The public forms of arguments, as the operations take them.
#pragma once

#include "collections/array/normalize_chunks.h"
#include "collections/source_line.h"
#include "plait/chunks.h"

namespace plait {

ChunkSpec chunk_spec(const ChunkArgument& argument);

}  // namespace plait
