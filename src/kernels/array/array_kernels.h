// The kernels of this module, made known to the registry. Called once at start-up.
#pragma once

namespace plait {

// Those of tile_program.h, combine.h, matmul.h and sequence_part.h.
void register_array_kernels();

}  // namespace plait
