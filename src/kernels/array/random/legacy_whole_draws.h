// RandomState's own algorithms for whole numbers; parameters as in `Draw`.
#pragma once

#include <cstdint>

#include "kernels/array/random/draws.h"

namespace plait {

std::int64_t legacy_binomial(Draws& draws, const double* parameters);
std::int64_t legacy_geometric(Draws& draws, const double* parameters);
std::int64_t legacy_hypergeometric(Draws& draws, const double* parameters);
std::int64_t legacy_logseries(Draws& draws, const double* parameters);
std::int64_t legacy_zipf(Draws& draws, const double* parameters);

}  // namespace plait
