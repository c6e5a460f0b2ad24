// Plans in Python: a handle on a node, and the drivers compute, persist, explain.
#pragma once

#include <nanobind/nanobind.h>

#include "expr/plan.h"

namespace plait::python {

namespace nb = nanobind;

// Bound as plait._plait.Expr; the collections' Python classes hold one.
struct ExprHandle {
  ExprPtr expr;
};

void bind_plan(nb::module_& m);
void bind_graph(nb::module_& m);
void bind_config(nb::module_& m);

// Options of a run as Python callers give them, with what annotations around it say and the poll that answers Ctrl-C.
// `scheduler`: a name ("" is the setting's), an executor object or a function with the signature of `get`, to which
// `kwargs` go.
ComputeOptions compute_options(nb::handle scheduler, int num_workers, bool optimize, const nb::dict& kwargs = {});
// Answers Ctrl-C: to be called now and then by threads that wait or work. Throws what its handler raises.
void check_signals();

}  // namespace plait::python
