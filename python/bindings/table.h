// Tables in Python: the class Table with the Arrow PyCapsule interface, and literals.
#pragma once

#include <nanobind/nanobind.h>

#include <optional>
#include <string>
#include <vector>

#include "plait/table.h"

namespace plait::python {

namespace nb = nanobind;

// None, bool, int, float, str, or a Timestamp or Timedelta of this module. A float NaN is missing. Throws a type error.
Literal literal_from_python(nb::handle object);
nb::object literal_to_python(const Literal& literal);

void bind_table(nb::module_& m);

}  // namespace plait::python
