// Groups of rows.
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <tuple>

#include "frame_arguments.h"

namespace plait::python {
namespace {

// (column, function, label of the result, ddof, min_count)
using AggregateTuple = std::tuple<std::string, std::string, std::string, int, std::int64_t>;

NamedAggregate aggregate_of(const AggregateTuple& given) {
  const auto& [column, function, output, ddof, min_count] = given;
  return {column, function, output, {.ddof = ddof, .min_count = min_count}};
}

// (column, what results call it)
using Keys = std::vector<std::pair<std::string, std::string>>;

GroupBy groupby(const DataFrame& frame, const Keys& keys, bool sort, bool dropna, bool observed) {
  std::vector<GroupKey> by;
  for (const auto& [name, shown] : keys) by.emplace_back(name, shown);
  return frame.groupby(by, {.sort = sort, .dropna = dropna, .observed = observed});
}

}  // namespace

void bind_groupby(nb::module_& m) {
  nb::class_<GroupBy>(m, "GroupBy", "Groups of the rows of a frame of the engine.")
      .def("aggregate", answering([](const GroupBy& groups, const std::vector<AggregateTuple>& given) {
             std::vector<NamedAggregate> aggregates;
             for (const AggregateTuple& each : given) aggregates.push_back(aggregate_of(each));
             return groups.aggregate(aggregates);
           }),
           Line())
      .def("of_columns", [](const GroupBy& groups, const std::vector<std::string>& columns) { return groups[columns]; })
      .def("corr",
           answering("corr(min_periods, numeric_only, method)",
                     [](const GroupBy& groups, std::int64_t min_periods, bool numeric_only, const std::string& method) {
                       return groups.corr({.min_periods = min_periods, .numeric_only = numeric_only, .method = method});
                     }),
           Line())
      .def("cov",
           answering("cov(min_periods, ddof, numeric_only)",
                     [](const GroupBy& groups, std::int64_t min_periods, std::int64_t ddof, bool numeric_only) {
                       return groups.cov(
                           {.min_periods = min_periods, .ddof = static_cast<int>(ddof), .numeric_only = numeric_only});
                     }),
           Line())
      .def("nlargest",
           answering("nlargest(n)", [](const GroupBy& groups, std::int64_t n) { return groups.nlargest(n); }), Line())
      .def("nsmallest",
           answering("nsmallest(n)", [](const GroupBy& groups, std::int64_t n) { return groups.nsmallest(n); }), Line())
      .def("value_counts", answering([](const GroupBy& groups) { return groups.value_counts(); }), Line())
      .def("rows_in_order", answering([](const GroupBy& groups) { return groups.rows_in_order(); }), Line())
      .def("rows_together", answering([](const GroupBy& groups) { return groups.rows_together(); }), Line())
      .def("aggregate_series", answering([](const GroupBy& groups, const AggregateTuple& given) {
             return groups.agg_series(aggregate_of(given));
           }),
           Line());
  m.def("frame_groupby", answering([](const DataFrame& frame, const Keys& keys, bool sort, bool dropna, bool observed) {
          return groupby(frame, keys, sort, dropna, observed);
        }),
        nb::arg("frame"), nb::arg("keys"), nb::arg("sort"), nb::arg("dropna"), nb::arg("observed"), Line());
  m.def("aggregates", aggregate_names);
}

}  // namespace plait::python
