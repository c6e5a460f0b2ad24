// Settings of a run as the public face has them, for the drivers of the engine.
#pragma once

#include "expr/plan.h"
#include "plait/compute.h"

namespace plait {

ComputeOptions compute_options(const RunSettings& settings);

}  // namespace plait
