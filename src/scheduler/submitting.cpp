// How graphs and scattered values come in, and how a graph that nobody refers to goes.
#include <numeric>

#include "scheduler/scheduler_impl.h"

namespace plait {

using scheduling::kActor;
using scheduling::kKept;
using scheduling::kScattered;

// What a client must not send: numbers that point outside, lists of other lengths. Empty if all is well.
std::string SchedulerState::Impl::what_is_wrong(const message::SubmitGraph& submitted) const {
  const message::Topology& topology = submitted.topology;
  const std::size_t size = topology.num_inputs.size();
  if (size == 0 || size > kMaxTasksOfGraph)
    return "a graph of " + std::to_string(size) + " tasks: 1 to " + std::to_string(kMaxTasksOfGraph) + " are possible";
  if (topology.rank.size() != size || topology.family.size() != size) return "its lists differ in length";
  if (!topology.output_bytes.empty() && topology.output_bytes.size() != size) return "its lists differ in length";
  if (!topology.annotation.empty() && topology.annotation.size() != size) return "its lists differ in length";
  std::uint64_t first = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint64_t end = first + topology.num_inputs[i];
    if (end > topology.inputs.size()) return "a task's inputs are missing";
    for (; first < end; ++first)
      if (topology.inputs[first] >= i) return "a task takes one that does not come before it";
    if (topology.rank[i] >= size) return "a rank is too high";
    if (topology.family[i] >= topology.families.size()) return "a family has no name";
    if (!topology.annotation.empty() && topology.annotation[i] > topology.annotations.size())
      return "an annotation is missing";
  }
  if (first != topology.inputs.size()) return "there are more inputs than tasks take";
  for (const auto* list : {&submitted.outputs, &submitted.named, &submitted.existing})
    for (const message::NamedTask& task : *list)
      if (task.index >= size) return "key " + task.key + " names a task that does not exist";
  return "";
}

void SchedulerState::Impl::on(ClientNumber from, const message::SubmitGraph& submitted) {
  if (const std::string wrong = what_is_wrong(submitted); !wrong.empty())
    return send(from, message::Refused{"the graph is damaged: " + wrong});
  std::vector<TaskRecord*> targets(submitted.topology.num_inputs.size());
  std::vector<std::uint32_t> unknown;
  for (const auto& [index, key] : submitted.existing) {
    if (KeyRecord* known = find_key(key))
      targets[index] = &root(*known->task);
    else
      unknown.push_back(index);
  }
  // A known key means the known task: it does not run again.
  for (const auto* list : {&submitted.outputs, &submitted.named})
    for (const auto& [index, key] : *list)
      if (KeyRecord* known = find_key(key); known && !targets[index]) targets[index] = &root(*known->task);

  GraphRecord& graph = make_graph(submitted.topology, targets);
  graph.has_parcel = true;
  out->push_back(scheduler_action::KeepGraph{graph.number});
  for (std::uint32_t index : unknown) graph.tasks[index].set(kScattered);
  for (const auto& [index, key] : submitted.named)
    if (!find_key(key)) make_key(key, graph.tasks[index]);
  for (const auto& [index, key] : submitted.outputs) {
    KeyRecord* known = find_key(key);
    KeyRecord& output = known ? *known : make_key(key, graph.tasks[index]);
    want(output, from);
    // A client that does not know of the task must be told; of one that it has just made it knows.
    if (known || !output.task->is_active()) tell(output, from);
  }
  if (graph.num_refs == 0) dying.push_back(graph.number);
}

// `targets`: the tasks of other graphs that tasks stand for, by index.
SchedulerState::Impl::GraphRecord& SchedulerState::Impl::make_graph(const message::Topology& topology,
                                                                    const std::vector<TaskRecord*>& targets) {
  const std::size_t size = topology.num_inputs.size();
  auto made = std::make_unique<GraphRecord>();
  GraphRecord& graph = *made;
  graph.number = next_graph++;
  graph.tasks.resize(size);
  graph.output_bytes = topology.output_bytes;
  make_annotations(graph, topology);
  std::vector<FamilyNumber> numbers;
  for (const std::string& name : topology.families) numbers.push_back(family_named(name));
  for (std::uint32_t i = 0; i < size; ++i) {
    TaskRecord& task = graph.tasks[i];
    task.graph = &graph;
    task.index = i;
    task.rank = topology.rank[i];
    task.family = numbers[topology.family[i]];
    if (!topology.annotation.empty() && topology.annotation[i] > 0) {
      task.annotation = topology.annotation[i] - 1;
      if (topology.annotations[task.annotation].is_actor) task.set(kActor);
    }
    ++families[task.family].counts.released;
    ++families[task.family].counts.num_tasks;
    if (!targets[i]) continue;
    extra_of(task).target = targets[i];
    extra_of(*targets[i]).aliases.push_back(&task);
    ++targets[i]->graph->num_refs;
    graph.aliases.push_back(&task);
  }
  counts.num_tasks += size;
  counts.released += size;
  make_edges(graph, topology);
  graphs.emplace(graph.number, std::move(made));
  return graph;
}

void SchedulerState::Impl::make_edges(GraphRecord& graph, const message::Topology& topology) {
  const std::size_t size = graph.tasks.size();
  graph.input_starts.reserve(size + 1);
  graph.input_starts.push_back(0);
  graph.inputs.reserve(topology.inputs.size());
  std::size_t first = 0;
  for (std::size_t i = 0; i < size; ++i) {
    // One that stands for another task takes nothing itself.
    if (!graph.tasks[i].is_alias())
      for (std::uint32_t k = 0; k < topology.num_inputs[i]; ++k) graph.inputs.push_back(topology.inputs[first + k]);
    first += topology.num_inputs[i];
    graph.input_starts.push_back(static_cast<std::uint32_t>(graph.inputs.size()));
  }
  graph.user_starts.assign(size + 1, 0);
  for (std::uint32_t input : graph.inputs) ++graph.user_starts[input + 1];
  std::partial_sum(graph.user_starts.begin(), graph.user_starts.end(), graph.user_starts.begin());
  graph.users.resize(graph.inputs.size());
  std::vector<std::uint32_t> next(graph.user_starts.begin(), graph.user_starts.end() - 1);
  for (std::uint32_t i = 0; i < size; ++i)
    for (std::uint32_t k = graph.input_starts[i]; k < graph.input_starts[i + 1]; ++k)
      graph.users[next[graph.inputs[k]]++] = i;
}

void SchedulerState::Impl::make_annotations(GraphRecord& graph, const message::Topology& topology) {
  for (const message::Annotation& annotation : topology.annotations) {
    scheduling::AnnotationRecord record{annotation.priority, annotation.retries, annotation.memory_bytes, nullptr};
    if (!annotation.workers.empty() || !annotation.resources.empty()) {
      const auto same = std::ranges::find_if(demands, [&](const auto& demand) { return demand->is_same(annotation); });
      if (same != demands.end()) {
        record.demand = *same;
      } else {
        record.demand = std::make_shared<Demand>(
            Demand{annotation.workers, annotation.allow_other_workers, annotation.resources, {}});
        demands.push_back(record.demand);
      }
    }
    graph.annotations.push_back(std::move(record));
  }
}

FamilyNumber SchedulerState::Impl::family_named(const std::string& name) {
  const auto [at, is_new] = family_numbers.emplace(name, static_cast<FamilyNumber>(families.size()));
  if (is_new) families.push_back({.name = name, .history = {}, .counts = {}});
  return at->second;
}

std::uint32_t SchedulerState::Impl::type_named(const std::string& name) {
  const auto [at, is_new] = type_numbers.emplace(name, static_cast<std::uint32_t>(types.size()));
  if (is_new) types.push_back(name);
  return at->second;
}

// The value stays with the shell as long as the key is wanted, so that no worker's end can lose it.
void SchedulerState::Impl::on(ClientNumber from, const message::Scatter& scattered) {
  if (KeyRecord* known = find_key(scattered.key)) {
    revive(root(*known->task), scattered);
    want(*known, from);
    return tell(*known, from);
  }
  GraphRecord& graph = make_graph({.num_inputs = {0}, .rank = {0}, .family = {0}, .families = {"scatter"}}, {nullptr});
  TaskRecord& task = graph.tasks[0];
  task.set(kScattered);
  task.set(kKept);
  task.num_bytes = scattered.num_bytes;
  set_state(task, SchedulerTaskState::in_memory);
  out->push_back(scheduler_action::KeepValue{task.number()});
  std::vector<WorkerRecord*> targets =
      scattered.workers.empty() ? emptiest_workers() : workers_named(scattered.workers);
  if (scattered.num_copies > 0 && scattered.num_copies < targets.size()) targets.resize(scattered.num_copies);
  for (WorkerRecord* target : targets) bring(task, *target);
  KeyRecord& key = make_key(scattered.key, task);
  want(key, from);
  tell(key, from);
}

// Data that was lost has come again.
void SchedulerState::Impl::revive(TaskRecord& task, const message::Scatter& scattered) {
  if (!task.has(kScattered) || task.graph->has_parcel || task.has_value()) return;
  if (task.state == SchedulerTaskState::erred) set_state(task, SchedulerTaskState::released);
  task.failure = TaskFailure::none;
  task.set(kKept);
  task.num_bytes = scattered.num_bytes;
  set_state(task, SchedulerTaskState::in_memory);
  out->push_back(scheduler_action::KeepValue{task.number()});
  tell_all(task);
}

void SchedulerState::Impl::unref(GraphRecord& graph) {
  if (--graph.num_refs == 0) dying.push_back(graph.number);
}

// Nobody wants a key of the graph, and no other graph builds on it: so none of its tasks is active or has a value.
void SchedulerState::Impl::bury(GraphRecord& graph) {
  for (TaskRecord* alias : graph.aliases) {
    TaskRecord& target = *alias->extra->target;
    std::erase(target.extra->aliases, alias);
    unref(*target.graph);
  }
  for (TaskRecord& task : graph.tasks) {
    PLAIT_CHECK(!task.is_active() && !task.has_value());
    if (task.has(scheduling::kHasFault)) out->push_back(scheduler_action::DropFault{task.number()});
    const bool erred = task.state == SchedulerTaskState::erred;
    Counts& of_family = families[task.family].counts;
    --(erred ? of_family.erred : of_family.released);
    --(erred ? counts.erred : counts.released);
    --of_family.num_tasks;
    --counts.num_tasks;
  }
  for (KeyRecord* key : graph.keys) keys.erase(keys.find(key->key));
  for (WorkerNumber knows : graph.known_by)
    if (WorkerRecord* at = worker(knows)) send(*at, message::ForgetGraph{graph.number});
  if (graph.has_parcel) out->push_back(scheduler_action::DropGraph{graph.number});
  if (last_graph == &graph) last_graph = nullptr;
  const bool had_demands = !graph.annotations.empty();
  graphs.erase(graphs.find(graph.number));
  if (had_demands) std::erase_if(demands, [](const auto& demand) { return demand.use_count() == 1; });
}

}  // namespace plait
