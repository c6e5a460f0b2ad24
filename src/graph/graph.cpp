#include "graph/graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "base/elsewhere.h"
#include "base/function.h"

namespace plait {

LayerId Graph::add_layer(Layer layer) {
  PLAIT_CHECK(!layer.keys || layer.keys.type()->item_name != nullptr);
  layers_.push_back(std::move(layer));
  return static_cast<LayerId>(layers_.size() - 1);
}

CallId Graph::add_call(KernelCall call) {
  PLAIT_CHECK(call.kernel != nullptr);
  // Tasks of one layer often do the same and come one after the other.
  if (calls_.empty() || !calls_.back().same_as(call)) calls_.push_back(std::move(call));
  return static_cast<CallId>(calls_.size() - 1);
}

TaskId Graph::add_task(CallId call, std::span<const TaskId> inputs, LayerId layer, std::uint32_t block,
                       std::uint64_t output_bytes) {
  const auto id = static_cast<TaskId>(tasks_.size());
  const auto first = static_cast<std::uint32_t>(inputs_.size());
  for (TaskId input : inputs) PLAIT_CHECK(input < id);
  inputs_.insert(inputs_.end(), inputs.begin(), inputs.end());
  tasks_.push_back({output_bytes, call, layer, block, first, static_cast<std::uint32_t>(inputs.size())});
  return id;
}

TaskId Graph::add_task(KernelCall call, std::span<const TaskId> inputs, LayerId layer, std::uint32_t block,
                       std::uint64_t output_bytes) {
  return add_task(add_call(std::move(call)), inputs, layer, block, output_bytes);
}

TaskId Graph::add_value(Value value, LayerId layer, std::uint32_t block) {
  // How much memory it takes to open one that is elsewhere is not known before.
  const std::size_t num_bytes = is_elsewhere(value) ? 0 : value.num_bytes();
  return add_task(literal_kernel(std::move(value)), {}, layer, block, num_bytes);
}

const Value* Graph::value_of(TaskId id) const { return literal_kernel.params_of(call_of(id)); }

void Graph::reserve(std::size_t num_tasks, std::size_t num_inputs) {
  tasks_.reserve(num_tasks);
  inputs_.reserve(num_inputs);
}

std::string Graph::key(TaskId id) const {
  const Task& task = tasks_[id];
  const Layer& layer = layers_[task.layer];
  if (layer.keys) return layer.keys.type()->item_name(layer.keys.data(), task.block);
  if (layer.grid.empty()) return layer.name;
  std::string index;
  std::int64_t rest = task.block;
  for (auto extent = layer.grid.rbegin(); extent != layer.grid.rend(); ++extent) {
    index = fmt::format(", {}", *extent > 0 ? rest % *extent : rest) + index;
    if (*extent > 0) rest /= *extent;
  }
  return fmt::format("('{}'{})", layer.name, index);
}

std::optional<std::size_t> item_of(const Graph& graph, TaskId id) {
  const ItemParams* params = item_kernel.params_of(graph.call_of(id));
  if (!params) return std::nullopt;
  return static_cast<std::size_t>(graph.task(id).block % params->of);
}

void register_graph_kernels() {
  static std::once_flag once;
  std::call_once(once, [] {
    register_function_kernel();
    define(literal_kernel, "A value that the graph holds.",
           [](Inputs, const Value& value, const TaskContext&) { return opened(value); });
    define(item_kernel, "One item of a sequence.",
           [](Inputs inputs, const ItemParams& params, const TaskContext& context) {
             return inputs[0].as<Sequence>().items.at(static_cast<std::size_t>(context.block() % params.of));
           });
  });
}

Dependents dependents(const Graph& graph) {
  Dependents result;
  result.starts.assign(graph.size() + 1, 0);
  std::vector<TaskId> last_counted(graph.size(), static_cast<TaskId>(-1));
  auto for_each_edge = [&](auto&& f) {
    std::fill(last_counted.begin(), last_counted.end(), static_cast<TaskId>(-1));
    for (TaskId id = 0; id < graph.size(); ++id) {
      for (TaskId input : graph.inputs(id)) {
        if (last_counted[input] == id) continue;
        last_counted[input] = id;
        f(input, id);
      }
    }
  };
  for_each_edge([&](TaskId input, TaskId) { ++result.starts[input + 1]; });
  for (std::size_t i = 0; i < graph.size(); ++i) result.starts[i + 1] += result.starts[i];
  result.tasks.resize(result.starts.back());
  std::vector<std::uint32_t> next(result.starts.begin(), result.starts.end() - 1);
  for_each_edge([&](TaskId input, TaskId id) { result.tasks[next[input]++] = id; });
  return result;
}

}  // namespace plait
