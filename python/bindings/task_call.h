// Tasks of a graph as Python objects that any scheduler can call, and the values that they pass to each other.
#pragma once

#include <nanobind/nanobind.h>

#include <string>
#include <vector>

#include "base/fault.h"
#include "graph/graph.h"
#include "python_object.h"

namespace plait::python {

namespace nb = nanobind;

// task(*values of its inputs) -> value. Picklable: the kernel's name and its parameters. A failure is raised as its
// Python exception, which keeps the fault.
struct TaskCall {
  KernelCall call;
  std::uint32_t block = 0;
  std::string key;     // of the task; empty where somebody else says in errors where it happened
  std::string source;  // the user's line that made it
  static constexpr auto fields = std::tuple{&TaskCall::call, &TaskCall::block, &TaskCall::key, &TaskCall::source};
};

// A value of the engine in the hands of another scheduler. Picklable.
struct TaskValue {
  Value value;
  static constexpr auto fields = std::tuple{&TaskValue::value};
};

// A fault in the hands of Python: the attribute `__plait_fault__` of the exception that it was raised as.
struct FaultHandle {
  Fault fault;
  static constexpr auto fields = std::tuple{&FaultHandle::fault};
};

// Bound as plait._plait.TaskCall, TaskValue and Fault. All below need the GIL.
void bind_task_calls(nb::module_& m);

nb::object wrap(TaskCall call);
nb::object wrap(Value value);
// The value inside, or that of any other Python object.
Value unwrap(nb::handle object);

// Keeps a fault that has a detail with the exception that is being raised.
void keep_fault(const Fault& fault);
// What an exception that has come through another scheduler says: the fault that it was raised for, or itself.
Fault fault_of_python(nb::python_error& error);

// The keys of a graph's tasks as Dask writes them: (layer, i, j), or the layer's name where it has no grid.
std::vector<nb::object> task_keys(const Graph& graph);
// key -> (TaskCall, *keys of its inputs), for every task.
nb::dict task_dict(const Graph& graph, const std::vector<nb::object>& keys);

}  // namespace plait::python
