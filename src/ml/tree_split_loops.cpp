#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "ml/tree_split.h"

namespace plait::ml {
namespace {

double square_over(double sum, double weight) { return weight > 0 ? sum * sum / weight : 0; }
double plogp(double p) { return p > 0 ? p * std::log(p) : 0; }

// The larger, the purer: a node's weighted impurity is a constant of its rows less this.
double purity(const TreeRules& rules, const std::int64_t* sums) {
  if (rules.criterion == Criterion::squared_error)
    return square_over(static_cast<double>(sums[0]), static_cast<double>(sums[1]));
  double weight = 0;
  double total = 0;
  for (std::int64_t c = 0; c < rules.classes; ++c) {
    const auto sum = static_cast<double>(sums[c]);
    weight += sum;
    total += rules.criterion == Criterion::gini ? sum * sum : plogp(sum);
  }
  if (rules.criterion == Criterion::gini) return weight > 0 ? total / weight : 0;
  return total - plogp(weight);
}

template <class F>
void for_each_used(const BinSums& bins, F&& f) {
  for (std::size_t word = 0; word < bins.used.size(); ++word) {
    for (std::uint64_t left = bins.used[word]; left != 0; left &= left - 1) {
      f(static_cast<int>(word) * 64 + std::countr_zero(left));
    }
  }
}

std::pair<int, int> first_and_last(const BinSums& bins) {
  int first = -1;
  int last = -1;
  for_each_used(bins, [&](int bin) {
    if (first < 0) first = bin;
    last = bin;
  });
  return {first, last};
}

// The rows on both sides of a cut, as it moves from bin to bin.
class Sides {
 public:
  Sides(const TreeRules& rules, const NodeSums& node)
      : rules_(rules), num_sums_(rules.num_sums()), left_(node.sums.size()), right_(node.sums) {
    right_rows_ = node.rows;
  }

  void move(const BinSums& bins, int bin) {
    const std::int64_t* from = bins.sums + std::ptrdiff_t{bin} * bins.width;
    for (int i = 0; i < num_sums_; ++i) {
      left_[i] += from[i];
      right_[i] -= from[i];
    }
    if (bins.width > num_sums_) {
      left_rows_ += from[num_sums_];
      right_rows_ -= from[num_sums_];
    }
  }
  void reset(const NodeSums& node) {
    std::ranges::fill(left_, 0);
    right_ = node.sums;
    left_rows_ = 0;
    right_rows_ = node.rows;
  }
  bool is_allowed(bool knows_rows) const {
    if (knows_rows && std::min(left_rows_, right_rows_) < rules_.min_samples_leaf) return false;
    if (rules_.min_weight_leaf <= 0) return true;
    return std::min(node_weight(rules_, left_), node_weight(rules_, right_)) >= rules_.min_weight_leaf;
  }
  double purity_of_both() const { return purity(rules_, left_.data()) + purity(rules_, right_.data()); }
  NodeSums left() const { return {left_, left_rows_}; }
  NodeSums right() const { return {right_, right_rows_}; }

 private:
  const TreeRules& rules_;
  int num_sums_;
  std::vector<std::int64_t> left_;
  std::vector<std::int64_t> right_;
  std::int64_t left_rows_ = 0;
  std::int64_t right_rows_ = 0;
};

// Of the places between two neighbouring bins that have rows, the one nearest to their middle: it parts the node's rows
// as all others do, and unseen rows best.
int middle_bin(std::span<const double> edges, const BinSums& bins, int low) {
  int high = low;
  for_each_used(bins, [&](int bin) {
    if (high == low && bin > low) high = bin;
  });
  const auto places = edges.subspan(static_cast<std::size_t>(low), static_cast<std::size_t>(high - low));
  const double middle = std::midpoint(places.front(), places.back());
  const auto above = std::ranges::lower_bound(places, middle);
  const bool is_nearer_below = above != places.begin() && middle - *(above - 1) <= *above - middle;
  return low + static_cast<int>(above - places.begin()) - (is_nearer_below ? 1 : 0);
}

struct Best {
  int feature = -1;
  int bin = 0;
  double purity = -std::numeric_limits<double>::infinity();
};

// Two classes are the common case: the same in registers.
void best_of_two_classes(const NodeSums& node, int feature, const BinSums& bins, int last, Best& best) {
  const auto total_a = static_cast<double>(node.sums[0]);
  const auto total_b = static_cast<double>(node.sums[1]);
  std::int64_t a = 0;
  std::int64_t b = 0;
  for_each_used(bins, [&](int bin) {
    if (bin == last) return;
    a += bins.sums[std::ptrdiff_t{bin} * bins.width];
    b += bins.sums[std::ptrdiff_t{bin} * bins.width + 1];
    const auto la = static_cast<double>(a);
    const auto lb = static_cast<double>(b);
    const double ra = total_a - la;
    const double rb = total_b - lb;
    const double left = la + lb;
    const double right = ra + rb;
    const double found =
        ((la * la + lb * lb) * right + (ra * ra + rb * rb) * left) / (left > 0 && right > 0 ? left * right : 1);
    if (found > best.purity && left > 0 && right > 0) best = {feature, bin, found};
  });
}

}  // namespace

std::uint64_t mixed(std::uint64_t number) {
  number += 0x9e3779b97f4a7c15ULL;
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9ULL;
  number = (number ^ (number >> 27)) * 0x94d049bb133111ebULL;
  return number ^ (number >> 31);
}

std::uint64_t KeyedNumbers::next() {
  const std::uint64_t number = mixed(state_);
  state_ += 0x9e3779b97f4a7c15ULL;
  return number;
}

double node_weight(const TreeRules& rules, std::span<const std::int64_t> sums) {
  if (rules.classes == 0) return static_cast<double>(sums[1]);
  std::int64_t weight = 0;
  for (const std::int64_t sum : sums) weight += sum;
  return static_cast<double>(weight);
}

double impurity(const TreeRules& rules, std::span<const std::int64_t> sums) {
  const double weight = node_weight(rules, sums);
  if (rules.classes == 0 || weight <= 0) return 0;
  if (rules.criterion == Criterion::gini) return 1 - purity(rules, sums.data()) / weight;
  return -purity(rules, sums.data()) / weight / std::log(2.0);
}

bool is_one_class(const TreeRules& rules, std::span<const std::int64_t> sums) {
  return rules.classes > 0 && std::ranges::count_if(sums, [](std::int64_t sum) { return sum != 0; }) <= 1;
}

bool stays_leaf(const TreeRules& rules, const NodeSums& node, std::int64_t depth) {
  return (rules.max_depth >= 0 && depth >= rules.max_depth) || node.rows < rules.min_samples_split ||
         node.rows < 2 * rules.min_samples_leaf || is_one_class(rules, node.sums) ||
         node_weight(rules, node.sums) < 2 * rules.min_weight_leaf;
}

Cut best_cut(const TreeRules& rules, const BinEdges& edges, const NodeSums& node, std::uint64_t key,
             const HistogramOf& histogram) {
  constexpr int kTogether = 4;
  KeyedNumbers numbers(key);
  std::vector<int> order(static_cast<std::size_t>(rules.features));
  for (int i = 0; i < rules.features; ++i) order[static_cast<std::size_t>(i)] = i;
  std::array<BinSums, kTogether> bins;
  Sides sides(rules, node);
  Best best;
  bool all_constant = true;
  std::int64_t looked_at = 0;
  while (looked_at < rules.features && (looked_at < rules.max_features || all_constant)) {
    const std::int64_t wanted = looked_at < rules.max_features ? rules.max_features : looked_at + 1;
    const std::int64_t count = std::min<std::int64_t>(kTogether, wanted - looked_at);
    for (std::int64_t i = looked_at; i < looked_at + count; ++i)
      std::swap(order[static_cast<std::size_t>(i)],
                order[static_cast<std::size_t>(i + numbers.below(rules.features - i))]);
    const auto drawn = std::span(order).subspan(static_cast<std::size_t>(looked_at), static_cast<std::size_t>(count));
    histogram(drawn, std::span(bins).first(static_cast<std::size_t>(count)));
    looked_at += count;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      const int feature = drawn[i];
      const double chance = rules.random_cuts ? numbers.uniform() : 0;
      const auto [first, last] = first_and_last(bins[i]);
      if (first == last) continue;
      all_constant = false;
      const bool knows_rows = bins[i].width > rules.num_sums();
      if (rules.random_cuts) {
        // Uniform between the smallest and the largest place for a cut.
        const auto places = edges.of(static_cast<std::size_t>(feature))
                                .subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first));
        const double value = places.front() + chance * (places.back() - places.front());
        const auto chosen = std::ranges::lower_bound(places, value) - places.begin();
        const int bin = first + static_cast<int>(std::min<std::ptrdiff_t>(chosen, std::ssize(places) - 1));
        sides.reset(node);
        for_each_used(bins[i], [&](int b) {
          if (b <= bin) sides.move(bins[i], b);
        });
        if (!sides.is_allowed(knows_rows)) continue;
        if (const double found = sides.purity_of_both(); found > best.purity) best = {feature, bin, found};
      } else if (rules.classes == 2 && rules.criterion == Criterion::gini && rules.min_weight_leaf <= 0 &&
                 rules.min_samples_leaf <= 1) {
        best_of_two_classes(node, feature, bins[i], last, best);
      } else {
        sides.reset(node);
        for_each_used(bins[i], [&](int bin) {
          if (bin == last) return;
          sides.move(bins[i], bin);
          if (!sides.is_allowed(knows_rows)) return;
          if (const double found = sides.purity_of_both(); found > best.purity) best = {feature, bin, found};
        });
      }
    }
  }
  if (best.feature < 0) return {};
  Cut cut{.feature = best.feature, .bin = best.bin, .gain = best.purity - purity(rules, node.sums.data())};
  if (cut.gain < rules.min_decrease && rules.min_decrease > 0) return {};
  BinSums chosen;
  histogram(std::span(&cut.feature, 1), std::span(&chosen, 1));
  sides.reset(node);
  for_each_used(chosen, [&](int bin) {
    if (bin <= cut.bin) sides.move(chosen, bin);
  });
  if (!rules.random_cuts) cut.bin = middle_bin(edges.of(static_cast<std::size_t>(cut.feature)), chosen, cut.bin);
  cut.left = sides.left();
  cut.right = sides.right();
  return cut;
}

}  // namespace plait::ml
