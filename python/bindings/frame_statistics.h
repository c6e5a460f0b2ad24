// Statistics that look at all values, which frames and series share.
#pragma once

#include <nanobind/stl/string.h>

#include <string>

#include "frame_arguments.h"

namespace plait::python {

template <class T>
void bind_statistics(nb::class_<T, FrameBase>& rows) {
  rows.def("statistic", answering([](const T& x, const std::string& name, bool skipna, bool numeric_only) {
             return x.statistic(name, {skipna, numeric_only});
           }),
           Line())
      .def("rank",
           answering([](const T& x, const std::string& method, bool ascending, const std::string& na_option, bool pct,
                        bool numeric_only) { return x.rank({method, ascending, na_option, pct, numeric_only}); }),
           Line());
}

}  // namespace plait::python
