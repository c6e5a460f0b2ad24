// Sums of products of blocks with any number of axes, by products of matrices.
#pragma once

#include "base/kernel.h"
#include "plait/ndarray.h"

namespace plait {

// Inputs are a0, b0, a1, b1, ...; the axes of ai are (shared, own, summed), those of bi (shared, summed, own). The
// result has the axes (shared, own of a, own of b) and is the sum over the pairs.
struct ContractParams {
  DType dtype = DType::float64;  // of the result; operands are converted to it
  std::int64_t num_shared = 0;
  std::int64_t num_summed = 0;
  bool adds_axis = false;  // of extent one, in front of the result
  static constexpr auto fields = std::tuple{&ContractParams::dtype, &ContractParams::num_shared,
                                            &ContractParams::num_summed, &ContractParams::adds_axis};
};

inline constinit KernelId<ContractParams> contract_kernel{"contract"};
void register_contract_kernels();

}  // namespace plait
