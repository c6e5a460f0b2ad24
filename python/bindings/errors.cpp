#include "errors.h"

#include <nanobind/stl/string.h>

#include <cstring>

#include "python_object.h"
#include "runtime/executor.h"

namespace plait::python {
namespace {

PyObject* exception_type(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::value:
      return PyExc_ValueError;
    case ErrorKind::type:
      return PyExc_TypeError;
    case ErrorKind::index:
      return PyExc_IndexError;
    case ErrorKind::key:
      return PyExc_KeyError;
    case ErrorKind::file_not_found:
      return PyExc_FileNotFoundError;
    case ErrorKind::overflow:
      return PyExc_OverflowError;
    case ErrorKind::io:
      return PyExc_OSError;
    case ErrorKind::memory:
      return PyExc_MemoryError;
    case ErrorKind::not_implemented:
      return PyExc_NotImplementedError;
    case ErrorKind::cancelled:
      return PyExc_KeyboardInterrupt;
    case ErrorKind::runtime:
    case ErrorKind::bug:
      break;
  }
  return PyExc_RuntimeError;
}

// The kind whose Python exception this is.
ErrorKind kind_of(nb::handle exception) {
  for (ErrorKind kind :
       {ErrorKind::key, ErrorKind::index, ErrorKind::value, ErrorKind::type, ErrorKind::file_not_found,
        ErrorKind::overflow, ErrorKind::io, ErrorKind::memory, ErrorKind::not_implemented, ErrorKind::cancelled}) {
    if (PyObject_IsInstance(exception.ptr(), exception_type(kind)) == 1) return kind;
  }
  return ErrorKind::runtime;
}

// A message may quote a file's bytes, which need not be UTF-8.
void raise_text(PyObject* type, const char* message) {
  const nb::object text =
      nb::steal(PyUnicode_DecodeUTF8(message, static_cast<Py_ssize_t>(std::strlen(message)), "backslashreplace"));
  if (text.is_valid()) PyErr_SetObject(type, text.ptr());
}

// What the exception says of itself, which is code of the user, too.
std::string message_of(nb::handle exception) {
  try {
    return nb::str(exception).c_str();
  } catch (nb::python_error&) {
    return "<exception str() failed>";
  }
}

void raise_original(const Value& object, const std::string& context) {
  const nb::handle exception = object.as<PyRef>().get();
  try {
    exception.attr("add_note")(context);
  } catch (nb::python_error&) {
    PyErr_Clear();  // an exception that takes no note is still the one to raise
  }
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
}

void raise_task_error(const TaskError& error) {
  try {
    if (error.cause) std::rethrow_exception(error.cause);
  } catch (const ForeignError& foreign) {
    if (foreign.object().get_if<PyRef>()) return raise_original(foreign.object(), error.context);
  } catch (...) {
  }
  raise_text(exception_type(error.kind()), error.what());
}

void translate(const std::exception_ptr& thrown, void*) {
  try {
    std::rethrow_exception(thrown);
  } catch (const TaskError& error) {
    raise_task_error(error);
  } catch (const ForeignError& error) {
    if (error.object().get_if<PyRef>())
      raise_original(error.object(), "");
    else
      raise_text(exception_type(error.kind()), error.what());
  } catch (const Error& error) {
    raise_text(exception_type(error.kind()), error.what());
  }
}

}  // namespace

ForeignError foreign_error_of(nb::handle exception) {
  const std::string text = std::string(nb::type_name(exception.type()).c_str()) + ": " + message_of(exception);
  return ForeignError(kind_of(exception), text, Value::of(PyRef(exception)));
}

ForeignError to_foreign_error(nb::python_error& error) {
  // The traceback belongs to the exception object from here on.
  if (error.traceback().is_valid()) PyException_SetTraceback(error.value().ptr(), error.traceback().ptr());
  return foreign_error_of(error.value());
}

void bind_errors(nb::module_&) { nb::register_exception_translator(translate); }

}  // namespace plait::python
