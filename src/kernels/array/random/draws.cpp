#include "kernels/array/random/draws.h"

#include <numpy/random/distributions.h>

#include <cmath>

namespace plait {

Draws::Draws(bitgen* words) : words_(words), binomial_(new s_binomial_t{}) {}
Draws::~Draws() { delete binomial_; }

double Draws::next_double() { return words_->next_double(words_->state); }

// The polar method: a point in the unit circle gives two numbers, of which the first is kept.
double Draws::next_legacy_normal() {
  if (has_kept_normal_) {
    has_kept_normal_ = false;
    return kept_normal_;
  }
  double x = 0;
  double y = 0;
  double squared_radius = 0;
  do {
    x = 2.0 * next_double() - 1.0;
    y = 2.0 * next_double() - 1.0;
    squared_radius = x * x + y * y;
  } while (squared_radius >= 1.0 || squared_radius == 0.0);
  const double factor = std::sqrt(-2.0 * std::log(squared_radius) / squared_radius);
  kept_normal_ = factor * x;
  has_kept_normal_ = true;
  return factor * y;
}

}  // namespace plait
