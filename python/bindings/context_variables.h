// Python's context variables (`contextvars`) of the code that starts a run, for the functions that the run calls on
// other threads. NumPy's `errstate` and the contexts of `decimal` are such variables.
#pragma once

#include <memory>

#include "python_object.h"

namespace plait::python {

// A copy of this thread's variables as they are now. Needs the GIL.
std::shared_ptr<const void> current_variables();

// Makes a copy of variables those of this thread, until its end: what is set meanwhile nobody else sees. Null changes
// nothing. Needs the GIL at both ends.
class VariablesAround {
 public:
  explicit VariablesAround(const void* variables);
  ~VariablesAround();
  VariablesAround(const VariablesAround&) = delete;
  VariablesAround& operator=(const VariablesAround&) = delete;

 private:
  nb::object entered_;
};

}  // namespace plait::python
