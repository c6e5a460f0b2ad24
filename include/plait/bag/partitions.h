// What bags are made of below their types: plans over partitions, and C++ functions on whole partitions that take part
// in them. For plait/bag.h alone.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "plait/export.h"
#include "plait/graph.h"
#include "plait/location.h"

namespace plait {

class Expr;
class Value;

// How a sequence becomes partitions: by default of one item each for up to 100 items, and of about a tenth of the
// square root of their number for more.
struct BagPartitions {
  std::optional<std::int64_t> partition_size = {};
  std::optional<std::int64_t> npartitions = {};  // about so many
};

namespace detail {

using BagPlan = std::shared_ptr<const Expr>;
// A function on whole partitions, and what people call it.
struct BagFunction {
  std::string name;
  Function run;
};
// What a function that cuts partitions yields.
struct BagPieces {
  std::vector<std::shared_ptr<const void>> pieces;
  const ObjectOps* ops;
};

PLAIT_API std::int64_t bag_partition_size(std::int64_t num_items, const BagPartitions& how);
PLAIT_API BagPlan bag_items(std::vector<std::shared_ptr<const void>> partitions, const ObjectOps* ops, Location where);
PLAIT_API BagPlan bag_of_lines(const std::vector<std::string>& paths, std::int64_t blocksize, Location where);
PLAIT_API BagPlan bag_call(std::vector<BagPlan> inputs, BagFunction function, bool is_item, Location where);
PLAIT_API BagPlan bag_reduction(const BagPlan& bag, BagFunction partial, BagFunction combine, BagFunction aggregate,
                                std::int64_t split_every, bool is_item, Location where);
PLAIT_API BagPlan bag_take(const BagPlan& bag, BagFunction partial, BagFunction last, std::int64_t npartitions,
                           Location where);
PLAIT_API BagPlan bag_repartition(const BagPlan& bag, std::int64_t npartitions, BagFunction join,
                                  const std::function<BagFunction(std::int64_t, std::int64_t)>& piece, Location where);
PLAIT_API BagPlan bag_exchange(const BagPlan& bag, BagFunction split, BagFunction merge, std::int64_t npartitions,
                               Location where);
PLAIT_API BagPlan bag_pairs(const BagPlan& left, const BagPlan& right, BagFunction function, Location where);
PLAIT_API BagPlan bag_concat(std::vector<BagPlan> bags, Location where);
PLAIT_API std::int64_t bag_npartitions(const BagPlan& bag);
// The C++ objects of computed partitions, and of a computed value.
PLAIT_API std::vector<const void*> bag_objects(const Value& computed, const ObjectOps& type);
PLAIT_API const void* item_object(const Value& computed, const ObjectOps& type);

// vector<T> -> R
template <class T, class F>
BagFunction on_partition(std::string name, F f) {
  return {std::move(name), [f = std::move(f)](Call& call) { call.yield(f(call.input<std::vector<T>>(0))); }};
}

// Partials of all inputs -> R
template <class P, class F>
BagFunction on_partials(std::string name, F f) {
  return {std::move(name), [f = std::move(f)](Call& call) {
            std::vector<const P*> partials;
            for (std::size_t i = 0; i < call.num_inputs(); ++i) partials.push_back(&call.input<P>(i));
            call.yield(f(partials));
          }};
}

template <class T>
std::vector<T> joined_partitions(const std::vector<const std::vector<T>*>& partitions) {
  std::vector<T> all;
  for (const auto* partition : partitions) all.insert(all.end(), partition->begin(), partition->end());
  return all;
}

template <class K, class V>
std::vector<std::pair<K, V>> pairs_of(const std::unordered_map<K, std::size_t>& places, std::vector<V> values) {
  std::vector<const K*> keys(values.size());
  for (const auto& [key, place] : places) keys[place] = &key;
  std::vector<std::pair<K, V>> pairs;
  pairs.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) pairs.emplace_back(*keys[i], std::move(values[i]));
  return pairs;
}

// Values by key, in the order in which keys were first seen.
template <class K, class V>
class ByKey {
 public:
  // The value of a key; `begin()` makes it where the key is new.
  template <class Begin>
  V& at(const K& key, const Begin& begin) {
    const auto [place, is_new] = places_.try_emplace(key, values_.size());
    if (is_new) values_.push_back(begin());
    return values_[place->second];
  }
  bool has(const K& key) const { return places_.contains(key); }
  std::vector<std::pair<K, V>> pairs() && { return pairs_of(places_, std::move(values_)); }

 private:
  std::unordered_map<K, std::size_t> places_;
  std::vector<V> values_;
};

}  // namespace detail

}  // namespace plait
