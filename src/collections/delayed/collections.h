// Collections whose blocks are delayed values of C++.
#pragma once

namespace plait {

// The kernels that check such values. Called by start().
void register_delayed_kernels();

}  // namespace plait
