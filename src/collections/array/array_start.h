// What arrays need to be made known before the first plan.
#pragma once

namespace plait {

// The kernels of arrays. Called once at start-up.
void start_arrays();

}  // namespace plait
