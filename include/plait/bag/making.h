// Making bags: of items, of lines of text, and of other bags.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plait/bag/bag.h"

namespace plait {

// A bag of items that are there.
template <class T>
Bag<T> from_sequence(std::vector<T> items, const BagPartitions& how = {}, Location where = Location::current()) {
  const std::int64_t size = detail::bag_partition_size(static_cast<std::int64_t>(items.size()), how);
  std::vector<std::shared_ptr<const void>> partitions;
  for (std::size_t start = 0; start < items.size() || partitions.empty(); start += static_cast<std::size_t>(size)) {
    const std::size_t end = std::min(items.size(), start + static_cast<std::size_t>(size));
    partitions.push_back(
        std::make_shared<std::vector<T>>(std::make_move_iterator(items.begin() + static_cast<std::ptrdiff_t>(start)),
                                         std::make_move_iterator(items.begin() + static_cast<std::ptrdiff_t>(end))));
  }
  return Bag<T>(detail::bag_items(std::move(partitions), detail::ops_of<std::vector<T>>(), where));
}

struct ReadText {
  std::int64_t blocksize = 0;  // about how many bytes of a file make a partition; 0: a file is one
};
// The lines of text files, which keep their newline.
inline Bag<std::string> read_text(const std::vector<std::string>& paths, const ReadText& how = {},
                                  Location where = Location::current()) {
  return Bag<std::string>(detail::bag_of_lines(paths, how.blocksize, where));
}
inline Bag<std::string> read_text(const std::string& path, const ReadText& how = {},
                                  Location where = Location::current()) {
  return read_text(std::vector<std::string>{path}, how, where);
}

// Bags one after the other.
template <class T>
Bag<T> concat(const std::vector<Bag<T>>& bags, Location where = Location::current()) {
  std::vector<detail::BagPlan> plans;
  for (const Bag<T>& bag : bags) plans.push_back(bag.expr());
  return Bag<T>(detail::bag_concat(std::move(plans), where));
}

// Items of two bags side by side, as many as the shorter partition has.
template <class T, class U>
Bag<std::pair<T, U>> zip(const Bag<T>& left, const Bag<U>& right, Location where = Location::current()) {
  return Bag<std::pair<T, U>>(detail::bag_call({left.expr(), right.expr()},
                                               {"zip",
                                                [](detail::Call& call) {
                                                  const auto& a = call.input<std::vector<T>>(0);
                                                  const auto& b = call.input<std::vector<U>>(1);
                                                  std::vector<std::pair<T, U>> pairs;
                                                  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
                                                    pairs.emplace_back(a[i], b[i]);
                                                  call.yield(std::move(pairs));
                                                }},
                                               false, where));
}

}  // namespace plait
