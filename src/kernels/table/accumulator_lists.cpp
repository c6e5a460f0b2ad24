// Aggregates that keep values: the different ones (nunique), or all of them (median). Their state is one list a group.
#include <arrow/compute/api.h>

#include <algorithm>

#include "kernels/table/accumulator_parts.h"
#include "kernels/table/dense_map.h"
#include "kernels/table/key_column.h"

namespace plait {
namespace {

using Arrays = std::vector<std::shared_ptr<arrow::Array>>;

// Positions of items in the order of their groups (stable), and where each group's begin.
struct Grouped {
  std::vector<std::int64_t> order;
  std::vector<std::int64_t> starts;  // by group - 1; one more at the end
};

Grouped grouped(const std::vector<std::uint32_t>& ids, std::uint32_t num_groups) {
  Grouped out{{}, std::vector<std::int64_t>(num_groups + 1, 0)};
  for (std::uint32_t id : ids) {
    if (id != 0) ++out.starts[id];
  }
  for (std::size_t g = 1; g < out.starts.size(); ++g) out.starts[g] += out.starts[g - 1];
  out.order.resize(out.starts.back());
  std::vector<std::int64_t> next(out.starts.begin(), out.starts.end() - 1);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] != 0) out.order[next[ids[i] - 1]++] = static_cast<std::int64_t>(i);
  }
  return out;
}

std::shared_ptr<arrow::Array> list_array(const std::vector<std::int64_t>& starts,
                                         const std::shared_ptr<arrow::Array>& items) {
  auto offsets = array_of_integers(starts, -1, arrow::int64());
  return value_or_throw(arrow::LargeListArray::FromArrays(*offsets, *items), "lists");
}

// Group ids for the items of lists whose groups are `ids`.
std::vector<std::uint32_t> spread(const arrow::LargeListArray& lists, const std::uint32_t* ids) {
  std::vector<std::uint32_t> of_items;
  for (std::int64_t i = 0; i < lists.length(); ++i) of_items.insert(of_items.end(), lists.value_length(i), ids[i]);
  return of_items;
}

class Distinct final : public Accumulator {
 public:
  explicit Distinct(std::shared_ptr<arrow::DataType> type)
      : codes_of_values_(make_key_column(type, false)), is_one_group_(codes_of_values_->is_dense()) {}

  void update(const arrow::Array& values, const std::uint32_t* ids, std::uint32_t) override {
    const std::uint32_t num_known = codes_of_values_->num_codes();
    std::vector<std::uint32_t> codes(values.length());
    codes_of_values_->add(values, codes.data());
    if (is_one_group_) {
      if (std::all_of(ids, ids + values.length(), [](std::uint32_t id) { return id == 1; })) return;
      is_one_group_ = false;
      for (std::uint32_t code = 1; code <= num_known; ++code) pairs_.add(pair(1, code));
    }
    const bool prefetches = pairs_.is_large();
    constexpr std::int64_t kAhead = 16;
    for (std::int64_t i = 0; i < values.length(); ++i) {
      if (prefetches && i + kAhead < values.length()) pairs_.prefetch(pair(ids[i + kAhead], codes[i + kAhead]));
      if (ids[i] != 0 && codes[i] != 0) pairs_.add(pair(ids[i], codes[i]));
    }
  }
  void merge(const Arrays& state, const std::uint32_t* ids, std::uint32_t num_groups) override {
    const auto& lists = static_cast<const arrow::LargeListArray&>(*state[0]);
    const auto items = value_or_throw(lists.Flatten(), "nunique");
    // Pairs of one state are all different.
    if (num_groups > 1)
      pairs_.reserve(static_cast<std::size_t>(std::max<std::int64_t>(pairs_.size(), items->length())));
    update(*items, spread(lists, ids).data(), num_groups);
  }
  Arrays state(std::uint32_t num_groups) override {
    if (is_one_group_) {
      std::vector<std::int64_t> starts(num_groups + std::size_t{1}, codes_of_values_->num_codes());
      starts[0] = 0;
      return {list_array(starts, decoded(codes_of_values_->values()))};
    }
    std::vector<std::uint32_t> ids;
    for (std::uint64_t pair : pairs_.keys()) ids.push_back(static_cast<std::uint32_t>(pair >> 32));
    const Grouped groups = grouped(ids, num_groups);
    std::vector<std::int64_t> codes;
    for (std::int64_t at : groups.order)
      codes.push_back(static_cast<std::int64_t>(static_cast<std::uint32_t>(pairs_.keys()[at])) - 1);
    initialize_arrow();
    auto items = value_or_throw(
        arrow::compute::Take(codes_of_values_->values(), array_of_integers(codes, -1, arrow::int64())), "nunique");
    return {list_array(groups.starts, decoded(items.make_array()))};
  }

 private:
  static std::uint64_t pair(std::uint32_t group, std::uint32_t code) { return std::uint64_t{group} << 32 | code; }

  std::unique_ptr<KeyColumn> codes_of_values_;
  // While every value has belonged to group 1, the codes alone tell.
  bool is_one_group_;
  DenseMap pairs_;  // of groups and codes
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
    const Grouped groups = grouped(ids_, num_groups);
    arrow::DoubleBuilder items;
    for (std::int64_t at : groups.order) check_arrow(items.Append(values_[at]), "median");
    return {list_array(groups.starts, value_or_throw(items.Finish(), "median"))};
  }

 private:
  std::vector<std::uint32_t> ids_;
  std::vector<double> values_;
};

}  // namespace

std::unique_ptr<Accumulator> make_distinct(const std::shared_ptr<arrow::DataType>& type) {
  return std::make_unique<Distinct>(type);
}
std::unique_ptr<Accumulator> make_values() { return std::make_unique<Values>(); }

}  // namespace plait
