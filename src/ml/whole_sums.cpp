#include "ml/whole_sums.h"

#include <algorithm>
#include <cmath>

#include "plait/ndarray.h"

namespace plait::ml {
namespace {

Value added(Inputs partials, const TaskContext&) {
  NdArray total = partials[0].as<NdArray>().copy();
  auto* to = total.mutable_data<std::int64_t>();
  for (const Value& partial : partials.subspan(1)) {
    const NdArray held = partial.as<NdArray>().contiguous();
    const auto* from = held.data<std::int64_t>();
    for (std::int64_t i = 0; i < total.size(); ++i) to[i] += from[i];
  }
  return Value::of(std::move(total));
}

}  // namespace

double fixed_scale(double most, double count) {
  if (!(most > 0)) return 1;
  const double bits = std::min(48.0, 61 - std::ceil(std::log2(std::max(1.0, count))));
  return std::exp2(bits - std::ceil(std::log2(most)));
}

void register_whole_sum_kernels() { define(add_whole_kernel, "Whole numbers added up.", added); }

}  // namespace plait::ml
