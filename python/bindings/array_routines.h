// The binding of include/plait/array_routines.h.
#pragma once

#include <nanobind/nanobind.h>

namespace plait::python {

void bind_array_routines(nanobind::module_& m);

}  // namespace plait::python
