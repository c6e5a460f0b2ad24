#include "runtime/worker_run.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <system_error>

#include "runtime/task_errors.h"
#include "runtime/thread_pool.h"

namespace plait {
namespace {

using Clock = Observer::Clock;

constexpr std::size_t kMaxBatchTasks = 1024;
constexpr auto kSpinTime = std::chrono::microseconds(50);
constexpr auto kPollInterval = std::chrono::milliseconds(20);

inline void relax() { __builtin_ia32_pause(); }

// Whether workers still touch their run. Outlives the run's other parts, so that who waits is the last to own them.
class Attendance {
 public:
  explicit Attendance(int num_present) : num_present_(num_present) {}

  void leave() {
    std::lock_guard lock(mutex_);
    if (--num_present_ == 0) all_left_.notify_one();
  }
  // False if somebody is still there after `patience`.
  bool wait_until_all_left(Clock::duration patience) {
    std::unique_lock lock(mutex_);
    return all_left_.wait_for(lock, patience, [&] { return num_present_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable all_left_;
  int num_present_;
};

class WorkerRun {
 public:
  WorkerRun(std::shared_ptr<RunContext> run, const WorkerLimits& limits, MakeBatchRunner make_runner)
      : kept_run_(std::move(run)), run_(*kept_run_), limits_(limits), make_runner_(make_runner) {}

  void work(int worker) {
    try {
      work_until_over(worker);
    } catch (...) {
      std::lock_guard lock(mutex_);
      stop(Cancel{}, std::current_exception());
    }
  }

  void cancel() {
    std::lock_guard lock(mutex_);
    stop(Cancel{}, nullptr);
  }

  // Nobody waits for the workers that are left.
  void abandon() {
    Garbage garbage;
    {
      std::lock_guard lock(mutex_);
      run_.abandon(garbage);
    }
    run_.discard(garbage);
  }

 private:
  void work_until_over(int worker) {
    const std::unique_ptr<BatchRunner> owned = make_runner_(run_, worker);
    BatchRunner& runner = *owned;
    Actions actions;
    std::vector<TaskId> batch;
    Garbage garbage;
    std::unique_lock lock(mutex_);
    while (!is_over()) {
      if (!disk_jobs_.empty()) {
        do_disk_job(lock, actions, garbage);
        continue;
      }
      actions.clear();
      run_.state.handle(WorkerFree{batch_limit(), limits_.max_batch_ns}, actions);
      carry_out(actions, garbage);
      if (actions.start.empty()) {
        if (!is_over() && disk_jobs_.empty()) wait_for_work(lock);
        continue;
      }
      lock.unlock();
      run_.discard(garbage);
      batch.swap(actions.start);
      runner.run(batch);
      lock.lock();
      actions.clear();
      report(runner, batch, actions);
      carry_out(actions, garbage);
    }
    lock.unlock();
    run_.discard(garbage);
  }

  void do_disk_job(std::unique_lock<std::mutex>& lock, Actions& actions, Garbage& garbage) {
    DiskJob job = std::move(disk_jobs_.back());
    disk_jobs_.pop_back();
    lock.unlock();
    run_.discard(garbage);
    RunContext::DiskDone done = run_.do_disk_job(job);
    job.value = {};
    lock.lock();
    actions.clear();
    run_.handle(std::move(done), actions);
    carry_out(actions, garbage);
    lock.unlock();
    run_.discard(garbage);
    lock.lock();
  }

  // --- All below: under the lock ---

  bool is_over() const { return run_.state.finished() || run_.state.failure() != RunFailure::none; }

  std::uint32_t batch_limit() const {
    return static_cast<std::uint32_t>(std::clamp<std::size_t>(
        run_.state.num_ready() / static_cast<std::size_t>(limits_.num_workers), 1, kMaxBatchTasks));
  }

  void report(const BatchRunner& runner, const std::vector<TaskId>& batch, Actions& actions) {
    const auto finished = runner.finished();
    run_.state.handle(TasksFinished{finished}, actions);
    if (runner.failure()) return stop(TaskFailed{runner.failure()->task}, runner.failure()->error);
    if (finished.size() == batch.size() || is_over()) return;
    if (runner.lost()) report_lost(*runner.lost(), runner.how_lost(), actions);
    // The others of the batch never began, or their results went with the worker.
    std::vector<TaskId> returned;
    for (TaskId task : batch) {
      if (run_.state.state(task) == TaskState::running) returned.push_back(task);
    }
    run_.state.handle(TasksReturned{returned}, actions);
  }

  void report_lost(TaskId task, const std::string& how, Actions& actions) {
    const bool was_over = is_over();
    run_.state.handle(WorkerLost{std::span(&task, 1)}, actions);
    if (!was_over && is_over()) run_.error = std::make_exception_ptr(worker_lost_error(run_.graph, task, how));
  }

  template <class Event>
  void stop(const Event& event, const std::exception_ptr& error) {
    if (!is_over() && error) run_.error = error;
    Actions none;
    run_.state.handle(event, none);
    run_.cancelled = true;
    wake_all();
  }

  void carry_out(const Actions& actions, Garbage& garbage) {
    run_.apply(actions, disk_jobs_, garbage);
    if (is_over()) {
      if (run_.state.failure() != RunFailure::none) {
        if (!run_.error && run_.state.failure() != RunFailure::cancelled) run_.error = run_.failure_error();
        run_.cancelled = true;
      }
      return wake_all();
    }
    if (num_idle_ > 0 && (!disk_jobs_.empty() || run_.state.wants_workers())) {
      epoch_.fetch_add(1, std::memory_order_relaxed);
      if (num_parked_ > 0) wake_.notify_one();
    }
  }

  void wake_all() {
    epoch_.fetch_add(1, std::memory_order_relaxed);
    wake_.notify_all();
  }

  // Spins for a moment before it parks: a task's end is often near.
  void wait_for_work(std::unique_lock<std::mutex>& lock) {
    ++num_idle_;
    const std::uint32_t seen = epoch_.load(std::memory_order_relaxed);
    lock.unlock();
    const auto until = Clock::now() + kSpinTime;
    while (epoch_.load(std::memory_order_relaxed) == seen && Clock::now() < until) {
      for (int i = 0; i < 32; ++i) relax();
    }
    lock.lock();
    ++num_parked_;
    wake_.wait(lock, [&] { return epoch_.load(std::memory_order_relaxed) != seen; });
    --num_parked_;
    --num_idle_;
  }

  const std::shared_ptr<RunContext> kept_run_;
  RunContext& run_;
  const WorkerLimits limits_;
  const MakeBatchRunner make_runner_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<DiskJob> disk_jobs_;
  std::atomic<std::uint32_t> epoch_ = 0;  // changes whenever idle workers should look again
  int num_idle_ = 0;
  int num_parked_ = 0;
};

// Where the system has no thread left, fewer workers do the work.
void start_workers(const std::shared_ptr<WorkerRun>& run, const std::shared_ptr<Attendance>& present, int num_workers) {
  for (int worker = 0; worker < num_workers; ++worker) {
    try {
      ThreadPool::of_process().submit([run = run, present, worker]() mutable {
        run->work(worker);
        run.reset();
        present->leave();
      });
    } catch (const std::system_error&) {
      if (worker == 0) throw;
      for (; worker < num_workers; ++worker) present->leave();
    }
  }
}

}  // namespace

void run_with_workers(const std::shared_ptr<RunContext>& context, const WorkerLimits& limits,
                      MakeBatchRunner make_runner) {
  const auto run = std::make_shared<WorkerRun>(context, limits, make_runner);
  const auto present = std::make_shared<Attendance>(limits.num_workers);
  start_workers(run, present, limits.num_workers);
  while (!present->wait_until_all_left(kPollInterval)) {
    if (!context->options.poll) continue;
    try {
      context->options.poll();
    } catch (...) {
      run->cancel();
      if (!present->wait_until_all_left(limits.time_to_stop)) run->abandon();
      throw;
    }
  }
  if (context->error) std::rethrow_exception(context->error);
}

}  // namespace plait
