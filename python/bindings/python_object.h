// Python objects inside the engine: references that any thread may hold and drop, and the values of tasks that yield
// them.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>

#include "base/value.h"

namespace plait::python {

namespace nb = nanobind;

// A reference to a Python object. Copies and moves need no GIL; the last one to go gives the object back when the GIL
// is next held (drop_dead_objects, gil.h).
class PyRef {
 public:
  PyRef() = default;
  // Needs the GIL.
  explicit PyRef(nb::handle object);

  nb::handle get() const { return held_.get(); }
  explicit operator bool() const { return held_ != nullptr; }
  std::shared_ptr<const void> owner() const { return held_; }

 private:
  std::shared_ptr<PyObject> held_;
};

// The session of kernels that call Python: holds the GIL over consecutive tasks.
std::shared_ptr<void> hold_gil();

}  // namespace plait::python

namespace plait {

// A Python object as a value; pickled (cloudpickle) when it leaves the process.
template <>
const ValueType& value_type<python::PyRef>();

template <>
struct Codec<python::PyRef> {
  static void encode(Encoder& to, const python::PyRef& object);
  static python::PyRef decode(Decoder& from);
};

}  // namespace plait
