#include "errors.h"

#include <nanobind/stl/string.h>

#include <cstring>

#include "cluster/failures.h"
#include "collections/array/axes.h"
#include "gil.h"
#include "task_call.h"

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

// NumPy's exception, which is a ValueError and an IndexError.
void raise_axis_error(const char* message) {
  try {
    raise_text(nb::module_::import_("numpy.exceptions").attr("AxisError").ptr(), message);
  } catch (nb::python_error& error) {
    error.restore();
  }
}

void raise_killed_worker(const std::string& key, const char* message) {
  try {
    const nb::object type = nb::module_::import_("plait.distributed.exceptions").attr("KilledWorker");
    PyErr_SetObject(type.ptr(), type(key, message).ptr());
  } catch (nb::python_error& error) {
    error.restore();
  }
}

// What the exception says of itself, which is code of the user, too.
std::string message_of(nb::handle exception) {
  try {
    return nb::str(exception).c_str();
  } catch (nb::python_error&) {
    return "<exception str() failed>";
  }
}

// Beside the exception itself stands where it happened.
void raise_original(const PyException& original, const std::string& place) {
  const nb::handle exception = original.object.get();
  try {
    if (!place.empty()) exception.attr("add_note")(place);
  } catch (nb::python_error&) {
    PyErr_Clear();  // an exception that takes no note is still the one to raise
  }
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
}

// The exception that is being raised knows which task has failed: plait.recreate_task runs it again.
void keep_key(const std::string& key) {
  if (key.empty() || !PyErr_Occurred()) return;
  nb::python_error raised;
  try {
    nb::setattr(raised.value(), "__plait_key__", nb::str(key.c_str(), key.size()));
  } catch (nb::python_error&) {
    // An exception that takes no attribute is still the one to raise.
  }
  raised.restore();
}

void raise(const DetailedError& error, const Fault& fault) {
  if (const auto* original = error.detail_if<PyException>()) {
    raise_original(*original, fault.place());
  } else if (const auto* killed = error.detail_if<cluster::KilledWorkers>()) {
    raise_killed_worker(killed->key, error.what());
  } else {
    raise_text(exception_type(error.kind()), error.what());
    keep_fault(fault);
  }
  keep_key(fault.key);
}

void translate(const std::exception_ptr& thrown, void*) {
  try {
    std::rethrow_exception(thrown);
  } catch (const TaskError& error) {
    raise(error, error.fault);
  } catch (const DetailedError& error) {
    raise(error, {.kind = error.kind(), .message = error.what(), .detail = error.detail()});
  } catch (const AxisError& error) {
    raise_axis_error(error.what());
  } catch (const Error& error) {
    raise_text(exception_type(error.kind()), error.what());
  }
}

}  // namespace

DetailedError to_plait_error(nb::python_error& error) {
  const nb::handle exception = error.value();
  // The traceback belongs to the exception object from here on.
  if (error.traceback().is_valid()) PyException_SetTraceback(exception.ptr(), error.traceback().ptr());
  const std::string text = std::string(nb::type_name(exception.type()).c_str()) + ": " + message_of(exception);
  return DetailedError(kind_of(exception), text, Value::of(PyException{PyRef(exception)}));
}

void bind_errors(nb::module_&) {
  register_value_type(value_type<PyException>());
  nb::register_exception_translator(translate);
}

}  // namespace plait::python

namespace plait {

namespace nb = nanobind;
using python::PyException;
using python::PyRef;

template <>
const ValueType& value_type<PyException>() {
  static const ValueType type = {
      .name = "python exception",
      .num_bytes = [](const void*) { return sizeof(PyException); },
      .describe = [](const void*) { return std::string("Python exception"); },
      .encode =
          [](Encoder& to, const void* data) {
            const python::Gil gil;
            try {
              const nb::object pack = nb::module_::import_("plait._remote_errors").attr("pack_exception");
              encode(to, PyRef(pack(static_cast<const PyException*>(data)->object.get())));
            } catch (nb::python_error& error) {
              throw python::to_plait_error(error);
            }
          },
      .decode = [](Decoder& from) -> std::shared_ptr<const void> {
        const python::Gil gil;
        try {
          const nb::object unpack = nb::module_::import_("plait._remote_errors").attr("unpack_exception");
          return std::make_shared<const PyException>(PyRef(unpack(decode<PyRef>(from).get())));
        } catch (nb::python_error& error) {
          throw python::to_plait_error(error);
        }
      }};
  return type;
}

}  // namespace plait
