// Graph: tasks as data. A task names its kernel, its parameters and the tasks whose values it takes; it can be printed,
// hashed, sent to another process, and run by any executor.
//
// Inside a graph a task is a dense number in the order of its making, inputs first: a task may only take earlier tasks,
// so a graph has no cycle. Text (layer name and block index) is made only for people. Built by one thread, then read
// only.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/kernel.h"

namespace plait {

using TaskId = std::uint32_t;
using LayerId = std::uint32_t;

// The tasks that one operation made, one a block.
struct Layer {
  std::string name;                // unique: "sum-1f3a..."
  std::string op;                  // what people call it: "sum"
  std::vector<std::int64_t> grid;  // blocks along each axis; empty for a layer of a single task
  std::string source;              // the user's line that made it: "flights.py:12, in main"; may be empty
  // The key of a block, where it is not made of name and index.
  std::function<std::string(std::uint32_t block)> key_text = {};
};

struct Task {
  const Kernel* kernel = nullptr;
  ParamsPtr params;
  std::uint64_t output_bytes = 0;  // expected size of the value; 0 if not known
  LayerId layer = 0;
  std::uint32_t block = 0;  // flat position in the layer's grid
  std::uint32_t first_input = 0;
  std::uint32_t num_inputs = 0;
};

class Graph {
 public:
  LayerId add_layer(Layer layer);
  TaskId add_task(const Kernel* kernel, ParamsPtr params, std::span<const TaskId> inputs, LayerId layer,
                  std::uint32_t block, std::uint64_t output_bytes = 0);
  // A task that yields `value`.
  TaskId add_value(Value value, LayerId layer, std::uint32_t block);
  // The task's value is wanted: it is kept, and given back in the order of these calls.
  void add_output(TaskId task) { outputs_.push_back(task); }
  void reserve(std::size_t num_tasks, std::size_t num_inputs);

  std::size_t size() const { return tasks_.size(); }
  const Task& task(TaskId id) const { return tasks_[id]; }
  std::span<const Task> tasks() const { return tasks_; }
  std::span<const TaskId> inputs(TaskId id) const {
    const Task& task = tasks_[id];
    return {inputs_.data() + task.first_input, task.num_inputs};
  }
  std::size_t num_edges() const { return inputs_.size(); }
  const Layer& layer(LayerId id) const { return layers_[id]; }
  std::span<const Layer> layers() const { return layers_; }
  const Layer& layer_of(TaskId id) const { return layers_[tasks_[id].layer]; }
  std::span<const TaskId> outputs() const { return outputs_; }

  // "('sum-1f3a...', 0, 3)", or the bare layer name where the layer has no grid.
  std::string key(TaskId id) const;

  // The same layers and kernels, no task yet.
  Graph without_tasks() const;

  // Kernels that live only as long as this graph.
  const Kernel* keep_kernel(Kernel kernel);

 private:
  std::vector<Task> tasks_;
  std::vector<TaskId> inputs_;
  std::vector<Layer> layers_;
  std::vector<TaskId> outputs_;
  std::vector<std::shared_ptr<const Kernel>> local_kernels_;
};

// The kernel of add_value: its parameter is the Value. Registered by register_graph_kernels.
const Kernel* literal_kernel();
void register_graph_kernels();

// The same graph without the tasks that no output needs.
Graph cull(const Graph& graph);
// ... that these outputs do not need; they become the outputs.
Graph cull(const Graph& graph, std::span<const TaskId> outputs);

// One rank a task, a permutation of 0..size-1: ready tasks of lower rank start first. Depth first from the outputs, so
// that values are used soon after they are made; linear time.
std::vector<std::uint32_t> order(const Graph& graph);

// For every task the tasks that take its value, in CSR form (a task that takes a value twice is listed once).
struct Dependents {
  std::vector<std::uint32_t> starts;  // size + 1
  std::vector<TaskId> tasks;
  std::span<const TaskId> of(TaskId id) const { return {tasks.data() + starts[id], starts[id + 1] - starts[id]}; }
};
Dependents dependents(const Graph& graph);

}  // namespace plait
