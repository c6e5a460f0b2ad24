#include "context_variables.h"

namespace plait::python {

std::shared_ptr<const void> current_variables() {
  const nb::object copy = nb::steal(PyContext_CopyCurrent());
  if (!copy.is_valid()) throw nb::python_error();
  return PyRef(copy).owner();
}

VariablesAround::VariablesAround(const void* variables) {
  if (!variables) return;
  entered_ = nb::steal(PyContext_Copy(static_cast<PyObject*>(const_cast<void*>(variables))));
  if (!entered_.is_valid() || PyContext_Enter(entered_.ptr()) != 0) throw nb::python_error();
}

// The error of a task may be set meanwhile, which is to stay.
VariablesAround::~VariablesAround() {
  if (!entered_.is_valid()) return;
  PyObject *type = nullptr, *value = nullptr, *traceback = nullptr;
  PyErr_Fetch(&type, &value, &traceback);
  if (PyContext_Exit(entered_.ptr()) != 0) PyErr_Clear();
  PyErr_Restore(type, value, traceback);
}

}  // namespace plait::python
