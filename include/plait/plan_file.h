// Plans as files: what is to be computed, with the data in memory that it is made of. Another program reads the file
// and computes it, in C++ or in Python, where plait.save_plan and plait.load_plan are the same:
//
//   plait::save_plan("means.plan", x.mean(), df.groupby("k").mean());
//   auto [mean, means] = plait::load_plan<Array, DataFrame>("means.plan");
//
// A plan that calls Python functions can only be read by Python. What a plan reads from files (CSV, Parquet) stays in
// those files. Files are read by the same version of Plait that wrote them, and, since functions are part of them,
// should come from whom you trust.
#pragma once

#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "plait/compute.h"
#include "plait/export.h"

namespace plait {

class Array;
class DataFrame;
class Series;

namespace detail {

PLAIT_API void write_plans(const std::string& path, const Plans& plans);
// Throws Error(value) unless there are `count` plans.
PLAIT_API Plans read_plans(const std::string& path, std::size_t count);

// Throw Error(value) where the plan is that of another kind of collection.
PLAIT_API void expect_plan_of(const Array*, const Expr& plan);
PLAIT_API void expect_plan_of(const DataFrame*, const Expr& plan);
PLAIT_API void expect_plan_of(const Series*, const Expr& plan);

template <class Collection>
Collection collection_of(const std::shared_ptr<const Expr>& plan) {
  expect_plan_of(static_cast<const Collection*>(nullptr), *plan);
  return Collection(plan);
}

}  // namespace detail

// Throws Error(io) if the file cannot be written, Error(type) if the plan holds what cannot leave this process.
template <class... Collections>
void save_plan(const std::string& path, const Collections&... collections) {
  detail::write_plans(path, {collections.expr()...});
}

// One collection, or a tuple of several. Throws Error(io) if the file cannot be read, is damaged or holds operations
// that this program does not have, and Error(value) if it holds other collections than these.
template <class Collection, class... Others>
auto load_plan(const std::string& path) {
  const detail::Plans plans = detail::read_plans(path, 1 + sizeof...(Others));
  if constexpr (sizeof...(Others) == 0) {
    return detail::collection_of<Collection>(plans[0]);
  } else {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return std::tuple<Collection, Others...>(detail::collection_of<Collection>(plans[0]),
                                               detail::collection_of<Others>(plans[I + 1])...);
    }(std::index_sequence_for<Others...>{});
  }
}

}  // namespace plait
