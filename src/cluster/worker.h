// Worker: runs the tasks that a scheduler gives it. A loop thread around WorkerState, threads that run tasks, and a
// heartbeat on a thread and a connection of its own, so that a worker that works is never taken for one that hangs.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "base/fault.h"
#include "cluster/executing_page.h"

namespace plait::cluster {

struct WorkerSettings {
  std::string scheduler;  // its address
  std::string token;
  std::string name;
  std::uint32_t nthreads = 1;
  std::uint64_t memory_limit_bytes = 0;  // 0: none
  std::string local_directory;           // for spilled values; empty: the setting's
  std::map<std::string, double> resources;
  bool has_own_process = true;
  static constexpr auto fields = std::tuple{&WorkerSettings::scheduler,
                                            &WorkerSettings::token,
                                            &WorkerSettings::name,
                                            &WorkerSettings::nthreads,
                                            &WorkerSettings::memory_limit_bytes,
                                            &WorkerSettings::local_directory,
                                            &WorkerSettings::resources,
                                            &WorkerSettings::has_own_process};
};

class Worker {
 public:
  // Joins. Throws what knock() throws. `page`: where to note what runs.
  explicit Worker(const WorkerSettings& settings,
                  std::shared_ptr<ExecutingPage> page = std::make_shared<ExecutingPage>());
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker();

  // Works until it is told to close, or the scheduler is gone. False if a task or a call was still running at the end.
  bool run();
  // From any thread.
  void stop();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

// --- For tasks ---

// The settings of the worker whose task this thread runs; null outside of tasks.
const WorkerSettings* current_worker();
// The task of this thread goes on beside the worker's threads, which take another one; and comes back. No effect
// outside of tasks, or where it is there already: then false.
bool secede();
bool rejoin();

// What another language does for a worker, on any thread. Set at start-up.
struct LanguageHooks {
  void (*interrupt)() = nullptr;                             // functions that run for tasks which have been cancelled
  void (*tidy)() = nullptr;                                  // objects that have been let go
  bool (*asks_to_run_again)(const Fault& raised) = nullptr;  // what a task says that wants to run elsewhere
};
void set_language_hooks(const LanguageHooks& given);
const LanguageHooks& language_hooks();

}  // namespace plait::cluster
