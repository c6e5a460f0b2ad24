#include "task_call.h"

#include <fmt/format.h>
#include <nanobind/stl/string.h>

#include <cstring>

#include "base/elsewhere.h"
#include "errors.h"
#include "gil.h"
#include "interrupt.h"
#include "plan.h"
#include "values.h"

namespace plait::python {
namespace {

constexpr const char* kFaultAttribute = "__plait_fault__";

// Pickled as one checksummed frame.
template <class T>
nb::bytes to_state(const T& object) {
  Encoder to;
  encode(to, object);
  const std::vector<std::byte> frame = write_frame(to.take());
  return nb::bytes(reinterpret_cast<const char*>(frame.data()), frame.size());
}

template <class T>
T of_state(const nb::bytes& state) {
  auto frame = std::make_shared<std::vector<std::byte>>(state.size());
  std::memcpy(frame->data(), state.c_str(), state.size());
  const Record record = read_frame(*frame, frame);
  Decoder from(record);
  return decode<T>(from);
}

template <class T>
nb::class_<T> bind_pickled(nb::module_& m, const char* name, const char* doc) {
  return nb::class_<T>(m, name, doc)
      .def("__getstate__", to_state<T>)
      .def("__setstate__", [](T& self, const nb::bytes& state) { new (&self) T(of_state<T>(state)); });
}

Value run(const TaskCall& task, const std::vector<Value>& inputs) {
  const NoGil no_gil;
  const std::function<void()> poll = check_signals;
  try {
    const TaskContext context(nullptr, nullptr, &poll, task.block);
    const RunningTask running(context);
    return opened(task.call.run(inputs, context));
  } catch (...) {
    Fault fault = fault_of(std::current_exception());
    fault.key = task.key;
    fault.source = task.source;
    throw TaskError(std::move(fault));
  }
}

nb::object call(const TaskCall& task, const nb::args& arguments) {
  drop_dead_objects();
  std::vector<Value> inputs;
  for (nb::handle argument : arguments) inputs.push_back(unwrap(argument));
  return wrap(run(task, inputs));
}

nb::object key_of(const Graph& graph, TaskId id) {
  const Task& task = graph.task(id);
  const Layer& layer = graph.layer_of(id);
  if (const auto* keys = layer.keys.get_if<PyRef>()) return nb::borrow(nb::handle(keys->get())[task.block]);
  if (layer.keys || layer.grid.empty()) return nb::str(graph.key(id).c_str());
  std::vector<std::int64_t> index(layer.grid.size());
  std::int64_t rest = task.block;
  for (std::size_t axis = layer.grid.size(); axis-- > 0;) {
    index[axis] = layer.grid[axis] > 0 ? rest % layer.grid[axis] : rest;
    if (layer.grid[axis] > 0) rest /= layer.grid[axis];
  }
  nb::list key;
  key.append(nb::str(layer.name.c_str()));
  for (const std::int64_t i : index) key.append(i);
  return nb::tuple(key);
}

}  // namespace

nb::object wrap(TaskCall call) { return nb::cast(std::move(call)); }
nb::object wrap(Value value) { return nb::cast(TaskValue{std::move(value)}); }

Value unwrap(nb::handle object) {
  if (nb::isinstance<TaskValue>(object)) return nb::inst_ptr<TaskValue>(object)->value;
  return from_python(object);
}

void keep_fault(const Fault& fault) {
  if (!fault.detail || !PyErr_Occurred()) return;
  nb::python_error raised;
  try {
    nb::setattr(raised.value(), kFaultAttribute, nb::cast(FaultHandle{fault}));
  } catch (nb::python_error&) {
    // An exception that takes no attribute is still the one to raise.
  }
  raised.restore();
}

Fault fault_of_python(nb::python_error& error) {
  const nb::object held = nb::getattr(error.value(), kFaultAttribute, nb::none());
  if (nb::isinstance<FaultHandle>(held)) return nb::inst_ptr<FaultHandle>(held)->fault;
  return fault_of(std::make_exception_ptr(to_plait_error(error)));
}

std::vector<nb::object> task_keys(const Graph& graph) {
  std::vector<nb::object> keys;
  for (TaskId id = 0; id < graph.size(); ++id) keys.push_back(key_of(graph, id));
  return keys;
}

nb::dict task_dict(const Graph& graph, const std::vector<nb::object>& keys) {
  nb::dict tasks;
  for (TaskId id = 0; id < graph.size(); ++id) {
    nb::list task;
    task.append(wrap(TaskCall{graph.call_of(id), graph.task(id).block, graph.key(id), graph.layer_of(id).source}));
    for (TaskId input : graph.inputs(id)) task.append(keys[input]);
    tasks[keys[id]] = nb::tuple(task);
  }
  return tasks;
}

void bind_task_calls(nb::module_& m) {
  bind_pickled<TaskCall>(m, "TaskCall", "A task that any scheduler can call: task(*values of its inputs).")
      .def("__call__", call)
      .def("__repr__", [](const TaskCall& self) { return fmt::format("<plait task: {}>", self.call.kernel->name); });
  bind_pickled<TaskValue>(m, "TaskValue", "A value of the engine, as tasks pass it to each other.")
      .def("to_python", [](const TaskValue& self) { return to_python(self.value); })
      .def_prop_ro("nbytes", [](const TaskValue& self) { return self.value.num_bytes(); })
      .def("__repr__", [](const TaskValue& self) { return "<plait value: " + self.value.describe() + ">"; });
  bind_pickled<FaultHandle>(m, "Fault", "What the engine knows of an error.")
      .def("__repr__", [](const FaultHandle& self) { return "<plait fault: " + self.fault.message + ">"; });
}

}  // namespace plait::python
