// A graph as a record.
#include "base/shared.h"
#include "graph/graph.h"

namespace plait {
namespace {

// What is written of a task; where its inputs begin follows from the tasks before.
struct TaskRecord {
  std::uint64_t output_bytes = 0;
  CallId call = 0;
  LayerId layer = 0;
  std::uint32_t block = 0;
  std::uint32_t num_inputs = 0;
  static constexpr auto fields = std::tuple{&TaskRecord::output_bytes, &TaskRecord::call, &TaskRecord::layer,
                                            &TaskRecord::block, &TaskRecord::num_inputs};
};

void require(bool condition) {
  if (!condition) throw io_error("the record of a graph refers to something that it does not hold: it is damaged");
}

}  // namespace

void Codec<Graph>::encode(Encoder& to, const Graph& graph) {
  // A receiver that keeps parts of many records gets them by the writer it came with.
  PartTable own_parts;
  Encoder body(to.parts() ? to.parts() : &own_parts);
  plait::encode(body, graph.layers_);
  plait::encode(body, graph.calls_);
  plait::encode<std::uint64_t>(body, graph.tasks_.size());
  for (const Task& task : graph.tasks_)
    plait::encode(body, TaskRecord{task.output_bytes, task.call, task.layer, task.block, task.num_inputs});
  plait::encode(body, graph.inputs_);
  plait::encode(body, graph.outputs_);
  plait::encode(to, own_parts);
  plait::encode(to, body.take());
}

Graph Codec<Graph>::decode(Decoder& from) {
  PartTable own_parts = plait::decode<PartTable>(from);
  const Record record = plait::decode<Record>(from);
  Decoder body(record, from.parts() ? from.parts() : &own_parts);
  Graph graph;
  graph.layers_ = plait::decode<std::vector<Layer>>(body);
  for (const Layer& layer : graph.layers_) require(!layer.keys || layer.keys.type()->item_name != nullptr);
  graph.calls_ = plait::decode<std::vector<KernelCall>>(body);
  for (const KernelCall& call : graph.calls_) require(static_cast<bool>(call));
  const std::size_t num_tasks = decode_length(body, sizeof(TaskRecord) - sizeof(std::uint32_t));
  graph.tasks_.reserve(num_tasks);
  std::uint64_t num_inputs = 0;
  for (std::size_t i = 0; i < num_tasks; ++i) {
    const auto task = plait::decode<TaskRecord>(body);
    require(task.call < graph.calls_.size() && task.layer < graph.layers_.size());
    graph.tasks_.push_back({task.output_bytes, task.call, task.layer, task.block,
                            static_cast<std::uint32_t>(num_inputs), task.num_inputs});
    num_inputs += task.num_inputs;
  }
  graph.inputs_ = plait::decode<std::vector<TaskId>>(body);
  require(graph.inputs_.size() == num_inputs);
  for (TaskId id = 0; id < graph.size(); ++id) {
    for (TaskId input : graph.inputs(id)) require(input < id);
  }
  graph.outputs_ = plait::decode<std::vector<TaskId>>(body);
  for (TaskId output : graph.outputs_) require(output < graph.size());
  return graph;
}

}  // namespace plait
