// Progress: how far a run is, and the line of text that shows it.
#pragma once

#include <string>
#include <vector>

#include "runtime/observers.h"

namespace plait {

// Counts of one operation's tasks over all its layers.
struct OpProgress {
  std::string op;
  std::size_t num_tasks = 0;
  std::size_t num_finished = 0;
};

struct ProgressStatus {
  std::size_t num_tasks = 0;
  std::size_t num_finished = 0;
  double elapsed_s = 0;
  bool is_over = false;
  bool has_failed = false;
  std::vector<OpProgress> ops;  // in the order of the graph's layers
};

// Follows one run at a time: from its start to its end, no other. Thread-safe.
class ProgressObserver : public Observer {
 public:
  void run_started(const Graph& graph, int num_workers) override;
  void task_finished(const Graph& graph, TaskId task, int worker, Clock::time_point time,
                     const TaskYield& made) override;
  void run_finished(const Graph& graph, bool failed) override;

  ProgressStatus status() const;

 protected:
  bool follows(const Graph& graph) const;

 private:
  mutable std::mutex mutex_;
  const Graph* followed_ = nullptr;
  std::vector<std::uint32_t> op_of_task_;
  ProgressStatus status_;
  Clock::time_point start_;
};

// "[########################                ] | 60% Completed |  1.2 s"
std::string progress_text(const ProgressStatus& status, int width);

}  // namespace plait
