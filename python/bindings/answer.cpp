#include "answer.h"

#include <nanobind/stl/string.h>

namespace plait::python {

void bind_answer(nb::module_& m) {
  nb::class_<NoNativeAnswer>(
      m, "NoNativeForm", "The engine's answer to a valid operation that it has no kernel for: pandas or NumPy does it.")
      .def(nb::init<std::string>(), nb::arg("reason"))
      .def_ro("reason", &NoNativeAnswer::reason)
      .def("__repr__", [](const NoNativeAnswer& self) { return "<no native form: " + self.reason + ">"; });
}

}  // namespace plait::python
