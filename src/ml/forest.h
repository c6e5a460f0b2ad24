// The forests of plait/ml/forest.h, and the kernels that they are made by.
#pragma once

#include <optional>

#include "expr/plan.h"
#include "plait/ml/forest.h"

namespace plait::ml {

Forest grow_forest(const Array& rows, const Array& targets, const std::optional<Array>& weights,
                   const ForestOptions& options, const ComputeOptions& run);

void register_forest_kernels();
void register_forest_value_kernels();

}  // namespace plait::ml
