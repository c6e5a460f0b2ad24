#include "answer.h"

#include <nanobind/stl/string.h>

#include <algorithm>

namespace plait::python {

Signature::Signature(std::string_view text) : operation(text.substr(0, text.find('('))) {
  std::string_view rest = text.substr(operation.size() + 1);
  rest.remove_suffix(1);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(", "), rest.size());
    arguments.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
}

void bind_answer(nb::module_& m) {
  nb::class_<NoNativeAnswer>(
      m, "NoNativeForm", "The engine's answer to a valid operation that it has no kernel for: pandas or NumPy does it.")
      .def(nb::init<std::string>(), nb::arg("reason"))
      .def_ro("reason", &NoNativeAnswer::reason)
      .def("__repr__", [](const NoNativeAnswer& self) { return "<no native form: " + self.reason + ">"; });
}

}  // namespace plait::python
