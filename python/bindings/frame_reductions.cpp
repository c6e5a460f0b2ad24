// Reductions of frames: aggregates, groups, distinct values, the largest rows.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include "collections/dataframe/reductions.h"
#include "frame_handles.h"

namespace plait::python {
namespace {

// (column, function, label of the result, ddof, min_count)
using AggregateTuple = std::tuple<std::string, std::string, std::string, int, std::int64_t>;

ExprHandle groupby(const ExprHandle& self, const std::vector<std::string>& keys,
                   const std::vector<AggregateTuple>& aggregates, bool sort, bool dropna, bool observed, bool as_index,
                   bool as_series) {
  GroupBySpec spec{
      .keys = keys, .sort = sort, .dropna = dropna, .observed = observed, .as_index = as_index, .as_series = as_series};
  for (const auto& [column, function, output, ddof, min_count] : aggregates) {
    spec.aggregates.push_back({column, parse_aggregation(function), output, ddof, min_count});
  }
  return make([&] { return groupby_expr(self.expr, spec); });
}

Keep parse_keep(const std::string& keep) {
  if (keep == "first") return Keep::first;
  if (keep == "last") return Keep::last;
  if (keep == "none") return Keep::none;
  throw value_error("keep must be 'first', 'last' or False; found '" + keep + "'");
}

}  // namespace

void bind_frame_reductions(nb::module_& m) {
  m.def(
      "frame_reduce",
      [](const ExprHandle& self, const std::string& reduction, bool skipna, int ddof, std::int64_t min_count,
         bool numeric_only) {
        const ReduceParams params{parse_reduction(reduction), skipna, ddof, min_count, numeric_only};
        return make([&] { return reduce_expr(self.expr, params); });
      },
      nb::arg("self"), nb::arg("reduction"), nb::arg("skipna") = true, nb::arg("ddof") = 1, nb::arg("min_count") = 0,
      nb::arg("numeric_only") = false);
  m.def("frame_length", [](const ExprHandle& self) { return make([&] { return length_expr(self.expr); }); });
  m.def("frame_groupby", groupby, nb::arg("self"), nb::arg("keys"), nb::arg("aggregates"), nb::arg("sort") = true,
        nb::arg("dropna") = true, nb::arg("observed") = true, nb::arg("as_index") = true, nb::arg("as_series") = false);
  m.def("frame_value_counts", [](const ExprHandle& self, bool sort, bool ascending, bool dropna, bool normalize,
                                 const std::string& index_name) {
    return make([&] { return value_counts_expr(self.expr, {sort, ascending, dropna, normalize, index_name}); });
  });
  m.def("frame_unique", [](const ExprHandle& self) { return make([&] { return unique_expr(self.expr); }); });
  m.def("frame_drop_duplicates",
        [](const ExprHandle& self, const std::vector<std::string>& subset, const std::string& keep, bool ignore_index) {
          return make([&] { return drop_duplicates_expr(self.expr, {subset, parse_keep(keep), ignore_index}); });
        });
  m.def("frame_top", [](const ExprHandle& self, std::int64_t n, const std::vector<std::string>& by, bool largest) {
    return make([&] { return top_expr(self.expr, {n, by, largest}); });
  });
  m.def("frame_quantile", [](const ExprHandle& self, const std::vector<double>& q, bool single) {
    return make([&] { return quantile_expr(self.expr, {q, single}); });
  });
  m.def("frame_describe", [](const ExprHandle& self, const std::vector<double>& percentiles) {
    return make([&] { return describe_expr(self.expr, {percentiles}); });
  });
}

}  // namespace plait::python
