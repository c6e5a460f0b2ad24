// Values found in lines of text as Python objects.
#pragma once

#include <nanobind/nanobind.h>

#include <functional>
#include <vector>

#include "kernels/formats/line_values.h"

namespace plait::python {

namespace nb = nanobind;

// A list of the values, or a dict of their counts; `read_line` reads what the engine has left as a line. Needs the GIL.
nb::object line_values_to_python(const std::vector<LineValue>& values,
                                 const std::function<nb::object(const LineValue&)>& read_line, bool as_counts);

}  // namespace plait::python
