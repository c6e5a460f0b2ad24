// Worker processes: how they are started, and how Python exceptions come back from them.
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings.h"
#include "errors.h"
#include "python_object.h"
#include "runtime/worker_main.h"

namespace plait::python {
namespace {

// A Python exception goes as itself with the text of its traceback, which pickling would lose.
std::optional<Value> encode_error(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const ForeignError& error) {
    const PyRef* exception = error.object().get_if<PyRef>();
    if (!exception) return std::nullopt;
    nb::gil_scoped_acquire gil;
    try {
      return Value::of(PyRef(nb::module_::import_("plait._pickle").attr("pack_exception")(exception->get())));
    } catch (nb::python_error&) {
      return std::nullopt;  // kind and message travel all the same
    }
  } catch (...) {
    return std::nullopt;
  }
}

std::exception_ptr decode_error(const Value& value) {
  nb::gil_scoped_acquire gil;
  const PyRef* packed = value.get_if<PyRef>();
  if (!packed) return nullptr;
  return std::make_exception_ptr(foreign_error_of(nb::module_::import_("plait._pickle").attr("unpack_exception")(packed->get())));
}

}  // namespace

void bind_runtime(nb::module_& m) {
  set_error_codec({encode_error, decode_error});
  m.def("set_worker_command", set_worker_command);
  m.def("run_worker", run_worker, nb::call_guard<nb::gil_scoped_release>());
}

}  // namespace plait::python
