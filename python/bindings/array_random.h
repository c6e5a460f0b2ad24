// Random arrays in Python.
#pragma once

#include <nanobind/nanobind.h>

namespace plait::python {

void bind_random(nanobind::module_& m);

}  // namespace plait::python
