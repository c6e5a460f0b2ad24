// Bag and Item: the classes. How bags are made: plait/bag/making.h.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>

#include "plait/bag/partitions.h"
#include "plait/compute.h"
#include "plait/error.h"
#include "plait/graph.h"
#include "plait/location.h"

namespace plait {

// One lazy value.
template <class T>
class Item {
 public:
  using Computed = T;

  explicit Item(std::shared_ptr<const Expr> expr) : expr_(std::move(expr)) {}
  const std::shared_ptr<const Expr>& expr() const { return expr_; }
  static T computed(const Value& value) {
    return *static_cast<const T*>(detail::item_object(value, *detail::ops_of<T>()));
  }
  T compute(const RunSettings& settings = {}) const { return std::get<0>(compute_with(settings, *this)); }

  // A function of the value.
  template <class F>
  auto apply(F f, Location where = Location::current()) const {
    using R = std::decay_t<std::invoke_result_t<const F&, const T&>>;
    return Item<R>(detail::bag_call(
        {expr_}, {"apply", [f = std::move(f)](detail::Call& call) { call.yield<R>(f(call.input<T>(0))); }}, true,
        where));
  }

 private:
  std::shared_ptr<const Expr> expr_;
};

template <class T>
class Bag {
 public:
  using Items = std::vector<T>;
  using Computed = Items;

  explicit Bag(std::shared_ptr<const Expr> expr) : expr_(std::move(expr)) {}
  const std::shared_ptr<const Expr>& expr() const { return expr_; }
  std::int64_t npartitions() const { return detail::bag_npartitions(expr_); }

  static Items computed(const Value& value) {
    Items all;
    for (const void* found : detail::bag_objects(value, *detail::ops_of<Items>())) {
      const auto& partition = *static_cast<const Items*>(found);
      all.insert(all.end(), partition.begin(), partition.end());
    }
    return all;
  }
  Items compute(const RunSettings& settings = {}) const { return std::get<0>(compute_with(settings, *this)); }
  Bag persist(const RunSettings& settings = {}) const { return std::get<0>(persist_with(settings, *this)); }

  // --- Item by item

  template <class F>
  auto map(F f, Location where = Location::current()) const {
    using R = std::decay_t<std::invoke_result_t<const F&, const T&>>;
    return mapped<R>(
        "map",
        [f = std::move(f)](const Items& items) {
          std::vector<R> made;
          made.reserve(items.size());
          for (const T& item : items) made.push_back(f(item));
          return made;
        },
        where);
  }
  // With the items of another bag that is partitioned in the same way; different lengths of partitions are an error of
  // the run.
  template <class F, class U>
  auto map(F f, const Bag<U>& other, Location where = Location::current()) const {
    using R = std::decay_t<std::invoke_result_t<const F&, const T&, const U&>>;
    return Bag<R>(detail::bag_call({expr_, other.expr()},
                                   {"map",
                                    [f = std::move(f)](detail::Call& call) {
                                      const auto& left = call.input<Items>(0);
                                      const auto& right = call.input<std::vector<U>>(1);
                                      if (left.size() != right.size())
                                        throw value_error("map: the bags have partitions of different lengths");
                                      std::vector<R> made;
                                      made.reserve(left.size());
                                      for (std::size_t i = 0; i < left.size(); ++i)
                                        made.push_back(f(left[i], right[i]));
                                      call.yield(std::move(made));
                                    }},
                                   false, where));
  }
  // With a single lazy value, which every call gets.
  template <class F, class U>
  auto map(F f, const Item<U>& whole, Location where = Location::current()) const {
    using R = std::decay_t<std::invoke_result_t<const F&, const T&, const U&>>;
    return Bag<R>(detail::bag_call({expr_, whole.expr()},
                                   {"map",
                                    [f = std::move(f)](detail::Call& call) {
                                      const auto& value = call.input<U>(1);
                                      std::vector<R> made;
                                      for (const T& item : call.input<Items>(0)) made.push_back(f(item, value));
                                      call.yield(std::move(made));
                                    }},
                                   false, where));
  }

  // The items for which a function is true.
  template <class F>
  Bag filter(F f, Location where = Location::current()) const {
    return mapped<T>(
        "filter",
        [f = std::move(f)](const Items& items) {
          Items kept;
          std::copy_if(items.begin(), items.end(), std::back_inserter(kept), f);
          return kept;
        },
        where);
  }
  // The items for which it is not true.
  template <class F>
  Bag remove(F f, Location where = Location::current()) const {
    return filter([f = std::move(f)](const T& item) { return !f(item); }, where);
  }

  // The items of every item, which is a container.
  auto flatten(Location where = Location::current()) const {
    using U = std::decay_t<decltype(*std::begin(std::declval<const T&>()))>;
    return mapped<U>(
        "flatten",
        [](const Items& items) {
          std::vector<U> all;
          for (const T& item : items) all.insert(all.end(), std::begin(item), std::end(item));
          return all;
        },
        where);
  }

  // A function of whole partitions, which gives a partition: vector<T> -> vector<U>.
  template <class F>
  auto map_partitions(F f, Location where = Location::current()) const {
    using R = typename std::decay_t<std::invoke_result_t<const F&, const Items&>>::value_type;
    return mapped<R>("map_partitions", std::move(f), where);
  }

  // --- Reductions: `split_every` partials are combined at a time; 0: all at once

  // Items put together two by two, from `initial` in every partition: binop(R, item), combine(R, R). The result of a
  // bag without items is `initial`.
  template <class R, class F, class C>
  Item<R> fold(R initial, F binop, C combine, std::int64_t split_every = 8,
               Location where = Location::current()) const {
    const auto partial = [initial, binop](const Items& items) {
      R found = initial;
      for (const T& item : items) found = binop(std::move(found), item);
      return found;
    };
    const auto put_together = [combine](const std::vector<const R*>& partials) {
      R found = *partials.front();
      for (std::size_t i = 1; i < partials.size(); ++i) found = combine(std::move(found), *partials[i]);
      return found;
    };
    return Item<R>(detail::bag_reduction(expr_, detail::on_partition<T>("fold-part", partial),
                                         detail::on_partials<R>("fold-combine", put_together),
                                         detail::on_partials<R>("fold", put_together), split_every, true, where));
  }
  auto sum(Location where = Location::current()) const {
    using R = std::decay_t<decltype(std::declval<T>() + std::declval<T>())>;
    const auto add = [](R a, const auto& b) { return static_cast<R>(std::move(a) + b); };
    return fold(R{}, add, add, 8, where);
  }
  Item<std::int64_t> count(Location where = Location::current()) const {
    return fold(
        std::int64_t{0}, [](std::int64_t n, const T&) { return n + 1; },
        [](std::int64_t a, std::int64_t b) { return a + b; }, 8, where);
  }
  // Throw Error(value) where there is no item.
  Item<T> min(Location where = Location::current()) const { return extreme("min", std::less<T>(), where); }
  Item<T> max(Location where = Location::current()) const { return extreme("max", std::greater<T>(), where); }
  Item<double> mean(Location where = Location::current()) const {
    using Part = std::pair<double, std::int64_t>;
    return fold(
               Part{},
               [](Part found, const T& item) {
                 return Part(found.first + static_cast<double>(item), found.second + 1);
               },
               [](Part a, const Part& b) { return Part(a.first + b.first, a.second + b.second); }, 8, where)
        .apply([](const Part& part) { return part.first / static_cast<double>(part.second); }, where);
  }

  // Every item once, in the order in which they were first seen.
  Bag distinct(Location where = Location::current()) const {
    const auto first = [](const Items& items) {
      std::unordered_set<T> seen;
      Items kept;
      for (const T& item : items) {
        if (seen.insert(item).second) kept.push_back(item);
      }
      return kept;
    };
    return reduced<T, Items>(
        "distinct", first,
        [first](const std::vector<const Items*>& partials) { return first(detail::joined_partitions<T>(partials)); },
        where);
  }

  // The k largest items by `less`, the largest first; of equal ones, those that come first.
  template <class Less = std::less<T>>
  Bag topk(std::size_t k, Less less = {}, Location where = Location::current()) const {
    const auto largest = [k, less](Items items) {
      std::stable_sort(items.begin(), items.end(), [&](const T& a, const T& b) { return less(b, a); });
      if (items.size() > k) items.erase(items.begin() + static_cast<std::ptrdiff_t>(k), items.end());
      return items;
    };
    return reduced<T, Items>(
        "topk", largest,
        [largest](const std::vector<const Items*>& partials) {
          return largest(detail::joined_partitions<T>(partials));
        },
        where);
  }

  // How often each item is there, in the order in which they were first seen.
  Bag<std::pair<T, std::int64_t>> frequencies(Location where = Location::current()) const {
    return foldby([](const T& item) { return item; }, std::int64_t{0}, [](std::int64_t n, const T&) { return n + 1; },
                  [](std::int64_t a, std::int64_t b) { return a + b; }, where);
  }

  // --- By key

  // For every key, its items put together two by two, from `initial` in every partition.
  template <class KeyOf, class R, class F, class C>
  auto foldby(KeyOf key_of, R initial, F binop, C combine, Location where = Location::current()) const {
    using K = std::decay_t<std::invoke_result_t<const KeyOf&, const T&>>;
    using Pairs = std::vector<std::pair<K, R>>;
    const auto partial = [key_of, initial, binop](const Items& items) {
      detail::ByKey<K, R> found;
      for (const T& item : items) {
        R& own = found.at(key_of(item), [&] { return initial; });
        own = binop(std::move(own), item);
      }
      return std::move(found).pairs();
    };
    const auto put_together = [combine](const std::vector<const Pairs*>& partials) {
      detail::ByKey<K, R> found;
      for (const Pairs* pairs : partials) {
        for (const auto& [key, value] : *pairs) {
          const bool is_known = found.has(key);
          R& own = found.at(key, [&] { return value; });
          if (is_known) own = combine(std::move(own), value);
        }
      }
      return std::move(found).pairs();
    };
    return reduced<std::pair<K, R>, Pairs>("foldby", partial, put_together, where);
  }

  // Pairs of key and items, in no order. All items move; foldby is cheaper where it is enough.
  template <class KeyOf>
  auto groupby(KeyOf key_of, std::optional<std::int64_t> npartitions = {}, Location where = Location::current()) const {
    using K = std::decay_t<std::invoke_result_t<const KeyOf&, const T&>>;
    using Groups = std::vector<std::pair<K, Items>>;
    const std::int64_t n = npartitions.value_or(std::max<std::int64_t>(1, this->npartitions()));
    const auto split = [key_of, n](detail::Call& call) {
      std::vector<detail::ByKey<K, Items>> parts(static_cast<std::size_t>(n));
      for (const T& item : call.input<Items>(0)) {
        const K key = key_of(item);
        parts[std::hash<K>()(key) % parts.size()].at(key, [] { return Items(); }).push_back(item);
      }
      detail::BagPieces pieces{{}, detail::ops_of<Groups>()};
      for (auto& part : parts) pieces.pieces.push_back(std::make_shared<Groups>(std::move(part).pairs()));
      call.yield(std::move(pieces));
    };
    const auto merge = [](const std::vector<const Groups*>& parts) {
      detail::ByKey<K, Items> groups;
      for (const Groups* part : parts) {
        for (const auto& [key, items] : *part) {
          Items& own = groups.at(key, [] { return Items(); });
          own.insert(own.end(), items.begin(), items.end());
        }
      }
      return std::move(groups).pairs();
    };
    return Bag<std::pair<K, Items>>(
        detail::bag_exchange(expr_, {"groupby-split", split}, detail::on_partials<Groups>("groupby", merge), n, where));
  }

  // --- Partitions, and other bags

  // The first k items of the first partitions (below 0: of all).
  Items take(std::size_t k, std::int64_t npartitions = 1, const RunSettings& settings = {},
             Location where = Location::current()) const {
    const auto first = [k](const Items& items) {
      return Items(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(std::min(k, items.size())));
    };
    const auto last = detail::on_partials<Items>("take", [first](const std::vector<const Items*>& partials) {
      return first(detail::joined_partitions<T>(partials));
    });
    return Bag(detail::bag_take(expr_, detail::on_partition<T>("take-part", first), last, npartitions, where))
        .compute(settings);
  }

  // The same items in as many partitions: neighbours are joined, or partitions are cut.
  Bag repartition(std::int64_t npartitions, Location where = Location::current()) const {
    const auto piece = [](std::int64_t i, std::int64_t n) {
      return detail::on_partition<T>("repartition", [i, n](const Items& items) {
        const double width = static_cast<double>(items.size()) / static_cast<double>(n);
        const auto place = [&](std::int64_t k) {
          return k == n ? items.end() : items.begin() + static_cast<std::ptrdiff_t>(width * static_cast<double>(k));
        };
        return Items(place(i), place(i + 1));
      });
    };
    return Bag(detail::bag_repartition(
        expr_, npartitions, detail::on_partials<Items>("repartition", detail::joined_partitions<T>), piece, where));
  }

  // Every item with every item of another bag.
  template <class U>
  Bag<std::pair<T, U>> product(const Bag<U>& other, Location where = Location::current()) const {
    return Bag<std::pair<T, U>>(detail::bag_pairs(expr_, other.expr(),
                                                  {"product",
                                                   [](detail::Call& call) {
                                                     std::vector<std::pair<T, U>> pairs;
                                                     for (const T& left : call.input<Items>(0)) {
                                                       for (const U& right : call.input<std::vector<U>>(1))
                                                         pairs.emplace_back(left, right);
                                                     }
                                                     call.yield(std::move(pairs));
                                                   }},
                                                  where));
  }

 private:
  template <class R, class F>
  Bag<R> mapped(std::string name, F f, Location where) const {
    return Bag<R>(detail::bag_call({expr_}, detail::on_partition<T>(std::move(name), std::move(f)), false, where));
  }

  // A reduction to a bag of one partition, whose partials are what its result is.
  template <class R, class Partial, class F, class C>
  Bag<R> reduced(const std::string& name, F partial, C combine, Location where) const {
    return Bag<R>(detail::bag_reduction(expr_, detail::on_partition<T>(name + "-part", partial),
                                        detail::on_partials<Partial>(name + "-combine", combine),
                                        detail::on_partials<Partial>(name, combine), 8, false, where));
  }

  template <class Before>
  Item<T> extreme(const std::string& name, Before before, Location where) const {
    using Best = std::vector<T>;  // one item, or none
    const auto best_of = [before](const Items& items) {
      const auto found = std::min_element(items.begin(), items.end(), before);
      return found == items.end() ? Best{} : Best{*found};
    };
    const auto best_of_all = [best_of](const std::vector<const Best*>& partials) {
      return best_of(detail::joined_partitions<T>(partials));
    };
    const auto last = [best_of_all, name](const std::vector<const Best*>& partials) {
      Best best = best_of_all(partials);
      if (best.empty()) throw value_error(name + ": the bag has no items");
      return T(std::move(best.front()));
    };
    return Item<T>(detail::bag_reduction(expr_, detail::on_partition<T>(name + "-part", best_of),
                                         detail::on_partials<Best>(name + "-combine", best_of_all),
                                         detail::on_partials<Best>(name, last), 8, true, where));
  }

  std::shared_ptr<const Expr> expr_;
};

}  // namespace plait
