// How one number of each distribution is drawn from a stream of random words: the algorithms of NumPy's Generator (its
// own library, libnpyrandom) and those that RandomState has kept since its first days.
#pragma once

#include <cstdint>

#include "kernels/array/random/distribution.h"

extern "C" {
struct bitgen;
struct s_binomial_t;
}

namespace plait {

// What a distribution draws from: a source of words and what some algorithms keep from one draw to the next.
class Draws {
 public:
  explicit Draws(bitgen* words);
  ~Draws();
  Draws(const Draws&) = delete;
  Draws& operator=(const Draws&) = delete;

  bitgen* words() { return words_; }
  s_binomial_t* binomial() { return binomial_; }
  double next_double();
  // RandomState's normal numbers come in pairs.
  double next_legacy_normal();

  // Bits that are left of a word after drawing small integers.
  int num_small_left = 0;
  std::uint32_t small_bits = 0;

 private:
  bitgen* words_;
  s_binomial_t* binomial_;
  double kept_normal_ = 0;
  bool has_kept_normal_ = false;
};

// Draws one number with the given parameters. One of the two is set, or none if the distribution is drawn otherwise.
struct Draw {
  double (*real)(Draws&, const double* parameters) = nullptr;
  std::int64_t (*whole)(Draws&, const double* parameters) = nullptr;
};
Draw generator_draw(DistributionKind kind);
Draw legacy_draw(DistributionKind kind);

}  // namespace plait
