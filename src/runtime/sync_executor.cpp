#include "runtime/sync_executor.h"

#include "runtime/task_runner.h"

namespace plait {
namespace {

constexpr std::uint32_t kMaxBatchTasks = 1024;
constexpr std::uint64_t kMaxBatchNs = 100'000;
constexpr auto kPollInterval = std::chrono::milliseconds(20);

class SyncRun {
 public:
  explicit SyncRun(RunContext& run) : run_(run), runner_(run, 0) {
    if (run.options.poll) run.poll_in_kernels = [this] { poll_when_due(); };
  }

  void run_all() {
    while (!run_.state.finished()) {
      poll_when_due();
      actions_.clear();
      run_.state.handle(WorkerFree{kMaxBatchTasks, kMaxBatchNs}, actions_);
      if (run_.state.failure() != RunFailure::none) std::rethrow_exception(run_.failure_error());
      const std::vector<TaskId> batch = actions_.start;
      const bool has_disk_work = carry_out();
      PLAIT_CHECK(has_disk_work || !batch.empty());
      if (!batch.empty()) run_batch(batch);
    }
  }

 private:
  void poll_when_due() {
    if (!run_.options.poll || Observer::Clock::now() < next_poll_) return;
    try {
      run_.options.poll();
    } catch (...) {
      thrown_by_poll_ = std::current_exception();
      throw;
    }
    next_poll_ = Observer::Clock::now() + kPollInterval;
  }

  void run_batch(const std::vector<TaskId>& batch) {
    runner_.run(batch);
    actions_.clear();
    run_.state.handle(TasksFinished{runner_.finished()}, actions_);
    if (thrown_by_poll_) std::rethrow_exception(thrown_by_poll_);
    if (runner_.failure()) std::rethrow_exception(runner_.failure()->error);
    carry_out();
  }

  // Does what actions_ says and what follows from it. True if anything was read or written.
  bool carry_out() {
    run_.apply(actions_, disk_jobs_, garbage_);
    bool has_worked = false;
    while (!disk_jobs_.empty()) {
      has_worked = true;
      const DiskJob job = std::move(disk_jobs_.back());
      disk_jobs_.pop_back();
      actions_.clear();
      run_.handle(run_.do_disk_job(job), actions_);
      run_.apply(actions_, disk_jobs_, garbage_);
      run_.discard(garbage_);
    }
    run_.discard(garbage_);
    return has_worked;
  }

  RunContext& run_;
  TaskRunner runner_;
  Actions actions_;
  std::vector<DiskJob> disk_jobs_;
  Garbage garbage_;
  Observer::Clock::time_point next_poll_;
  std::exception_ptr thrown_by_poll_;
};

}  // namespace

std::vector<Value> SyncExecutor::run(std::shared_ptr<const Graph> graph, RunOptions options) {
  RunContext run(std::move(graph), std::move(options));
  return run.observed(1, [&] { SyncRun(run).run_all(); });
}

}  // namespace plait
