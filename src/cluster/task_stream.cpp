#include "cluster/task_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace plait::cluster {
namespace {

double number_in(const PlainData& arguments, const std::string& name, double otherwise) {
  const PlainData& found = entry(arguments, name);
  if (const auto* number = std::get_if<double>(&found.held)) return *number;
  if (const auto* number = std::get_if<std::int64_t>(&found.held)) return static_cast<double>(*number);
  return otherwise;
}

// Tasks of one worker that overlap are on different threads; which ones nobody has said.
class Threads {
 public:
  std::int64_t of(WorkerNumber worker, double start, double stop) {
    std::vector<double>& ends = ends_[worker];
    // Times are those of two processes, so that neighbours may seem to overlap a little.
    const double slack = std::min(1e-3, (stop - start) / 2);
    auto free = std::ranges::find_if(ends, [&](double end) { return end <= start + slack; });
    if (free == ends.end()) free = ends.insert(ends.end(), 0);
    *free = stop;
    return free - ends.begin();
  }

 private:
  std::map<WorkerNumber, std::vector<double>> ends_;
};

}  // namespace

void TaskStream::given(TaskNumber task, FamilyNumber family) {
  if (at_work_.size() > kMaxTasks) at_work_.clear();  // what was cancelled or lost is never done
  at_work_[task] = family;
}

void TaskStream::done(WorkerNumber worker, const message::TaskDone& task, double clock_s) {
  const auto found = at_work_.find(task.task);
  if (found == at_work_.end()) return;
  const Ran ran{task.task, found->second, worker, clock_s, static_cast<double>(task.duration_ns) / 1e9, task.num_bytes};
  at_work_.erase(found);
  if (ring_.size() < kMaxTasks) {
    ring_.push_back(ran);
  } else {
    ring_[next_] = ran;
    next_ = (next_ + 1) % kMaxTasks;
  }
}

PlainData TaskStream::answer(const SchedulerState& state, const PlainData& arguments) const {
  const double from = number_in(arguments, "start", 0);
  const double to = number_in(arguments, "stop", 1e300);
  std::map<WorkerNumber, std::string> addresses;
  for (const WorkerInfo& worker : state.workers()) addresses[worker.worker] = worker.address;
  PlainData::List tasks;
  Threads threads;
  for (std::size_t i = 0; i < ring_.size(); ++i) {
    const Ran& ran = ring_[(next_ + i) % ring_.size()];
    const double start = ran.stop_s - ran.seconds;
    if (ran.stop_s < from || start > to) continue;
    const auto address = addresses.find(ran.worker);
    std::string key = state.key_of(ran.task);
    const std::string name(state.family_name(ran.family));
    if (key.empty()) key = fmt::format("{}-{}-{}", name, graph_of(ran.task), index_of(ran.task));
    tasks.emplace_back(
        PlainData::Dict{{"key", std::move(key)},
                        {"name", name},
                        {"worker", address == addresses.end() ? fmt::format("worker {}", ran.worker) : address->second},
                        {"thread", threads.of(ran.worker, start, ran.stop_s)},
                        {"start", start},
                        {"stop", ran.stop_s},
                        {"nbytes", ran.num_bytes}});
  }
  return tasks;
}

}  // namespace plait::cluster
