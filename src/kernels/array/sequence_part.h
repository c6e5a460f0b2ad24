// One of the arrays that a kernel with several results gives as a Sequence.
#pragma once

#include "base/kernel.h"

namespace plait {

struct SequencePartParams {
  std::int64_t part = 0;
  static constexpr auto fields = std::tuple{&SequencePartParams::part};
};
inline constinit KernelId<SequencePartParams> sequence_part_kernel{"sequence_part"};

}  // namespace plait
