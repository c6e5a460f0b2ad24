#include "plan.h"

#include <fmt/format.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <array>
#include <cstring>
#include <unordered_map>

#include "base/record_file.h"
#include "collections/array/array_meta.h"
#include "collections/plan_file.h"
#include "context_variables.h"
#include "errors.h"
#include "expr/plan_codec.h"
#include "expr/rewrite.h"
#include "gil.h"
#include "interrupt.h"
#include "plain_arguments.h"
#include "python_executor.h"
#include "python_object.h"
#include "python_task.h"
#include "run_events.h"
#include "task_call.h"
#include "user_line.h"
#include "values.h"

namespace plait::python {
namespace {

Roots roots_of(const std::vector<ExprHandle>& handles) {
  Roots roots;
  for (const ExprHandle& handle : handles) roots.push_back(handle.expr);
  return roots;
}

std::vector<ExprHandle> handles_of(const Roots& roots) {
  std::vector<ExprHandle> handles;
  for (const ExprPtr& root : roots) handles.push_back({root});
  return handles;
}

nb::list compute_in_python(const std::vector<ExprHandle>& handles, nb::handle scheduler, Given num_workers,
                           bool optimize, const nb::dict& kwargs) {
  const int workers = small_number("compute", "num_workers", num_workers);
  const ComputeOptions options = compute_options(scheduler, workers, optimize, kwargs);
  std::vector<Value> values;
  {
    const NoGil no_gil;
    values = compute(roots_of(handles), options);
  }
  nb::list results;
  for (const Value& value : values) results.append(to_python(value));
  return results;
}

std::vector<ExprHandle> persist_in_python(const std::vector<ExprHandle>& handles, nb::handle scheduler,
                                          Given num_workers, bool optimize, const nb::dict& kwargs) {
  const int workers = small_number("persist", "num_workers", num_workers);
  const ComputeOptions options = compute_options(scheduler, workers, optimize, kwargs);
  Roots kept;
  {
    const NoGil no_gil;
    kept = persist(roots_of(handles), options);
  }
  return handles_of(kept);
}

std::string analyze_in_python(const std::vector<ExprHandle>& handles, nb::handle scheduler, Given num_workers) {
  const int workers = small_number("explain", "num_workers", num_workers);
  const ComputeOptions options = compute_options(scheduler, workers, true);
  const NoGil no_gil;
  return analyze(roots_of(handles), options);
}

std::vector<ExprHandle> optimize_in_python(const std::vector<ExprHandle>& handles) {
  return handles_of(optimize(roots_of(handles)));
}

Graph graph_of(const std::vector<ExprHandle>& handles, bool optimized) {
  const Roots roots = roots_of(handles);
  return build_graph(optimized ? optimize(roots) : lower_only(roots));
}

void write_graph_of(const std::string& path, const std::vector<ExprHandle>& handles, bool optimized) {
  Encoder to;
  encode(to, graph_of(handles, optimized));
  write_record_file(path, to.take(), "write_graph");
}

// The values of a written graph's outputs.
nb::list run_graph_file(const std::string& path, nb::handle scheduler, int num_workers) {
  ComputeOptions options = compute_options(scheduler, num_workers, false);
  const Record record = read_record_file(path);
  Decoder from(record);
  auto graph = std::make_shared<const Graph>(decode<Graph>(from));
  std::vector<Value> values;
  {
    const NoGil no_gil;
    values = executor_of(options).run(std::move(graph), std::move(options.run));
  }
  nb::list results;
  for (const Value& value : values) results.append(to_python(value));
  return results;
}

// What one task of a plan yields, which is run with all that it needs on this thread.
nb::object run_task(const std::vector<ExprHandle>& handles, bool optimized, const std::string& key) {
  const Graph whole = graph_of(handles, optimized);
  TaskId task = 0;
  while (task < whole.size() && whole.key(task) != key) ++task;
  if (task == whole.size()) throw key_error(fmt::format("recreate_task: the plan has no task {} any more", key));
  const auto graph = std::make_shared<const Graph>(cull(whole, std::array{task}));
  ComputeOptions options = compute_options(nb::str("sync"), 1, false);
  std::vector<Value> values;
  {
    const NoGil no_gil;
    values = executor_of(options).run(graph, std::move(options.run));
  }
  return to_python(values.at(0));
}

// The plan with nodes that are there already in the places of those of the same token.
std::vector<ExprHandle> with_kept(const std::vector<ExprHandle>& handles, const std::vector<ExprHandle>& kept) {
  const Roots roots = roots_of(handles);
  std::unordered_map<Token, ExprPtr> by_token;
  for (const ExprHandle& each : kept) by_token.emplace(each.expr->token(), each.expr);
  std::unordered_map<const Expr*, ExprPtr> replaced;
  for (const ExprPtr& node : nodes_of(roots)) {
    const auto found = by_token.find(node->token());
    if (found != by_token.end() && found->second != node) replaced.emplace(node.get(), found->second);
  }
  return replaced.empty() ? handles : handles_of(with_replaced(roots, replaced));
}

std::uint64_t bytes_of_blocks(const ExprHandle& handle) {
  std::uint64_t num_bytes = 0;
  for (std::int64_t block = 0; block < handle.expr->meta().num_blocks(); ++block)
    num_bytes += handle.expr->block_task(block).output_bytes;
  return num_bytes;
}

// The key of a collection's block, as its `__dask_keys__` say it.
nb::object block_key(const Expr& root, std::int64_t block) {
  nb::list key;
  key.append(nb::str(root.name().c_str()));
  for (const std::int64_t i : unravel(block, root.meta().grid())) key.append(i);
  return nb::tuple(key);
}

nb::list block_keys(const std::vector<ExprHandle>& handles) {
  nb::list keys;
  for (const ExprHandle& handle : handles) {
    for (std::int64_t block = 0; block < handle.expr->meta().num_blocks(); ++block)
      keys.append(block_key(*handle.expr, block));
  }
  return keys;
}

// The key of a block's value, where the block's own key is that of what the user gets of it.
nb::object value_key(const nb::object& key) {
  const auto named = [](nb::handle name) { return nb::str(("value:" + std::string(nb::str(name).c_str())).c_str()); };
  if (!PyTuple_Check(key.ptr())) return named(key);
  nb::list items(key);
  const std::string first = nb::str(items[0]).c_str();
  if (first.starts_with("value:")) return key;
  items[0] = named(items[0]);
  return nb::tuple(items);
}

// The tasks of collections as a dict that Dask's `get` functions run. The blocks' keys yield what the user knows: NumPy
// arrays and pandas frames; other tasks pass values of the engine to each other.
nb::dict task_graph(const std::vector<ExprHandle>& handles, bool optimized) {
  const Graph graph = graph_of(handles, optimized);
  std::vector<nb::object> keys = task_keys(graph);
  // What a block's own key yields is what the user knows. And the key of a delayed call may, in the graph of another
  // collection, be the user's, too.
  std::vector<bool> is_apart(graph.size());
  for (TaskId task = 0; task < graph.size(); ++task) is_apart[task] = static_cast<bool>(graph.layer_of(task).keys);
  for (TaskId output : graph.outputs()) is_apart[output] = true;
  for (TaskId task = 0; task < graph.size(); ++task) {
    if (is_apart[task]) keys[task] = value_key(keys[task]);
  }
  nb::dict tasks = task_dict(graph, keys);
  const nb::object presented = nb::module_::import_("plait._schedulers").attr("presented");
  auto output = graph.outputs().begin();
  for (const ExprHandle& handle : handles) {
    const std::int64_t num_blocks = handle.expr->meta().num_blocks();
    for (std::int64_t block = 0; block < num_blocks; ++block)
      tasks[block_key(*handle.expr, block)] = nb::make_tuple(presented, keys[*output++]);
  }
  return tasks;
}

}  // namespace

void check_signals() {
  const Gil gil;
  drop_dead_objects();
  deliver_run_events();
  if (is_in_cancelled_function()) throw Error(ErrorKind::cancelled, "the run around this one was cancelled");
  if (PyErr_CheckSignals() == 0) return;
  nb::python_error signal;
  interrupt_cancelled_functions();
  throw signal;
}

// What worker processes call first: the argument `initializer`, which is taken out of `kwargs`, or the setting of that
// name.
static KernelCall worker_start_of(const nb::dict& kwargs) {
  const nb::object function = nb::module_::import_("plait._schedulers").attr("initializer_in")(kwargs);
  return function.is_none() ? KernelCall() : python_call(function);
}

ComputeOptions compute_options(nb::handle scheduler, int num_workers, bool optimize, const nb::dict& kwargs) {
  ComputeOptions options;
  options.optimize = optimize;
  options.run.num_workers = num_workers;
  options.run.retries =
      nb::cast<std::uint32_t>(nb::module_::import_("plait._annotations").attr("retries_of_run")(scheduler));
  options.run.poll = check_signals;
  options.run.surroundings = current_variables();
  if (PyUnicode_Check(scheduler.ptr())) {
    options.scheduler = nb::cast<std::string>(scheduler);
    if (executor_of(options).name() == "processes") options.run.worker_start = worker_start_of(kwargs);
    require_none_left(kwargs);
  } else {
    options.executor = executor_of_python(scheduler, num_workers, kwargs);
  }
  return options;
}

void bind_plan(nb::module_& m) {
  nb::class_<ExprHandle>(m, "Expr", "A node of a plan: what is to be computed. Immutable.")
      .def_prop_ro("op", [](const ExprHandle& self) { return std::string(self.expr->op()); })
      .def_prop_ro("name", [](const ExprHandle& self) { return self.expr->name(); })
      .def_prop_ro("token", [](const ExprHandle& self) { return self.expr->token().text(); })
      .def_prop_ro("source", [](const ExprHandle& self) { return self.expr->source(); })
      .def_prop_ro("kind", [](const ExprHandle& self) { return self.expr->meta().kind(); })
      .def_prop_ro("num_blocks", [](const ExprHandle& self) { return self.expr->meta().num_blocks(); })
      .def_prop_ro("operands",
                   [](const ExprHandle& self) {
                     std::vector<ExprHandle> operands;
                     for (const ExprPtr& operand : self.expr->operands()) operands.push_back({operand});
                     return operands;
                   })
      .def("__getstate__",
           [](const ExprHandle& self) {
             const std::vector<std::byte> frame = write_frame(encode_plan({self.expr}));
             return nb::bytes(reinterpret_cast<const char*>(frame.data()), frame.size());
           })
      .def("__setstate__",
           [](ExprHandle& self, const nb::bytes& state) {
             auto frame = std::make_shared<std::vector<std::byte>>(state.size());
             std::memcpy(frame->data(), state.c_str(), state.size());
             new (&self) ExprHandle{decode_plan(read_frame(*frame, frame)).at(0)};
           })
      .def("__repr__", [](const ExprHandle& self) { return tree_text({self.expr}); });

  m.def("compute", compute_in_python, nb::arg("exprs"), nb::arg("scheduler") = "", nb::arg("num_workers") = 0,
        nb::arg("optimize") = true, nb::arg("kwargs") = nb::dict());
  m.def("persist", persist_in_python, nb::arg("exprs"), nb::arg("scheduler") = "", nb::arg("num_workers") = 0,
        nb::arg("optimize") = true, nb::arg("kwargs") = nb::dict());
  m.def("optimize", optimize_in_python, "The nodes after every pass of the optimizer.");
  m.def("analyze", analyze_in_python);
  m.def("explain", [](const std::vector<ExprHandle>& handles) { return explain(roots_of(handles)); });
  m.def("block_keys", block_keys);
  m.def("task_graph", task_graph, nb::arg("exprs"), nb::arg("optimize") = false);
  m.def("passes", [] {
    std::vector<std::pair<std::string, std::string>> list;
    for (const Pass& pass : passes()) list.emplace_back(pass.name, pass.doc);
    return list;
  });
  m.def("with_kept", with_kept, nb::arg("exprs"), nb::arg("kept"));
  m.def("bytes_of_blocks", bytes_of_blocks);
  m.def("run_task", run_task, nb::arg("exprs"), nb::arg("optimize"), nb::arg("key"));
  m.def("write_graph_of", write_graph_of);
  m.def("run_graph_file", run_graph_file);
  m.def("write_plan_file", [](const std::string& path, const std::vector<ExprHandle>& handles) {
    write_plan_file(path, roots_of(handles));
  });
  m.def("read_plan_file", [](const std::string& path) { return handles_of(read_plan_file(path)); });
  m.def("user_line", user_line);
  m.def("set_package_directory", set_package_directory);
}

}  // namespace plait::python
