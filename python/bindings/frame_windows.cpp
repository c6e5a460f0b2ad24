// Operations along the rows: running sums, shifts, fills and windows.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include "answer.h"
#include "collections/dataframe/row_order.h"
#include "frame_handles.h"
#include "kernels/table/rolling.h"

namespace plait::python {
namespace {

CumulativeParams cumulative_params(const std::string& function, bool skipna) {
  for (const Cumulative known : {Cumulative::sum, Cumulative::prod, Cumulative::min, Cumulative::max}) {
    if (name(known) == function) return {known, skipna};
  }
  throw key_error("there is no running '" + function + "'");
}

}  // namespace

void bind_frame_windows(nb::module_& m) {
  m.def("frame_cumulative", answering([](const ExprHandle& self, const std::string& function, bool skipna) {
          return make([&] { return cumulative_expr(self.expr, cumulative_params(function, skipna)); });
        }));
  m.def("frame_shift", answering([](const ExprHandle& self, std::int64_t periods, nb::object fill, bool has_fill) {
          ShiftParams params{.periods = periods};
          if (has_fill) params.fill = literal_from_python(fill);
          return make([&] { return shift_expr(self.expr, params); });
        }),
        nb::arg("self"), nb::arg("periods"), nb::arg("fill").none(), nb::arg("has_fill"));
  m.def("frame_diff", answering([](const ExprHandle& self, std::int64_t periods) {
          return make([&] { return diff_expr(self.expr, periods); });
        }));
  m.def("frame_pct_change", answering([](const ExprHandle& self, std::int64_t periods) {
          return make([&] { return pct_change_expr(self.expr, periods); });
        }));
  m.def("frame_fill_along", answering([](const ExprHandle& self, std::int64_t limit, bool backwards) {
          return make([&] { return fill_along_expr(self.expr, {limit, backwards}); });
        }));
  m.def("frame_rolling",
        answering([](const ExprHandle& self, const std::string& function, nb::object window,
                     std::optional<std::int64_t> min_periods, bool center, const std::string& closed, int ddof,
                     double q, const std::string& interpolation) {
          const RollingOptions options{literal_from_python(window), min_periods, center, closed};
          return make([&] {
            return rolling_expr(self.expr, {parse_rolling(function), rolling_window(self.expr, options), ddof, q,
                                            parse_interpolation(interpolation)});
          });
        }),
        nb::arg("self"), nb::arg("function"), nb::arg("window").none(), nb::arg("min_periods").none(),
        nb::arg("center"), nb::arg("closed"), nb::arg("ddof") = 1, nb::arg("q") = 0.5,
        nb::arg("interpolation") = "linear");
}

}  // namespace plait::python
