// Raw graphs, dicts of keys to computations, as graphs of the engine.
#pragma once

#include <nanobind/nanobind.h>

#include <vector>

#include "graph/graph.h"

namespace plait::python {

namespace nb = nanobind;

// What makes the values of `keys`, one output for each. Tasks of collections, as their `__dask_graph__` shows them,
// become again what they were. Needs the GIL. Throws Error(key) for a key that is not there, Error(value) for a
// reference to one, Error(runtime) with the keys of a cycle.
Graph read_graph(const nb::dict& tasks, const std::vector<nb::object>& keys);

}  // namespace plait::python
