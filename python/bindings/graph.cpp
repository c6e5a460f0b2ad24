// Raw task graphs: a dict of keys to computations, as Dask's custom graphs are written.
#include <fmt/format.h>
#include <nanobind/stl/string.h>

#include "base/record_file.h"
#include "gil.h"
#include "graph/inputs_first.h"
#include "graph_reader.h"
#include "plain_arguments.h"
#include "plan.h"
#include "python_object.h"
#include "python_task.h"
#include "raw_graph.h"
#include "task_call.h"
#include "values.h"

namespace plait::python {
namespace {

// Lists of keys, nested at will, become tuples of values of the same shape.
nb::object gather(nb::handle keys, const std::function<nb::object(nb::handle)>& value_of, int depth = 1) {
  if (!PyList_Check(keys.ptr())) return value_of(keys);
  RawGraph::check_depth(depth, "the list of keys");
  nb::list values;
  for (nb::handle key : nb::cast<nb::list>(keys)) values.append(gather(key, value_of, depth + 1));
  return nb::tuple(values);
}

std::vector<nb::object> flat(nb::handle keys) {
  std::vector<nb::object> all;
  gather(keys, [&](nb::handle key) {
    all.push_back(nb::borrow(key));
    return nb::none();
  });
  return all;
}

nb::object get(const nb::dict& tasks, nb::handle keys, nb::handle scheduler, Given num_workers, const nb::dict& kwargs,
               bool as_values) {
  const int workers = small_number("get", "num_workers", num_workers);
  ComputeOptions options = compute_options(scheduler, workers, false, kwargs);
  auto graph = std::make_shared<const Graph>(read_graph(tasks, flat(keys)));
  std::vector<Value> values;
  {
    const NoGil no_gil;
    values = executor_of(options).run(std::move(graph), std::move(options.run));
  }
  std::size_t next = 0;
  return gather(keys, [&](nb::handle) {
    const Value& value = values[next++];
    return as_values ? wrap(value) : to_python(value);
  });
}

// The rank of every key: tasks of lower rank start first. References to keys elsewhere do not matter.
nb::dict order_of(const nb::dict& tasks) {
  RawGraph raw(tasks);
  std::vector<std::vector<std::uint32_t>> needs(raw.size());
  std::vector<std::size_t> found;
  for (std::size_t number = 0; number < raw.size(); ++number) {
    found.clear();
    raw.add_inputs(number, found);
    needs[number].assign(found.begin(), found.end());
  }
  Graph graph;
  graph.reserve(raw.size(), raw.size());
  const LayerId layer = graph.add_layer({.name = "graph", .op = "graph", .grid = {}, .source = ""});
  const CallId call = graph.add_call(literal_kernel(Value()));
  std::vector<TaskId> task_of(raw.size());
  std::vector<TaskId> inputs;
  std::vector<bool> is_needed(raw.size(), false);
  const std::vector<std::uint32_t> numbers =
      inputs_first(needs, [&](std::uint32_t number) { return raw.key_text(number); });
  for (const std::uint32_t number : numbers) {
    inputs.clear();
    for (const std::uint32_t input : needs[number]) {
      inputs.push_back(task_of[input]);
      is_needed[input] = true;
    }
    task_of[number] = graph.add_task(call, inputs, layer, number);
  }
  for (std::size_t number = 0; number < raw.size(); ++number) {
    if (!is_needed[number]) graph.add_output(task_of[number]);
  }
  const std::vector<std::uint32_t> ranks = order(graph);
  nb::dict result;
  for (std::size_t number = 0; number < raw.size(); ++number) {
    const nb::object rank = nb::steal(PyLong_FromSize_t(ranks[task_of[number]]));
    if (PyDict_SetItem(result.ptr(), raw.key(number).ptr(), rank.ptr()) != 0) throw nb::python_error();
  }
  return result;
}

void write_graph_file(const std::string& path, const nb::dict& tasks, nb::handle keys) {
  Encoder to;
  encode(to, read_graph(tasks, flat(keys)));
  write_record_file(path, to.take(), "write_graph");
}

}  // namespace

void bind_graph(nb::module_& m) {
  m.def("write_graph_file", write_graph_file);
  m.def("get", get, nb::arg("dsk"), nb::arg("keys"), nb::arg("scheduler") = "sync", nb::arg("num_workers") = 0,
        nb::arg("kwargs") = nb::dict(), nb::arg("as_values") = false);
  m.def("order", order_of);
}

}  // namespace plait::python
