// A graph as the scheduler needs it: who takes what, and in which order. The scheduler never reads the graph itself.
#pragma once

#include <optional>

#include "graph/graph.h"
#include "scheduler/messages.h"

namespace plait::cluster {

// `annotation` is what the user demands of all tasks.
message::Topology topology_of(const Graph& graph, const std::optional<message::Annotation>& annotation);

}  // namespace plait::cluster
