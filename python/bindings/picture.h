// Pictures of task graphs for Python.
#pragma once

#include <nanobind/nanobind.h>

namespace plait::python {

// Bound as plait._plait.Picture.
void bind_picture(nanobind::module_& m);

}  // namespace plait::python
