// Operations along the rows, which frames and series share.
#pragma once

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <cstdint>
#include <optional>
#include <string>

#include "frame_arguments.h"
#include "plait/interpolate.h"

namespace plait::python {

template <class T>
void bind_along_rows(nb::class_<T, FrameBase>& rows) {
  using Text = std::string;
  rows.def("cumsum", answering([](const T& x, bool skipna) { return x.cumsum(skipna); }), Line())
      .def("cumprod", answering([](const T& x, bool skipna) { return x.cumprod(skipna); }), Line())
      .def("cummin", answering([](const T& x, bool skipna) { return x.cummin(skipna); }), Line())
      .def("cummax", answering([](const T& x, bool skipna) { return x.cummax(skipna); }), Line())
      .def("shift", answering("shift(periods)", [](const T& x, std::int64_t periods) { return x.shift(periods); }),
           Line())
      .def("shift_filled",
           answering("shift(periods, fill_value)",
                     [](const T& x, std::int64_t periods, nb::handle fill) {
                       return x.shift(periods, literal_from_python(fill));
                     }),
           nb::arg("periods"), nb::arg("fill").none(), Line())
      .def("diff", answering("diff(periods)", [](const T& x, std::int64_t periods) { return x.diff(periods); }), Line())
      .def("pct_change",
           answering("pct_change(periods)", [](const T& x, std::int64_t periods) { return x.pct_change(periods); }),
           Line())
      .def("ffill", answering("ffill(limit)", [](const T& x, std::int64_t limit) { return x.ffill(limit); }), Line())
      .def("bfill", answering("bfill(limit)", [](const T& x, std::int64_t limit) { return x.bfill(limit); }), Line())
      .def("interpolate",
           answering("interpolate(limit, direction, area)",
                     [](const T& x, std::int64_t limit, const Text& direction, const Text& area) {
                       return interpolate(x, {limit, direction, area});
                     }),
           Line())
      .def("rolling",
           answering(
               "rolling(function, window, min_periods, center, closed, ddof)",
               [](const T& x, const Text& function, nb::handle window, std::optional<std::int64_t> min_periods,
                  bool center, const Text& closed, int ddof) {
                 return x.rolling({literal_from_python(window), min_periods, center, closed}).aggregate(function, ddof);
               }),
           nb::arg("function"), nb::arg("window"), nb::arg("min_periods").none(), nb::arg("center"), nb::arg("closed"),
           nb::arg("ddof"), Line())
      .def("rolling_quantile",
           answering([](const T& x, nb::handle window, std::optional<std::int64_t> min_periods, bool center,
                        const Text& closed, double q, const Text& interpolation) {
             return x.rolling({literal_from_python(window), min_periods, center, closed}).quantile(q, interpolation);
           }),
           nb::arg("window"), nb::arg("min_periods").none(), nb::arg("center"), nb::arg("closed"), nb::arg("q"),
           nb::arg("interpolation"), Line());
}

}  // namespace plait::python
