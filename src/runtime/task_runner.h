// TaskRunner: runs tasks in the calling thread.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "runtime/worker_loop.h"

namespace plait {

class TaskRunner final : public BatchRunner {
 public:
  TaskRunner(RunContext& run, int worker) : run_(run), worker_(worker) {}

  void run(std::span<const TaskId> tasks) override;
  std::span<const FinishedTask> finished() const override { return finished_; }
  const std::optional<Failure>& failure() const override { return failure_; }

 private:
  void run_one(TaskId task);

  RunContext& run_;
  const int worker_;
  std::vector<Value> inputs_;
  std::vector<FinishedTask> finished_;
  std::optional<Failure> failure_;
};

}  // namespace plait
