// The kernels of this module, made known to the registry. Called once at start-up.
#pragma once

namespace plait {

// "tiles", "combine_partials", "matmul".
void register_array_kernels();

}  // namespace plait
