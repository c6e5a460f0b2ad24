// What linear models make of rows: scores, probabilities, labels.
#pragma once

#include "base/kernel.h"

namespace plait::ml {

void register_linear_map_kernels();

}  // namespace plait::ml
