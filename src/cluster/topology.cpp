#include "cluster/topology.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace plait::cluster {

message::Topology topology_of(const Graph& graph, const std::optional<message::Annotation>& annotation) {
  if (graph.size() >= kMaxTasksOfGraph)
    throw value_error(fmt::format("a graph of {} tasks is too large for a cluster, which takes {} at a time",
                                  graph.size(), kMaxTasksOfGraph));
  message::Topology topology;
  topology.num_inputs.reserve(graph.size());
  topology.inputs.reserve(graph.num_edges());
  topology.family.reserve(graph.size());
  std::map<std::string, std::uint32_t> families;
  std::vector<std::uint32_t> family_of_layer;
  for (const Layer& layer : graph.layers()) {
    const auto [entry, is_new] = families.try_emplace(layer.op, static_cast<std::uint32_t>(families.size()));
    if (is_new) topology.families.push_back(layer.op);
    family_of_layer.push_back(entry->second);
  }
  bool any_bytes = false;
  for (TaskId id = 0; id < graph.size(); ++id) {
    const auto inputs = graph.inputs(id);
    topology.num_inputs.push_back(static_cast<std::uint32_t>(inputs.size()));
    topology.inputs.insert(topology.inputs.end(), inputs.begin(), inputs.end());
    topology.family.push_back(family_of_layer[graph.task(id).layer]);
    any_bytes |= graph.task(id).output_bytes != 0;
  }
  if (any_bytes) {
    topology.output_bytes.reserve(graph.size());
    for (const Task& task : graph.tasks()) topology.output_bytes.push_back(task.output_bytes);
  }
  topology.rank = order(graph);
  if (annotation) {
    topology.annotation.assign(graph.size(), 1);
    topology.annotations.push_back(*annotation);
  }
  return topology;
}

}  // namespace plait::cluster
