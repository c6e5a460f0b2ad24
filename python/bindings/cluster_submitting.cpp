// What a client sends to its cluster: calls, graphs, plans and data.
#include <fmt/format.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "cluster/remote_value.h"
#include "cluster_calls.h"
#include "cluster_client.h"
#include "expr/expr.h"
#include "expr/plan.h"
#include "gil.h"
#include "graph_reader.h"
#include "values.h"

namespace plait::python {
namespace {

std::vector<message::NamedTask> named_outputs(const Graph& graph, const Keys& keys) {
  if (keys.size() != graph.outputs().size())
    throw value_error(fmt::format("submit_graph: the graph has {} outputs, which need as many keys; found {}",
                                  graph.outputs().size(), keys.size()));
  std::vector<message::NamedTask> outputs;
  for (std::size_t i = 0; i < keys.size(); ++i) outputs.push_back({graph.outputs()[i], keys[i]});
  return outputs;
}

}  // namespace

std::optional<message::Annotation> annotation_of(const nb::object& given) {
  if (given.is_none()) return std::nullopt;
  message::Annotation annotation;
  for (auto [key, value] : nb::cast<nb::dict>(given)) {
    const std::string name = nb::str(key).c_str();
    if (value.is_none()) continue;
    if (name == "priority") {
      annotation.priority = nb::cast<std::int32_t>(nb::int_(value));
    } else if (name == "retries") {
      annotation.retries = nb::cast<std::uint32_t>(nb::int_(value));
    } else if (name == "workers") {
      if (PyUnicode_Check(value.ptr()))
        annotation.workers = {nb::cast<std::string>(value)};
      else
        for (nb::handle worker : value) annotation.workers.push_back(nb::str(worker).c_str());
    } else if (name == "allow_other_workers") {
      annotation.allow_other_workers = nb::cast<bool>(value);
    } else if (name == "resources") {
      for (auto [resource, amount] : nb::cast<nb::dict>(value))
        annotation.resources[nb::str(resource).c_str()] = nb::cast<double>(nb::float_(amount));
    } else if (name == "memory") {
      annotation.memory_bytes = nb::cast<std::uint64_t>(value);
    } else if (name == "actor") {
      annotation.is_actor = nb::cast<bool>(value);
    } else {
      throw type_error(
          fmt::format("annotations of tasks are priority, retries, workers, allow_other_workers, resources, "
                      "memory and actor; found '{}'",
                      name));
    }
  }
  return annotation;
}

void submit_calls(PythonClient& client, nb::handle function, const nb::list& arguments, const nb::object& kwargs,
                  const nb::list& keys, const nb::object& annotations) {
  const std::optional<message::Annotation> annotation = annotation_of(annotations);
  const Graph graph =
      graph_of_calls(*client, function, arguments, kwargs.is_none() ? nb::dict() : nb::cast<nb::dict>(kwargs), keys);
  std::vector<message::NamedTask> outputs;
  for (std::size_t i = 0; i < graph.outputs().size(); ++i)
    outputs.push_back({graph.outputs()[i], nb::cast<std::string>(keys[i])});
  const NoGil no_gil;
  (*client).submit(graph, std::move(outputs), annotation);
}

void submit_raw_graph(PythonClient& client, const nb::dict& tasks, const nb::list& wanted, const Keys& keys,
                      const nb::object& annotations) {
  const std::optional<message::Annotation> annotation = annotation_of(annotations);
  std::vector<nb::object> all;
  for (nb::handle key : wanted) all.push_back(nb::borrow(key));
  const Graph graph = read_graph(tasks, all);
  const NoGil no_gil;
  (*client).submit(graph, named_outputs(graph, keys), annotation);
}

std::vector<ExprHandle> submit_plans(PythonClient& client, const std::vector<ExprHandle>& handles,
                                     const std::optional<Keys>& given, bool optimized, const nb::object& annotations) {
  const std::optional<message::Annotation> annotation = annotation_of(annotations);
  const NoGil no_gil;
  Roots roots;
  for (const ExprHandle& handle : handles) roots.push_back(handle.expr);
  const Roots lowered = optimized ? optimize(roots) : lower_only(roots);
  const Graph graph = build_graph(lowered, check_signals);
  Keys keys;
  for (const ExprPtr& root : roots) {
    for (std::int64_t block = 0; !given && block < root->meta().num_blocks(); ++block)
      keys.push_back(fmt::format("{}-{}", root->name(), block));
  }
  if (given) keys = *given;
  (*client).submit(graph, named_outputs(graph, keys), annotation);
  std::vector<ExprHandle> kept;
  auto next = keys.begin();
  for (std::size_t i = 0; i < roots.size(); ++i) {
    std::vector<Value> blocks;
    for (std::int64_t block = 0; block < lowered[i]->meta().num_blocks(); ++block)
      blocks.push_back(Value::of(cluster::RemoteValue(std::make_shared<cluster::KeyHandle>(client.core(), *next++))));
    kept.push_back(
        {blocks_expr(lowered[i]->meta_ptr(), std::move(blocks), roots[i]->token(), std::string(roots[i]->op()))});
  }
  return kept;
}

Keys remote_keys(const std::vector<ExprHandle>& handles) {
  Roots roots;
  for (const ExprHandle& handle : handles) roots.push_back(handle.expr);
  const Graph graph = build_graph(lower_only(roots));
  Keys keys;
  for (TaskId task = 0; task < graph.size(); ++task) {
    const Value* value = graph.value_of(task);
    if (const auto* remote = value ? value->get_if<cluster::RemoteValue>() : nullptr) keys.push_back(remote->key());
  }
  return keys;
}

void scatter(PythonClient& client, const nb::list& objects, const Keys& keys,
             const std::optional<std::vector<std::string>>& workers, const nb::object& broadcast) {
  if (nb::len(objects) != keys.size())
    throw value_error(fmt::format("scatter: {} objects need as many keys; found {}", nb::len(objects), keys.size()));
  std::uint32_t num_copies = 1;
  if (PyBool_Check(broadcast.ptr()))
    num_copies = broadcast.ptr() == Py_True ? 0 : 1;
  else if (!broadcast.is_none())
    num_copies = nb::cast<std::uint32_t>(broadcast);
  std::vector<Value> values;
  for (nb::handle object : objects) values.push_back(Value::of(PyRef(object)));
  const NoGil no_gil;
  for (std::size_t i = 0; i < keys.size(); ++i)
    (*client).scatter(keys[i], values[i], workers.value_or(std::vector<std::string>()), num_copies);
}

}  // namespace plait::python
