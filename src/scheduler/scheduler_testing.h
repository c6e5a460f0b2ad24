// What tests of the machines share: graphs by their inputs, and a scheduler whose actions are looked at after each
// event.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "scheduler/scheduler_state.h"

namespace plait::testing_scheduler {

// Tasks by their inputs: graph_of_tasks({{}, {0}, {0, 1}}).
inline message::SubmitGraph graph_of_tasks(const std::vector<std::vector<std::uint32_t>>& inputs,
                                           std::vector<message::NamedTask> outputs) {
  message::SubmitGraph graph;
  for (std::uint32_t i = 0; i < inputs.size(); ++i) {
    graph.topology.num_inputs.push_back(static_cast<std::uint32_t>(inputs[i].size()));
    graph.topology.inputs.insert(graph.topology.inputs.end(), inputs[i].begin(), inputs[i].end());
    graph.topology.rank.push_back(i);
    graph.topology.family.push_back(0);
  }
  graph.topology.families = {"t"};
  graph.outputs = std::move(outputs);
  return graph;
}

inline message::SubmitGraph with_annotation(message::SubmitGraph graph, message::Annotation annotation) {
  graph.topology.annotations = {std::move(annotation)};
  graph.topology.annotation.assign(graph.topology.num_inputs.size(), 1);
  return graph;
}

class Cluster {
 public:
  explicit Cluster(std::size_t num_workers, std::uint32_t nthreads = 1, std::uint64_t memory_limit_bytes = 0,
                   std::map<std::string, double> resources = {}) {
    client = state.add_client(0);
    for (std::size_t i = 0; i < num_workers; ++i)
      join({.name = std::to_string(i + 1),
            .nthreads = nthreads,
            .memory_limit_bytes = memory_limit_bytes,
            .resources = resources});
  }

  WorkerNumber join(const message::WorkerJoined& joined) {
    out.clear();
    const WorkerNumber number = state.add_worker(joined, ++now, out);
    state.validate();
    return number;
  }
  void from_client(const message::FromClient& message) { from_client(client, message); }
  void from_client(ClientNumber from, const message::FromClient& message) {
    out.clear();
    state.handle_client(from, message, ++now, out);
    state.validate();
  }
  void from_worker(WorkerNumber from, const message::ToScheduler& message) {
    out.clear();
    state.handle_worker(from, message, ++now, out);
    state.validate();
  }
  template <class Event>
  void event(const Event& one) {
    out.clear();
    state.handle(one, ++now, out);
    state.validate();
  }
  void done(const std::pair<WorkerNumber, message::Compute>& given, std::uint64_t num_bytes = 8) {
    from_worker(given.first, message::TaskDone{given.second.task, given.second.attempt, num_bytes, 1000, 0, "int"});
  }

  // What the last event sent of one kind, with the receiver.
  template <class Message>
  std::vector<std::pair<WorkerNumber, Message>> sent() const {
    std::vector<std::pair<WorkerNumber, Message>> found;
    for (const SchedulerAction& action : out)
      if (const auto* to = std::get_if<scheduler_action::ToWorker>(&action))
        if (const auto* message = std::get_if<Message>(&to->message)) found.emplace_back(to->to, *message);
    return found;
  }
  template <class Message>
  std::vector<Message> told() const {
    std::vector<Message> found;
    for (const SchedulerAction& action : out)
      if (const auto* to = std::get_if<scheduler_action::ToClient>(&action))
        if (const auto* message = std::get_if<Message>(&to->message)) found.push_back(*message);
    return found;
  }

  SchedulerState state;
  SchedulerActions out;
  ClientNumber client = 0;
  Time now = 0;
};

}  // namespace plait::testing_scheduler
