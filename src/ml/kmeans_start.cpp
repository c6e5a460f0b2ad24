#include "ml/kmeans_start.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "ml/center_tiles.h"
#include "ml/tree_split.h"

namespace plait::ml {
namespace {

// Few rows with weights, in memory.
struct Candidates {
  std::vector<double> rows;
  std::vector<double> weights;
  std::int64_t columns = 0;
  std::int64_t count() const { return std::ssize(weights); }
  const double* row(std::int64_t i) const { return rows.data() + i * columns; }
};

// K-means++ that tries several rows for each center and takes the best.
std::vector<double> chosen_centers(const Candidates& from, std::int64_t clusters, std::uint64_t key) {
  KeyedNumbers numbers(key);
  const int tries = 2 + static_cast<int>(std::log(static_cast<double>(clusters)));
  std::vector<double> centers;
  std::vector<double> near(static_cast<std::size_t>(from.count()), std::numeric_limits<double>::infinity());
  const auto draw = [&] {
    double total = 0;
    const auto share = [&](std::int64_t i) {
      const auto at = static_cast<std::size_t>(i);
      return from.weights[at] * (centers.empty() ? 1 : near[at]);
    };
    for (std::int64_t i = 0; i < from.count(); ++i) total += share(i);
    double left = numbers.uniform() * total;
    std::int64_t last = 0;
    for (std::int64_t i = 0; i < from.count(); ++i) {
      if (share(i) <= 0) continue;
      last = i;
      left -= share(i);
      if (left < 0) break;
    }
    return last;
  };
  while (std::ssize(centers) < clusters * from.columns) {
    std::vector<double> best;
    double least = std::numeric_limits<double>::infinity();
    std::int64_t chosen = 0;
    for (int attempt = 0; attempt < tries; ++attempt) {
      const std::int64_t row = draw();
      std::vector<double> then = near;
      double cost = 0;
      for (std::int64_t i = 0; i < from.count(); ++i) {
        const auto at = static_cast<std::size_t>(i);
        then[at] = std::min(then[at], squared_distance(from.row(i), from.row(row), from.columns));
        cost += from.weights[at] * then[at];
      }
      if (!(cost < least)) continue;
      least = cost;
      best = std::move(then);
      chosen = row;
    }
    if (!best.empty()) near = std::move(best);
    centers.insert(centers.end(), from.row(chosen), from.row(chosen) + from.columns);
  }
  return centers;
}

// Bahmani et al., "Scalable k-means++" (2012): rounds that draw many rows, and a choice among these, each with the
// weight of the rows that are nearest to it.
std::vector<double> scalable_centers(const KMeansRows& rows, const KMeansOptions& options) {
  Candidates from{.columns = rows.columns()};
  from.rows = rows.drawn({.wanted = 1, .by_distance = false, .key = mixed(options.seed)});
  const auto a_round =
      static_cast<std::int64_t>(std::ceil(options.oversampling * static_cast<double>(options.clusters)));
  for (std::int64_t round = 0; round < options.init_rounds; ++round) {
    const std::vector<double> more =
        rows.drawn({.centers = from.rows,
                    .wanted = a_round,
                    .key = mixed(options.seed ^ mixed(static_cast<std::uint64_t>(round + 1)))});
    if (more.empty()) break;
    from.rows.insert(from.rows.end(), more.begin(), more.end());
  }
  const NdArray sums = rows.sums(from.rows);
  const std::int64_t width = from.columns + 1;
  for (std::int64_t i = 0; i < std::ssize(from.rows) / from.columns; ++i)
    from.weights.push_back(static_cast<double>(sums.data<std::int64_t>()[i * width + from.columns]));
  return chosen_centers(from, options.clusters, mixed(options.seed + 1));
}

// Some rows, any of them; the first one again where there are too few that have weight.
std::vector<double> random_centers(const KMeansRows& rows, const KMeansOptions& options) {
  std::vector<double> drawn =
      rows.drawn({.wanted = options.clusters, .by_distance = false, .key = mixed(options.seed)});
  const std::vector<double> first(drawn.begin(), drawn.begin() + rows.columns());
  while (std::ssize(drawn) < options.clusters * rows.columns()) drawn.insert(drawn.end(), first.begin(), first.end());
  return drawn;
}

}  // namespace

std::vector<double> first_centers(const KMeansRows& rows, const KMeansOptions& options) {
  if (options.centers) {
    const NdArray held = as_doubles(*options.centers);
    if (held.shape() != Shape{options.clusters, rows.columns()})
      throw value_error(fmt::format("The shape of the initial centers {} does not match n_clusters={} and {} features",
                                    to_string(held.shape()), options.clusters, rows.columns()));
    return {held.data<double>(), held.data<double>() + held.size()};
  }
  if (options.init == "random") return random_centers(rows, options);
  if (options.init == "k-means||" || options.init == "k-means++") return scalable_centers(rows, options);
  throw value_error(
      fmt::format("init='{}': expected 'k-means||', 'k-means++', 'random' or an array of centers", options.init));
}

}  // namespace plait::ml
