#include "kernels/array/random/sampling.h"

#include <fmt/format.h>
#include <numpy/random/distributions.h>

#include <algorithm>
#include <numeric>
#include <unordered_set>

#include "plait/error.h"

namespace plait {
namespace {

// The last numbers of `positions` shuffled, down to position `end`: all others stay in reach of the swaps.
template <class DrawIndex>
void shuffle_tail(std::span<std::int64_t> positions, std::int64_t end, DrawIndex draw_index) {
  for (auto i = static_cast<std::int64_t>(positions.size()) - 1; i >= end; --i) {
    std::swap(positions[i], positions[static_cast<std::int64_t>(draw_index(i))]);
  }
}

std::vector<std::int64_t> numbers_below(std::int64_t n) {
  std::vector<std::int64_t> numbers(n);
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

void sample_by_shuffle(Draws& draws, std::int64_t population, std::int64_t* out, std::int64_t n) {
  std::vector<std::int64_t> positions = numbers_below(population);
  shuffle_tail(positions, std::max<std::int64_t>(population - n, 1),
               [&](std::int64_t last) { return random_bounded_uint64(draws.words(), 0, last, 0, false); });
  std::copy_n(positions.end() - n, n, out);
}

// Floyd's algorithm: n draws, whatever the population.
void sample_by_set(Draws& draws, std::int64_t population, bool shuffle, std::int64_t* out, std::int64_t n) {
  std::unordered_set<std::int64_t> taken;
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t last = population - n + i;
    const auto drawn = static_cast<std::int64_t>(random_bounded_uint64(draws.words(), 0, last, 0, false));
    out[i] = taken.insert(drawn).second ? drawn : last;
    taken.insert(out[i]);
  }
  if (!shuffle) return;
  shuffle_tail({out, static_cast<std::size_t>(n)}, 1,
               [&](std::int64_t last) { return random_bounded_uint64(draws.words(), 0, last, 0, false); });
}

void sample_evenly(Draws& draws, const Distribution& choice, std::int64_t* out, std::int64_t n) {
  const auto population = static_cast<std::int64_t>(choice.range) + 1;
  const std::int64_t cutoff = choice.shuffle ? 50 : 20;
  if (population > 10000 && n > population / cutoff) return sample_by_shuffle(draws, population, out, n);
  sample_by_set(draws, population, choice.shuffle, out, n);
}

void sample_by_permutation(Draws& draws, const Distribution& choice, std::int64_t* out, std::int64_t n) {
  std::vector<std::int64_t> positions = numbers_below(static_cast<std::int64_t>(choice.range) + 1);
  shuffle_tail(positions, 1, [&](std::int64_t last) { return random_interval(draws.words(), last); });
  std::copy_n(positions.begin(), n, out);
}

// Draws as many as are missing, keeps the first of each, and goes on with the probabilities of those taken set to zero.
void sample_by_probability(Draws& draws, const Distribution& choice, std::int64_t* out, std::int64_t n) {
  std::vector<double> probabilities = choice.parameters;
  const auto num_possible = std::count_if(probabilities.begin(), probabilities.end(), [](double p) { return p > 0; });
  if (num_possible < n) {
    throw value_error(fmt::format("choice: {} elements without replacement, but only {} have a probability above 0", n,
                                  num_possible));
  }
  for (std::int64_t found = 0; found < n;) {
    std::vector<double> points(n - found);
    for (double& point : points) point = draws.next_double();
    for (std::int64_t i = 0; i < found; ++i) probabilities[out[i]] = 0;
    const std::vector<double> cumulative = cumulative_probabilities(probabilities);
    const std::int64_t before = found;
    for (const double point : points) {
      const std::int64_t at = std::upper_bound(cumulative.begin(), cumulative.end(), point) - cumulative.begin();
      if (std::find(out + before, out + found, at) == out + found) out[found++] = at;
    }
  }
}

}  // namespace

std::vector<double> cumulative_probabilities(std::span<const double> probabilities) {
  std::vector<double> sums(probabilities.size());
  std::partial_sum(probabilities.begin(), probabilities.end(), sums.begin());
  if (sums.empty()) return sums;
  const double last = sums.back();
  for (double& sum : sums) sum /= last;
  return sums;
}

void sample_without_replacement(Draws& draws, StreamKind stream, const Distribution& choice, std::int64_t* out,
                                std::int64_t n) {
  const std::uint64_t population = choice.range + 1;
  if (static_cast<std::uint64_t>(n) > population) {
    throw value_error(fmt::format("choice: {} elements without replacement from a population of {}", n, population));
  }
  if (!choice.parameters.empty()) return sample_by_probability(draws, choice, out, n);
  if (stream == StreamKind::mt19937) return sample_by_permutation(draws, choice, out, n);
  sample_evenly(draws, choice, out, n);
}

}  // namespace plait
