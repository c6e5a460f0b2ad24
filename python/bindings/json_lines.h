// Lines of JSON as Python objects.
#pragma once

#include <nanobind/nanobind.h>

namespace plait::python {

// Bound as plait._plait.bags.JsonLines: an iterator of lists of objects, some lines each.
void bind_json_lines(nanobind::module_& bags);

}  // namespace plait::python
