// Nanny: starts the worker processes of a cluster, sees how they end, starts those again that should not have ended,
// and ends all of them, with what they have started themselves, when it goes. Workers end with this process, however it
// ends.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cluster/worker.h"
#include "scheduler/scheduler_state.h"

namespace plait::cluster {

class Nanny {
 public:
  // Called on a thread of the nanny's, with the tasks that were running. Where it was asked to end, no other one takes
  // its place.
  using Ended = std::function<void(const WorkerSettings& worker, pid_t process, WorkerEnd how,
                                   const std::vector<TaskNumber>& executing)>;

  // Throws Error(runtime) if nobody has said how a worker is started.
  explicit Nanny(Ended ended);
  Nanny(const Nanny&) = delete;
  Nanny& operator=(const Nanny&) = delete;
  // Ends what is left.
  ~Nanny();

  // Returns at once.
  void start(const WorkerSettings& settings);
  // The worker has been told to close: it is not started again.
  void let_go(const std::string& name);
  // The same for all of them, and none is started any more.
  void let_all_go();
  std::map<std::string, pid_t> processes() const;
  // Why no worker can be started; empty as long as they can.
  std::string failure() const;
  // All workers are to end: those that were told to, after let_all_go(), get the time for it, the others none.
  void close(const std::vector<std::string>& told, std::chrono::milliseconds patience);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace plait::cluster
