// The kernels of plait/ml/text.h.
#pragma once

namespace plait::ml {

void register_text_kernels();

}  // namespace plait::ml
