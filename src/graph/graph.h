// Graph: tasks as data. A task names its call (kernel and parameters) and the tasks whose values it takes; a graph can
// be printed, hashed, written to a file, sent to another process, and run by any executor.
//
// Inside a graph a task is a dense number in the order of its making, inputs first: a task may only take earlier tasks,
// so a graph has no cycle. Text (layer name and block index) is made only for people. Built by one thread, then read
// only. What a graph calls is a registered kernel, always; a callable is a parameter of one (base/function.h), and a
// graph that holds one without a name cannot leave its process: writing it throws Error(type).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/kernel.h"

namespace plait {

using TaskId = std::uint32_t;
using LayerId = std::uint32_t;
using CallId = std::uint32_t;

// The tasks that one operation made, one a block.
struct Layer {
  std::string name;                // unique: "sum-1f3a..."
  std::string op;                  // what people call it: "sum"
  std::vector<std::int64_t> grid;  // blocks along each axis; empty for a layer of a single task
  std::string source;              // the user's line that made it: "flights.py:12, in main"; may be empty
  Value keys = {};                 // a list of the blocks' keys, where they are not made of name and index
  static constexpr auto fields = std::tuple{&Layer::name, &Layer::op, &Layer::grid, &Layer::source, &Layer::keys};
};

struct Task {
  std::uint64_t output_bytes = 0;  // expected size of the value; 0 if not known
  CallId call = 0;
  LayerId layer = 0;
  std::uint32_t block = 0;  // flat position in the layer's grid
  std::uint32_t first_input = 0;
  std::uint32_t num_inputs = 0;
};

class Graph {
 public:
  LayerId add_layer(Layer layer);
  // What several tasks do, each for its own block.
  CallId add_call(KernelCall call);
  TaskId add_task(CallId call, std::span<const TaskId> inputs, LayerId layer, std::uint32_t block,
                  std::uint64_t output_bytes = 0);
  TaskId add_task(KernelCall call, std::span<const TaskId> inputs, LayerId layer, std::uint32_t block,
                  std::uint64_t output_bytes = 0);
  // A task that yields `value`.
  TaskId add_value(Value value, LayerId layer, std::uint32_t block);
  // The task's value is wanted: it is kept, and given back in the order of these calls.
  void add_output(TaskId task) { outputs_.push_back(task); }
  void reserve(std::size_t num_tasks, std::size_t num_inputs);

  std::size_t size() const { return tasks_.size(); }
  const Task& task(TaskId id) const { return tasks_[id]; }
  std::span<const Task> tasks() const { return tasks_; }
  const KernelCall& call_of(TaskId id) const { return calls_[tasks_[id].call]; }
  std::span<const KernelCall> calls() const { return calls_; }
  std::span<const TaskId> inputs(TaskId id) const {
    const Task& task = tasks_[id];
    return {inputs_.data() + task.first_input, task.num_inputs};
  }
  std::size_t num_edges() const { return inputs_.size(); }
  const Layer& layer(LayerId id) const { return layers_[id]; }
  std::span<const Layer> layers() const { return layers_; }
  const Layer& layer_of(TaskId id) const { return layers_[tasks_[id].layer]; }
  std::span<const TaskId> outputs() const { return outputs_; }
  // The value that the graph itself holds for the task; null if the task computes.
  const Value* value_of(TaskId id) const;

  // "('sum-1f3a...', 0, 3)", or the bare layer name where the layer has no grid.
  std::string key(TaskId id) const;

 private:
  friend struct Codec<Graph>;

  std::vector<Task> tasks_;
  std::vector<KernelCall> calls_;
  std::vector<TaskId> inputs_;
  std::vector<Layer> layers_;
  std::vector<TaskId> outputs_;
};

// The whole graph: layers, calls, tasks, outputs, and once each the parts that calls share. Reading checks every
// number, so that a damaged record throws Error(io).
template <>
struct Codec<Graph> {
  static void encode(Encoder& to, const Graph& graph);
  static Graph decode(Decoder& from);
};

// The kernel of add_value: yields its parameter.
inline constinit KernelId<Value> literal_kernel{"literal"};
// One item of its input, a Sequence: the task's block says which, modulo `of`. Where all that take a value are such
// tasks, a run need not start them: the value falls into its items as soon as it is there, and each of them is kept,
// spilled and let go of by itself.
struct ItemParams {
  std::int64_t of = 1;
  static constexpr auto fields = std::tuple{&ItemParams::of};
};
inline constinit KernelId<ItemParams> item_kernel{"item"};
// Which item such a task yields; nothing for all others.
std::optional<std::size_t> item_of(const Graph& graph, TaskId id);
// Once, at start-up.
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
