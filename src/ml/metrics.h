#pragma once

namespace plait::ml {

void register_metric_kernels();

}  // namespace plait::ml
