#pragma once

namespace plait::ml {

void register_admm_kernels();

}  // namespace plait::ml
