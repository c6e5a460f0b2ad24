#include <limits>

#include "graph/graph.h"

namespace plait {

Graph cull(const Graph& graph) { return cull(graph, graph.outputs()); }

Graph cull(const Graph& graph, std::span<const TaskId> outputs) {
  std::vector<bool> wanted(graph.size(), false);
  for (TaskId output : outputs) wanted[output] = true;
  for (TaskId id = static_cast<TaskId>(graph.size()); id-- > 0;) {
    if (!wanted[id]) continue;
    for (TaskId input : graph.inputs(id)) wanted[input] = true;
  }
  Graph culled;
  for (const Layer& layer : graph.layers()) culled.add_layer(layer);
  constexpr auto kNone = std::numeric_limits<CallId>::max();
  std::vector<CallId> new_call(graph.calls().size(), kNone);
  std::vector<TaskId> new_id(graph.size(), std::numeric_limits<TaskId>::max());
  std::vector<TaskId> inputs;
  for (TaskId id = 0; id < graph.size(); ++id) {
    if (!wanted[id]) continue;
    inputs.clear();
    for (TaskId input : graph.inputs(id)) inputs.push_back(new_id[input]);
    const Task& task = graph.task(id);
    if (new_call[task.call] == kNone) new_call[task.call] = culled.add_call(graph.call_of(id));
    new_id[id] = culled.add_task(new_call[task.call], inputs, task.layer, task.block, task.output_bytes);
  }
  for (TaskId output : outputs) culled.add_output(new_id[output]);
  return culled;
}

}  // namespace plait
