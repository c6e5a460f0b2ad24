// The tasks that have run last on a cluster, for those who draw them: when, how long, on which worker.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "cluster/last_ones.h"
#include "cluster/plain_data.h"
#include "scheduler/scheduler_state.h"

namespace plait::cluster {

class TaskStream {
 public:
  // A worker was given a task.
  void given(TaskNumber task, FamilyNumber family);
  // `clock_s`: the time of the clock when the scheduler heard of it.
  void done(WorkerNumber worker, const message::TaskDone& task, double clock_s);

  // A list of dicts with key, name, worker, thread, start, stop and nbytes, in the order of their ends: of those that
  // ended after `start` and began before `stop`, if these are given.
  PlainData answer(const SchedulerState& state, const PlainData& arguments) const;

 private:
  struct Ran {
    TaskNumber task = 0;
    FamilyNumber family = 0;
    WorkerNumber worker = 0;
    double heard_s = 0;
    double seconds = 0;
    std::uint64_t num_bytes = 0;
  };
  static constexpr std::size_t kMaxTasks = 100'000;

  std::unordered_map<TaskNumber, FamilyNumber> at_work_;
  LastOnes<Ran> last_{kMaxTasks};
};

}  // namespace plait::cluster
