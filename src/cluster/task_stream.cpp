#include "cluster/task_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ranges>
#include <utility>

#include "cluster/time_span.h"

namespace plait::cluster {
namespace {

// When and on which threads a worker's tasks have run, told from the last to the first. Known is when the scheduler
// heard of their ends, which many are told of at once: so a task has ended then, or when the next one on its thread
// began.
class Threads {
 public:
  explicit Threads(const SchedulerState& state) {
    for (const WorkerInfo& worker : state.workers())
      begins_[worker.worker].assign(std::max(1U, worker.nthreads), kNever);
  }

  struct Span {
    std::int64_t thread = 0;
    double start = 0;
    double stop = 0;
  };
  Span of(WorkerNumber worker, double heard, double seconds) {
    std::vector<double>& begins = begins_[worker];
    if (begins.empty()) begins.push_back(kNever);
    const auto latest = std::ranges::max_element(begins);
    const double stop = std::min(heard, *latest);
    *latest = stop - seconds;
    return {latest - begins.begin(), stop - seconds, stop};
  }

 private:
  static constexpr double kNever = 1e300;
  std::map<WorkerNumber, std::vector<double>> begins_;
};

}  // namespace

void TaskStream::given(TaskNumber task, FamilyNumber family) {
  if (at_work_.size() > kMaxTasks) at_work_.clear();  // what was cancelled or lost is never done
  at_work_[task] = family;
}

void TaskStream::done(WorkerNumber worker, const message::TaskDone& task, double clock_s) {
  const auto found = at_work_.find(task.task);
  if (found == at_work_.end()) return;
  last_.add({task.task, found->second, worker, clock_s, static_cast<double>(task.duration_ns) / 1e9, task.num_bytes});
  at_work_.erase(found);
}

PlainData TaskStream::answer(const SchedulerState& state, const PlainData& arguments) const {
  const TimeSpan asked(arguments);
  const AddressBook addresses(state);
  Threads threads(state);
  std::vector<std::pair<const Ran*, Threads::Span>> latest_first;
  for (std::size_t i = last_.size(); i-- > 0;) {
    const Ran& ran = last_[i];
    const Threads::Span span = threads.of(ran.worker, ran.heard_s, ran.seconds);
    if (asked.touches(span.start, span.stop)) latest_first.emplace_back(&ran, span);
  }
  PlainData::List tasks;
  for (const auto& [ran, span] : std::views::reverse(latest_first)) {
    std::string key = state.key_of(ran->task);
    const std::string name(state.family_name(ran->family));
    if (key.empty()) key = fmt::format("{}-{}-{}", name, graph_of(ran->task), index_of(ran->task));
    const PlainData::Dict startstop{{"action", "compute"}, {"start", span.start}, {"stop", span.stop}};
    tasks.emplace_back(PlainData::Dict{{"key", std::move(key)},
                                       {"name", name},
                                       {"worker", addresses.of(ran->worker)},
                                       {"thread", span.thread},
                                       {"start", span.start},
                                       {"stop", span.stop},
                                       {"startstops", PlainData::List{startstop}},
                                       {"status", "OK"},
                                       {"nbytes", ran->num_bytes}});
  }
  return tasks;
}

}  // namespace plait::cluster
