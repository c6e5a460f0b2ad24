// Python functions that run for a run on whatever thread: they have the context variables of who started it, and are
// stopped when it is cancelled: the interpreter raises KeyboardInterrupt in them at their next bytecode.
#pragma once

#include "base/kernel.h"
#include "context_variables.h"

namespace plait::python {

// Marks that this thread runs a Python function for the run of `context`. Needs the GIL at both ends.
class RunningPython {
 public:
  explicit RunningPython(const TaskContext& context);
  ~RunningPython();
  RunningPython(const RunningPython&) = delete;
  RunningPython& operator=(const RunningPython&) = delete;

 private:
  const VariablesAround variables_;
};

// Whether this thread runs a Python function of a run that has been cancelled: a run inside that function should end,
// too. Needs the GIL.
bool is_in_cancelled_function();

// The poll of a run has failed: from now on its Python functions are interrupted as soon as the executor has marked the
// run cancelled. Needs the GIL; returns at once.
void interrupt_cancelled_functions();

}  // namespace plait::python
