// Plans in Python: a handle on a node, and the drivers compute, persist, explain.
#pragma once

#include <nanobind/nanobind.h>

#include "expr/plan.h"
#include "plait/compute.h"

namespace plait::python {

namespace nb = nanobind;

// Bound as plait._plait.Expr; the collections' Python classes hold one.
struct ExprHandle {
  ExprPtr expr;
};

void bind_plan(nb::module_& m);
void bind_graph(nb::module_& m);
void bind_config(nb::module_& m);

// Options of a run as Python callers give them, with the poll that answers Ctrl-C.
RunSettings run_settings(const std::string& scheduler, int num_workers, bool optimize = true);
ComputeOptions compute_options(const std::string& scheduler, int num_workers, bool optimize);

}  // namespace plait::python
