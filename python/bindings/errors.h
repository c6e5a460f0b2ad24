// Errors across the border: Plait's become Python exceptions of the same meaning, Python's keep their own object.
#pragma once

#include <nanobind/nanobind.h>

#include "base/fault.h"
#include "python_object.h"

namespace plait::python {

namespace nb = nanobind;

// A Python exception as the detail of an error, so that the caller gets the original back, from another process too: it
// travels with the text of its traceback, which pickling would lose.
struct PyException {
  PyRef object;
};

// A Python exception as Plait's error, for kernels that call Python. Needs the GIL.
DetailedError to_plait_error(nb::python_error& error);

void bind_errors(nb::module_& m);

}  // namespace plait::python

namespace plait {

template <>
const ValueType& value_type<python::PyException>();

}  // namespace plait
