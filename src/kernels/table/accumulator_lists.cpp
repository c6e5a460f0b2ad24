// Aggregates that keep values: the different ones (nunique), or all of them (median). Their state is one list a group.
#include <arrow/compute/api.h>

#include <algorithm>

#include "base/buffer.h"
#include "kernels/table/accumulator_parts.h"
#include "kernels/table/column_output.h"
#include "kernels/table/key_column.h"
#include "kernels/table/type_rules.h"

namespace plait {
namespace {

using Arrays = std::vector<std::shared_ptr<arrow::Array>>;

std::shared_ptr<arrow::Array> list_array(const PooledVector<std::int64_t>& starts,
                                         const std::shared_ptr<arrow::Array>& items) {
  auto offsets = array_of_integers(starts, -1, arrow::int64());
  return value_or_throw(arrow::LargeListArray::FromArrays(*offsets, *items), "lists");
}

// Group ids for the items of lists whose groups are `ids`.
PooledVector<std::uint32_t> spread(const arrow::LargeListArray& lists, const std::uint32_t* ids) {
  PooledVector<std::uint32_t> of_items;
  of_items.reserve(static_cast<std::size_t>(lists.value_offset(lists.length()) - lists.value_offset(0)));
  for (std::int64_t i = 0; i < lists.length(); ++i) of_items.insert(of_items.end(), lists.value_length(i), ids[i]);
  return of_items;
}

// Pairs of groups and values are gathered as they come, and from time to time put in the order of their groups with
// every pair once: that takes no hash table, and where partials have few groups in common there is nothing to drop.
class Distinct final : public Accumulator {
 public:
  explicit Distinct(std::shared_ptr<arrow::DataType> type)
      : type_(type), codes_of_values_(make_key_column(type, false)), is_one_group_(codes_of_values_->is_dense()) {}

  void update(const arrow::Array& values, const std::uint32_t* ids, std::uint32_t num_groups) override {
    const std::uint32_t num_known = codes_of_values_->num_codes();
    PooledVector<std::uint32_t> codes(static_cast<std::size_t>(values.length()));
    codes_of_values_->add(values, codes.data());
    if (is_one_group_) {
      if (std::all_of(ids, ids + values.length(), [](std::uint32_t id) { return id == 1; })) return;
      is_one_group_ = false;
      for (std::uint32_t code = 1; code <= num_known; ++code) add(1, code);
    }
    for (std::size_t i = 0; i < codes.size(); ++i) {
      if (ids[i] != 0 && codes[i] != 0) add(ids[i], codes[i]);
    }
    if (groups_.size() >= next_compaction_) {
      compact(num_groups);
      next_compaction_ = std::max(kMinPairs, 2 * groups_.size());
    }
  }
  void merge(const Arrays& state, const std::uint32_t* ids, std::uint32_t num_groups) override {
    const auto& lists = static_cast<const arrow::LargeListArray&>(*state[0]);
    // Integers of one partition may be floats in another.
    const auto items = cast_like(value_or_throw(lists.Flatten(), "nunique"), type_);
    update(*items, spread(lists, ids).data(), num_groups);
  }
  Arrays state(std::uint32_t num_groups) override {
    if (is_one_group_) {
      PooledVector<std::int64_t> starts(num_groups + std::size_t{1}, codes_of_values_->num_codes());
      starts[0] = 0;
      return {list_array(starts, decoded(codes_of_values_->values()))};
    }
    const PooledVector<std::int64_t> starts = compact(num_groups);
    PooledVector<std::int64_t> positions(codes_.size());
    for (std::size_t i = 0; i < positions.size(); ++i) positions[i] = std::int64_t{codes_[i]} - 1;
    initialize_arrow();
    auto items = value_or_throw(
        arrow::compute::Take(codes_of_values_->values(), array_of_integers(positions, -1, arrow::int64())), "nunique");
    return {list_array(starts, decoded(items.make_array()))};
  }

 private:
  static constexpr std::size_t kMinPairs = 256 * 1024;

  void add(std::uint32_t group, std::uint32_t code) {
    groups_.push_back(group);
    codes_.push_back(code);
  }

  // Leaves every pair once, by group; gives where each group's begin.
  PooledVector<std::int64_t> compact(std::uint32_t num_groups) {
    PooledVector<std::int64_t> next(num_groups + std::size_t{1}, 0);
    for (const std::uint32_t group : groups_) ++next[group];
    for (std::size_t g = 1; g < next.size(); ++g) next[g] += next[g - 1];
    // next[g - 1] is now where group g begins.
    PooledVector<std::uint32_t> sorted(codes_.size());
    for (std::size_t i = 0; i < codes_.size(); ++i)
      sorted[static_cast<std::size_t>(next[groups_[i] - 1]++)] = codes_[i];
    // ... and where it ends.
    PooledVector<std::uint32_t> last_group_of(codes_of_values_->num_codes() + std::size_t{1}, 0);
    PooledVector<std::int64_t> starts(num_groups + std::size_t{1}, 0);
    std::size_t kept = 0;
    std::size_t at = 0;
    for (std::uint32_t group = 1; group <= num_groups; ++group) {
      for (; at < static_cast<std::size_t>(next[group - 1]); ++at) {
        std::uint32_t& last = last_group_of[sorted[at]];
        if (last == group) continue;
        last = group;
        groups_[kept] = group;
        codes_[kept++] = sorted[at];
      }
      starts[group] = static_cast<std::int64_t>(kept);
    }
    groups_.resize(kept);
    codes_.resize(kept);
    return starts;
  }

  std::shared_ptr<arrow::DataType> type_;
  std::unique_ptr<KeyColumn> codes_of_values_;
  // While every value has belonged to group 1, the codes alone tell.
  bool is_one_group_;
  PooledVector<std::uint32_t> groups_;  // a pair is groups_[i], codes_[i]
  PooledVector<std::uint32_t> codes_;
  std::size_t next_compaction_ = kMinPairs;
};

class LooselyDistinct final : public Accumulator {
 public:
  explicit LooselyDistinct(const std::shared_ptr<arrow::DataType>& type)
      : type_(type), known_(make_key_column(type, false)) {}

  void update(const arrow::Array& values, const std::uint32_t*, std::uint32_t) override {
    if (num_rows_ >= kSample && known_->num_codes() > num_rows_ / 10 * 9) {
      if (const auto present = present_values(values); present->length() > 0) others_.push_back(present);
      return;
    }
    num_rows_ += values.length();
    codes_.resize(static_cast<std::size_t>(values.length()));
    known_->add(values, codes_.data());
  }
  void merge(const Arrays& state, const std::uint32_t* ids, std::uint32_t num_groups) override {
    const auto& lists = static_cast<const arrow::LargeListArray&>(*state[0]);
    update(*cast_like(value_or_throw(lists.Flatten(), "nunique"), type_), ids, num_groups);
  }
  Arrays state(std::uint32_t) override {
    arrow::ArrayVector all = others_;
    all.push_back(decoded(known_->values()));
    const auto items = all.size() == 1 ? all.front() : value_or_throw(arrow::Concatenate(all), "nunique");
    return {list_array({0, items->length()}, items)};
  }

 private:
  static constexpr std::int64_t kSample = 32 * 1024;

  std::shared_ptr<arrow::Array> present_values(const arrow::Array& values) const {
    const auto array = cast_like(arrow::MakeArray(values.data()), type_);
    PooledVector<std::int64_t> rows;
    for_each_present(values, [&](std::int64_t i, bool present) {
      if (present) rows.push_back(i);
    });
    if (static_cast<std::int64_t>(rows.size()) == values.length()) return array;
    initialize_arrow();
    return value_or_throw(arrow::compute::Take(array, array_of_integers(rows, -1, arrow::int64())), "nunique")
        .make_array();
  }

  std::shared_ptr<arrow::DataType> type_;
  std::unique_ptr<KeyColumn> known_;
  std::int64_t num_rows_ = 0;  // that `known_` has seen
  PooledVector<std::uint32_t> codes_;
  arrow::ArrayVector others_;
};

class Values final : public Accumulator {
 public:
  void update(const arrow::Array& values, const std::uint32_t* ids, std::uint32_t) override {
    visit_numbers(values, [&](const auto* from) {
      for_each_present(values, [&](std::int64_t i, bool present) {
        if (!present || ids[i] == 0) return;
        ids_.push_back(ids[i]);
        values_.push_back(static_cast<double>(from[i]));
      });
    });
  }
  void merge(const Arrays& state, const std::uint32_t* ids, std::uint32_t num_groups) override {
    const auto& lists = static_cast<const arrow::LargeListArray&>(*state[0]);
    const auto items = value_or_throw(lists.Flatten(), "median");
    update(*items, spread(lists, ids).data(), num_groups);
  }
  Arrays state(std::uint32_t num_groups) override {
    PooledVector<std::int64_t> starts(num_groups + std::size_t{1}, 0);
    for (const std::uint32_t id : ids_) ++starts[id];
    for (std::size_t g = 1; g < starts.size(); ++g) starts[g] += starts[g - 1];
    PooledVector<std::int64_t> next(starts.begin(), starts.end() - 1);
    ColumnOutput<double> items(static_cast<std::int64_t>(values_.size()));
    for (std::size_t i = 0; i < ids_.size(); ++i) items.set(next[ids_[i] - 1]++, values_[i]);
    return {list_array(starts, items.finish(arrow::float64()))};
  }

 private:
  PooledVector<std::uint32_t> ids_;  // none is 0
  PooledVector<double> values_;
};

}  // namespace

std::unique_ptr<Accumulator> make_distinct(const std::shared_ptr<arrow::DataType>& type) {
  return std::make_unique<Distinct>(type);
}
std::unique_ptr<Accumulator> make_loosely_distinct(const std::shared_ptr<arrow::DataType>& type) {
  return std::make_unique<LooselyDistinct>(type);
}
std::unique_ptr<Accumulator> make_values() { return std::make_unique<Values>(); }

}  // namespace plait
