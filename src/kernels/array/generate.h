// Kernels that make a block from a few numbers.
#pragma once

#include <optional>

#include "base/kernel.h"
#include "plait/dtype.h"

namespace plait {

struct FillParams {
  Value value;  // a 0-d array
  Shape shape;
  static constexpr auto fields = std::tuple{&FillParams::value, &FillParams::shape};
};

// Element i of the block is number first + i of the whole range.
struct RangeParams {
  DType dtype = DType::float64;
  double start = 0;
  double step = 1;
  std::int64_t integer_start = 0;
  std::int64_t integer_step = 1;
  std::int64_t first = 0;
  std::int64_t count = 0;
  std::optional<double> last;  // replaces the block's last element
  static constexpr auto fields =
      std::tuple{&RangeParams::dtype,        &RangeParams::start, &RangeParams::step,  &RangeParams::integer_start,
                 &RangeParams::integer_step, &RangeParams::first, &RangeParams::count, &RangeParams::last};
};

struct EyeParams {
  DType dtype = DType::float64;
  Shape shape;
  std::int64_t diagonal = 0;  // ones where column - row equals this, counted within the block
  static constexpr auto fields = std::tuple{&EyeParams::dtype, &EyeParams::shape, &EyeParams::diagonal};
};

inline constinit KernelId<FillParams> fill_kernel{"fill"};
inline constinit KernelId<RangeParams> range_kernel{"range"};
inline constinit KernelId<EyeParams> eye_kernel{"eye"};
void register_generate_kernels();

}  // namespace plait
