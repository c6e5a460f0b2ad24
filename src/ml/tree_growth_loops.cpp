#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>

#include "ml/tree_growth.h"

namespace plait::ml {
namespace {

constexpr int kTogether = 4;
// Up to here bins are found by the rows that fall into them, beyond by looking at every bin.
constexpr std::int64_t kFewRows = 512;

// Records that lie side by side; two places for them, from one of which they move to the other.
class Records {
 public:
  Records(std::int64_t count, std::int64_t stride)
      : words_(static_cast<std::size_t>(stride / 8)),
        places_{std::vector<std::uint64_t>(static_cast<std::size_t>(count) * words_),
                std::vector<std::uint64_t>(static_cast<std::size_t>(count) * words_)} {}

  std::uint64_t* at(bool side, std::int64_t row) {
    return places_[side].data() + static_cast<std::size_t>(row) * words_;
  }
  std::size_t words() const { return words_; }
  std::int64_t stride() const { return static_cast<std::int64_t>(words_ * 8); }

  // Rows [begin, end) of one side to the same range of the other: those that go left from the front, the rest from the
  // back. Returns where the right ones begin.
  std::int64_t part(bool side, std::int64_t begin, std::int64_t end, int feature, int bin) {
    switch (words_) {
      case 3:
        return part_words<3>(side, begin, end, feature, bin);
      case 4:
        return part_words<4>(side, begin, end, feature, bin);
      case 5:
        return part_words<5>(side, begin, end, feature, bin);
      default:
        return part_words<0>(side, begin, end, feature, bin);
    }
  }

 private:
  template <std::size_t N>
  std::int64_t part_words(bool side, std::int64_t begin, std::int64_t end, int feature, int bin) {
    const std::size_t words = N == 0 ? words_ : N;
    const std::uint64_t* from = at(side, begin);
    std::uint64_t* low = at(!side, begin);
    std::uint64_t* high = at(!side, end);
    const std::ptrdiff_t place = kRecordHead + feature;
    for (std::int64_t row = begin; row < end; ++row, from += words) {
      const bool is_left = reinterpret_cast<const std::uint8_t*>(from)[place] <= bin;
      high -= is_left ? 0 : words;
      std::uint64_t* to = is_left ? low : high;
      low += is_left ? words : 0;
      for (std::size_t i = 0; i < words; ++i) to[i] = from[i];
    }
    return begin + (low - at(!side, begin)) / static_cast<std::ptrdiff_t>(words);
  }

  std::size_t words_;
  std::array<std::vector<std::uint64_t>, 2> places_;
};

// Histograms of a range of records, for a few features at once.
class Histograms {
 public:
  Histograms(const TreeRules& rules, Records& records)
      : rules_(rules),
        records_(records),
        width_(rules.num_sums() + (rules.min_samples_leaf > 1 ? 1 : 0)),
        sums_(static_cast<std::size_t>(kTogether * kMaxBins * width_)) {}

  void begin_node(bool side, std::int64_t begin, std::int64_t end) {
    side_ = side;
    begin_ = begin;
    end_ = end;
    held_.fill(-1);
  }

  void make(std::span<const int> features, std::span<BinSums> out) {
    if (features.size() == 1) {
      for (std::size_t i = 0; i < held_.size(); ++i) {
        if (held_[i] != features[0]) continue;
        out[0] = bins_[i];
        return;
      }
    }
    clear();
    for (std::size_t i = 0; i < features.size(); ++i) {
      held_[i] = features[i];
      bins_[i] = {.sums = sums_.data() + static_cast<std::ptrdiff_t>(i) * kMaxBins * width_, .width = width_};
    }
    const bool counts = width_ > rules_.num_sums();
    if (rules_.classes == 2 && !counts) {
      fill<2, false>(features);
    } else if (rules_.classes > 0) {
      counts ? fill<1, true>(features) : fill<1, false>(features);
    } else {
      counts ? fill<0, true>(features) : fill<0, false>(features);
    }
    if (end_ - begin_ > kFewRows) {
      for (std::size_t i = 0; i < features.size(); ++i) find_used(bins_[i]);
    }
    for (std::size_t i = 0; i < features.size(); ++i) out[i] = bins_[i];
  }

 private:
  // Kind: 0 targets, 1 classes, 2 two classes.
  template <int Kind, bool Counts>
  void fill(std::span<const int> features) {
    if (end_ - begin_ <= kFewRows) return fill_features<Kind, Counts, true>(features);
    fill_features<Kind, Counts, false>(features);
  }

  template <int Kind, bool Counts, bool Few>
  void fill_features(std::span<const int> features) {
    const std::size_t words = records_.words();
    const std::uint64_t* record = records_.at(side_, begin_);
    const std::ptrdiff_t width = Kind == 2 ? 2 : width_;
    for (std::int64_t row = begin_; row < end_; ++row, record += words) {
      const auto first = static_cast<std::int64_t>(record[0]);
      const auto weight = static_cast<std::int64_t>(record[1]);
      const auto* row_bins = reinterpret_cast<const std::uint8_t*>(record) + kRecordHead;
      for (std::size_t i = 0; i < features.size(); ++i) {
        const std::uint8_t bin = row_bins[features[i]];
        std::int64_t* to = sums_.data() + (static_cast<std::ptrdiff_t>(i) * kMaxBins + bin) * width;
        if constexpr (Kind == 0) {
          to[0] += first;
          to[1] += weight;
        } else {
          to[first] += weight;
        }
        if constexpr (Counts) to[width - 1] += 1;
        if constexpr (Few) bins_[i].used[bin / 64] |= std::uint64_t{1} << (bin % 64);
      }
    }
  }

  void find_used(BinSums& bins) const {
    for (int bin = 0; bin < kMaxBins; ++bin) {
      std::int64_t any = 0;
      for (int i = 0; i < width_; ++i) any |= bins.sums[bin * width_ + i];
      bins.used[static_cast<std::size_t>(bin / 64)] |= std::uint64_t{any != 0} << (bin % 64);
    }
  }

  // Only what the last histograms have touched.
  void clear() {
    for (BinSums& bins : bins_) {
      if (!bins.sums) continue;
      auto* sums = const_cast<std::int64_t*>(bins.sums);
      for (std::size_t word = 0; word < bins.used.size(); ++word) {
        for (std::uint64_t left = bins.used[word]; left != 0; left &= left - 1) {
          const int bin = static_cast<int>(word) * 64 + std::countr_zero(left);
          std::fill_n(sums + std::ptrdiff_t{bin} * width_, width_, 0);
        }
      }
      bins = {};
    }
    held_.fill(-1);
  }

  const TreeRules& rules_;
  Records& records_;
  int width_;
  std::vector<std::int64_t> sums_;
  std::array<BinSums, kTogether> bins_;
  std::array<int, kTogether> held_{};
  bool side_ = false;
  std::int64_t begin_ = 0;
  std::int64_t end_ = 0;
};

class Grower {
 public:
  Grower(const TreeRules& rules, const BinEdges& edges, Records& records, const TaskContext& context)
      : rules_(rules), edges_(edges), records_(records), histograms_(rules, records), context_(context) {}

  Tree grow(std::int64_t count, std::uint64_t key, std::int64_t depth) {
    NodeSums root{.sums = std::vector<std::int64_t>(static_cast<std::size_t>(rules_.num_sums())), .rows = count};
    for (std::int64_t row = 0; row < count; ++row) {
      const auto* record = reinterpret_cast<const std::int64_t*>(records_.at(false, row));
      if (rules_.classes > 0) {
        root.sums[static_cast<std::size_t>(record[0])] += record[1];
      } else {
        root.sums[0] += record[0];
        root.sums[1] += record[1];
      }
    }
    look_at({.node = tree_.add(root), .side = false, .begin = 0, .end = count, .depth = depth, .key = key}, root);
    std::int64_t leaves = 1;
    while (!open_.empty() && (rules_.max_leaf_nodes < 0 || leaves < rules_.max_leaf_nodes)) {
      if (rules_.max_leaf_nodes >= 0) std::ranges::pop_heap(open_, std::ranges::less{}, &Open::gain);
      const Open next = std::move(open_.back());
      open_.pop_back();
      split(next);
      ++leaves;
    }
    return std::move(tree_);
  }

 private:
  struct Open {
    std::int32_t node = 0;
    bool side = false;
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::int64_t depth = 0;
    std::uint64_t key = 0;
    double gain = 0;
    Cut cut;
  };

  // Finds the cut of a node and puts it among the open ones, unless it stays a leaf.
  void look_at(Open open, const NodeSums& sums) {
    if (stays_leaf(rules_, sums, open.depth) || has_one_target(open)) return;
    rows_since_check_ += open.end - open.begin;
    if (rows_since_check_ > 1 << 16) {
      context_.check_cancelled();
      rows_since_check_ = 0;
    }
    histograms_.begin_node(open.side, open.begin, open.end);
    open.cut = best_cut(rules_, edges_, sums, open.key, [this](std::span<const int> features, std::span<BinSums> out) {
      histograms_.make(features, out);
    });
    if (open.cut.feature < 0) return;
    open.gain = open.cut.gain;
    open_.push_back(std::move(open));
    if (rules_.max_leaf_nodes >= 0) std::ranges::push_heap(open_, std::ranges::less{}, &Open::gain);
  }

  void split(const Open& open) {
    const std::int64_t middle = records_.part(open.side, open.begin, open.end, open.cut.feature, open.cut.bin);
    Cut cut = open.cut;
    cut.left.rows = middle - open.begin;
    cut.right.rows = open.end - middle;
    tree_.split(open.node, cut);
    const std::int32_t left = tree_.left[static_cast<std::size_t>(open.node)];
    look_at({.node = left,
             .side = !open.side,
             .begin = open.begin,
             .end = middle,
             .depth = open.depth + 1,
             .key = child_key(open.key, true)},
            cut.left);
    look_at({.node = left + 1,
             .side = !open.side,
             .begin = middle,
             .end = open.end,
             .depth = open.depth + 1,
             .key = child_key(open.key, false)},
            cut.right);
  }

  // Weighted targets that are all the same multiple of their weights, up to what rounding has left.
  bool has_one_target(const Open& open) {
    if (rules_.classes > 0) return false;
    const auto* first = reinterpret_cast<const std::int64_t*>(records_.at(open.side, open.begin));
    for (std::int64_t row = open.begin + 1; row < open.end; ++row) {
      const auto* record = reinterpret_cast<const std::int64_t*>(records_.at(open.side, row));
      const __int128 apart = static_cast<__int128>(record[0]) * first[1] - static_cast<__int128>(first[0]) * record[1];
      const std::int64_t rounded =
          rules_.is_weighted ? record[1] + first[1] + std::abs(record[0]) + std::abs(first[0]) : 0;
      if (apart > rounded || -apart > rounded) return false;
    }
    return true;
  }

  const TreeRules& rules_;
  const BinEdges& edges_;
  Records& records_;
  Histograms histograms_;
  const TaskContext& context_;
  Tree tree_;
  std::vector<Open> open_;
  std::int64_t rows_since_check_ = 0;
};

}  // namespace

Tree grow_tree(const TreeRules& rules, const BinEdges& edges, std::span<const NdArray* const> pieces, std::uint64_t key,
               std::int64_t depth, const TaskContext& context) {
  std::int64_t count = 0;
  for (const NdArray* piece : pieces) count += piece->shape()[0];
  Records records(count, record_bytes(rules.features));
  std::int64_t row = 0;
  for (const NdArray* piece : pieces) {
    const NdArray held = piece->contiguous();
    if (held.shape()[0] == 0) continue;
    std::memcpy(records.at(false, row), held.bytes(), held.num_bytes());
    row += held.shape()[0];
  }
  return in_order(Grower(rules, edges, records, context).grow(count, key, depth), rules.num_sums());
}

}  // namespace plait::ml
