// Errors across the border: Plait's become Python exceptions of the same meaning, Python's keep their own object.
#pragma once

#include <nanobind/nanobind.h>

#include "base/foreign_error.h"

namespace plait::python {

namespace nb = nanobind;

// A Python exception as Plait's error, for kernels that call Python. Needs the GIL.
ForeignError to_foreign_error(nb::python_error& error);
ForeignError foreign_error_of(nb::handle exception);

void bind_errors(nb::module_& m);

}  // namespace plait::python
