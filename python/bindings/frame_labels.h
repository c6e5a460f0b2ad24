// Rows by their labels, which frames and series have.
#pragma once

#include "frame_arguments.h"

namespace plait::python {

template <class T>
void bind_labels(nb::class_<T, FrameBase>& rows) {
  rows.def("loc_between", answering([](const T& x, nb::handle start, nb::handle stop) {
             return x.loc(literal_from_python(start), literal_from_python(stop));
           }),
           nb::arg("start").none(), nb::arg("stop").none(), Line())
      .def("loc_labels", answering([](const T& x, nb::handle labels) { return x.loc(literals_of(labels)); }), Line());
}

}  // namespace plait::python
