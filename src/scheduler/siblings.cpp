// Where large values are made, so that they need not travel and are gone before others are made. The roots that one
// task takes are siblings: whoever makes the first of them is promised the others. And a worker that has as many large
// values as threads, which are about to be used, begins no other one: its threads are for the tasks that use them up.
#include "scheduler/scheduler_impl.h"

namespace plait {

using State = SchedulerTaskState;
using scheduling::kPromised;
using scheduling::kSeceded;

namespace {
// So many siblings may go to one worker, and so many users of a value are looked at.
constexpr std::size_t kMostSiblings = 16;
constexpr std::size_t kMostUsers = 64;
}  // namespace

bool SchedulerState::Impl::is_large_root(const TaskRecord& task) const {
  return is_root(task) && declared_bytes(task) >= options.large_value_bytes;
}

// The roots that the most urgent user of the value takes besides it, as far as nobody makes them yet.
std::vector<SchedulerState::Impl::TaskRecord*> SchedulerState::Impl::siblings_of(TaskRecord& task) const {
  TaskRecord* first = nullptr;
  for_each_user(task, [&](TaskRecord& user) {
    if (user.state == State::waiting && (!first || urgency_of(user).is_before(urgency_of(*first)))) first = &user;
  });
  std::vector<TaskRecord*> siblings;
  if (!first || task.graph->inputs_of(*first).size() > kMostSiblings) return siblings;
  for_each_input(*first, [&](TaskRecord& input) {
    const auto* annotation = annotation_of(input);
    const bool is_free = input.state == State::ready && !input.has(kPromised) && !input.has(scheduling::kSuspect) &&
                         !(annotation && annotation->demand);
    if (is_free && is_large_root(input) && std::ranges::count(siblings, &input) == 0) siblings.push_back(&input);
  });
  return siblings;
}

// The worker begins to make a large value. If there is enough for the others to do, its siblings are made there too.
void SchedulerState::Impl::promise_siblings(TaskRecord& task, WorkerRecord& worker) {
  if (!is_large_root(task)) return;
  const std::vector<TaskRecord*> siblings = siblings_of(task);
  const std::size_t fair = std::max<std::size_t>({2, worker.joined.nthreads, queue.num_entries() / here.size()});
  if (siblings.size() + 1 > fair) return;
  for (TaskRecord* sibling : siblings) {
    sibling->set(kPromised);
    worker.queue.push(urgency_of(*sibling), sibling->number());
  }
}

// Whether the worker is to use up large values of the graph before it makes or is brought others. If nothing runs
// anywhere, what would use them up may be hidden in a queue behind what waits for that.
bool SchedulerState::Impl::has_enough(WorkerRecord& worker, const GraphRecord& graph) {
  if (counts.processing == 0) return false;
  std::erase_if(worker.large_values, [&](TaskNumber number) {
    TaskRecord* value = find(number);
    return !value || !is_about_to_be_used(*value, worker);
  });
  const auto of_graph = [&](TaskNumber number) { return graph_of(number) == graph.number; };
  return static_cast<std::size_t>(std::ranges::count_if(worker.large_values, of_graph)) >= worker.joined.nthreads;
}

// Whether the value is being made at the worker, or is there and a task takes it that runs, or can run, or waits for
// siblings alone. In each case something goes on that ends with the value being used: waiting for that is no deadlock.
bool SchedulerState::Impl::is_about_to_be_used(TaskRecord& value, const WorkerRecord& worker) const {
  if (value.state == State::processing) return value.worker == worker.number && !value.has(kSeceded);
  if (!value.holders.contains(worker.number) || value.graph->users_of(value).size() > kMostUsers) return false;
  bool is_used = false;
  for_each_user(value, [&](TaskRecord& user) {
    const auto* annotation = annotation_of(user);
    if (annotation && annotation->demand) return;
    if (user.state == State::ready || (user.state == State::processing && !user.has(kSeceded))) is_used = true;
    if (user.state == State::waiting) is_used |= waits_for_siblings(user, worker);
  });
  return is_used;
}

bool SchedulerState::Impl::waits_for_siblings(TaskRecord& user, const WorkerRecord& worker) const {
  if (user.graph->inputs_of(user).size() > kMostSiblings) return false;
  bool are_all_here = true;
  for_each_input(user, [&](TaskRecord& input) {
    if (input.has_value()) return;
    const bool is_made_here = input.state == State::processing && input.worker == worker.number;
    const bool is_promised = input.state == State::ready && input.has(kPromised);
    are_all_here &= is_root(input) && (is_made_here || is_promised);
  });
  return are_all_here;
}

}  // namespace plait
