// DataFrame, and frames side by side and one after the other.
#include <nanobind/stl/map.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include "frame_along_rows.h"
#include "frame_arguments.h"
#include "frame_labels.h"
#include "frame_statistics.h"

namespace plait::python {
namespace {

using Text = std::string;
using Names = std::vector<std::string>;
using Renames = std::map<std::string, std::string>;

void bind_frame_rows(nb::class_<DataFrame, FrameBase>& frame) {
  frame
      .def("dropna", answering([](const DataFrame& f, const Names& subset, bool all, std::int64_t thresh) {
             return f.dropna(DropnaOptions{subset, all, thresh});
           }),
           Line())
      .def("drop_duplicates",
           answering([](const DataFrame& f, const Names& subset, const Text& keep, bool ignore_index) {
             return f.drop_duplicates(DropDuplicatesOptions{subset, keep, ignore_index});
           }),
           Line())
      .def("duplicated",
           answering("duplicated(subset, keep)", [](const DataFrame& f, const Names& subset,
                                                    const Text& keep) { return f.duplicated(subset, keep); }),
           Line())
      .def("sort_values",
           answering(
               [](const DataFrame& f, const Names& by, const std::vector<bool>& ascending, bool na_first,
                  bool ignore_index) { return f.sort_values(by, SortOptions{ascending, na_first, ignore_index}); }),
           Line())
      .def("nlargest",
           answering("nlargest(n, columns)",
                     [](const DataFrame& f, std::int64_t n, const Names& by) { return f.nlargest(n, by); }),
           Line())
      .def("nsmallest",
           answering("nsmallest(n, columns)",
                     [](const DataFrame& f, std::int64_t n, const Names& by) { return f.nsmallest(n, by); }),
           Line())
      .def("set_index",
           answering("set_index(column, sorted, sort, drop, divisions)",
                     [](const DataFrame& f, const Text& column, bool sorted, bool sort, bool drop, nb::list divisions) {
                       return f.set_index(column, {sorted, sort, drop, literals_of(divisions)});
                     }),
           Line())
      .def("index_borders",
           answering("set_index(column, npartitions)",
                     [](const DataFrame& f, const Text& column, std::int64_t npartitions) {
                       return f.index_borders(column, npartitions);
                     }),
           Line())
      .def("shuffle",
           answering("shuffle(on, npartitions)", [](const DataFrame& f, const Names& on,
                                                    std::int64_t npartitions) { return f.shuffle(on, npartitions); }),
           Line())
      .def("with_positions", answering([](const DataFrame& f) { return f.with_positions(); }), Line())
      .def("in_place", answering([](const DataFrame& f, const FrameBase& rows, bool has_all_rows) {
             return f.in_place(rows, has_all_rows);
           }),
           Line())
      .def("reset_index",
           answering("reset_index(drop)", [](const DataFrame& f, bool drop) { return f.reset_index(drop); }), Line())
      .def("merge",
           answering("merge(right, how, left_on, right_on, left_index, right_index, suffixes, indicator)",
                     [](const DataFrame& left, const DataFrame& right, const Text& how, const Names& left_on,
                        const Names& right_on, bool left_index, bool right_index, const std::pair<Text, Text>& suffixes,
                        bool indicator) {
                       return left.merge(right, {.left_on = left_on,
                                                 .right_on = right_on,
                                                 .left_index = left_index,
                                                 .right_index = right_index,
                                                 .how = how,
                                                 .suffixes = suffixes,
                                                 .indicator = indicator});
                     }),
           Line())
      .def("quantiles", answering([](const DataFrame& f, const std::vector<double>& q) { return f.quantiles(q); }),
           Line())
      .def("describe", answering([](const DataFrame& f, const std::vector<double>& q) { return f.describe(q); }),
           Line())
      .def("cov",
           answering("cov(min_periods, numeric_only)",
                     [](const DataFrame& f, std::int64_t min_periods, bool numeric_only) {
                       return f.cov({.min_periods = min_periods, .numeric_only = numeric_only});
                     }),
           Line())
      .def("corr",
           answering("corr(min_periods, numeric_only, method)",
                     [](const DataFrame& f, std::int64_t min_periods, bool numeric_only, const Text& method) {
                       return f.corr({.min_periods = min_periods, .numeric_only = numeric_only, .method = method});
                     }),
           Line());
}

}  // namespace

void bind_frame(nb::module_& m) {
  nb::class_<DataFrame, FrameBase> frame(m, "DataFrame", "A lazy table of the engine.");
  bind_rows(frame);
  bind_along_rows(frame);
  bind_statistics(frame);
  bind_labels(frame);
  frame.def("require_columns", &DataFrame::require_columns, nb::arg("columns"), nb::arg("what") = "DataFrame")
      .def("column", answering([](const DataFrame& f, const Text& name) { return f.column(name); }), Line())
      .def("select", answering([](const DataFrame& f, const Names& names) { return f.select(names); }), Line())
      .def("assign", answering([](const DataFrame& f, const Text& column, nb::handle value) {
             return f.assign(column, operand_of(value));
           }),
           nb::arg("column"), nb::arg("value").none(), Line())
      .def("rename", answering([](const DataFrame& f, const Renames& names) { return f.rename(names); }), Line())
      .def("set_columns", answering([](const DataFrame& f, const Names& names) { return f.set_columns(names); }),
           Line())
      .def("astype_columns", answering([](const DataFrame& f, const Renames& dtypes) {
             for (const auto& [column, dtype] : dtypes) known_dtype(dtype);
             return f.astype(dtypes);
           }),
           Line());
  bind_frame_rows(frame);
  m.def("concat",
        answering([](const std::vector<DataFrame>& frames, int axis, const Text& join, bool ignore_unknown_divisions) {
          return concat(frames, {axis, join, ignore_unknown_divisions});
        }),
        Line());
  // Series or indexes.
  m.def("concat_series", answering([](nb::list columns) {
          std::vector<Series> series;
          for (nb::handle column : columns) series.emplace_back(nb::cast<const FrameBase&>(column).expr());
          return any_frame(concat(series).expr());
        }),
        Line());
}

}  // namespace plait::python
