#include "runtime/worker_loop.h"

#include <algorithm>

#include "runtime/task_errors.h"

namespace plait {
namespace {

using Clock = Observer::Clock;

constexpr std::size_t kMaxBatchTasks = 1024;
constexpr auto kSpinTime = std::chrono::microseconds(50);

inline void relax() { __builtin_ia32_pause(); }

}  // namespace

void WorkerLoop::begin() {
  run_.observers.tell([&](Observer& observer) { observer.run_started(run_.graph, limits_.num_workers); });
}

void WorkerLoop::conclude() {
  bool failed = false;
  {
    const Lock lock(mutex_);
    failed = !run_.state.finished();
  }
  run_.observers.run_finished(run_.graph, failed);
}

void WorkerLoop::work(int worker, std::optional<std::size_t> until_output) {
  try {
    work_until(worker, until_output);
  } catch (...) {
    const Lock lock(mutex_);
    stop(std::current_exception());
  }
}

void WorkerLoop::cancel() {
  const Lock lock(mutex_);
  stop(nullptr);
}

void WorkerLoop::abandon(bool with_outputs) {
  Garbage garbage;
  {
    const Lock lock(mutex_);
    run_.abandon(garbage, with_outputs);
  }
  run_.discard(garbage);
}

bool WorkerLoop::is_over() {
  const Lock lock(mutex_);
  return has_ended();
}

OutputState WorkerLoop::state(std::size_t output) {
  const Lock lock(mutex_);
  return state_of(output);
}

Value WorkerLoop::value(std::size_t output) {
  const Lock lock(mutex_);
  PLAIT_CHECK(state_of(output) == OutputState::finished);
  return run_.store[run_.graph.outputs()[output]];
}

std::exception_ptr WorkerLoop::error() {
  const Lock lock(mutex_);
  if (run_.state.failure() == RunFailure::none) return nullptr;
  return run_.error ? run_.error : run_.failure_error();
}

bool WorkerLoop::wait_until_resolved(std::size_t output, std::chrono::milliseconds patience) {
  Lock lock(mutex_);
  ++num_waiting_;
  const bool done = resolved_.wait_for(lock, patience, [&] { return state_of(output) != OutputState::pending; });
  --num_waiting_;
  return done;
}

void WorkerLoop::work_until(int worker, std::optional<std::size_t> until_output) {
  const std::unique_ptr<BatchRunner> owned = make_runner_(run_, worker);
  BatchRunner& runner = *owned;
  Actions actions;
  std::vector<TaskId> batch;
  Garbage garbage;
  Lock lock(mutex_);
  while (!has_ended() && !(until_output && state_of(*until_output) != OutputState::pending)) {
    if (run_.poll_in_kernels) {
      lock.unlock();
      run_.poll_in_kernels();
      lock.lock();
    }
    if (!disk_jobs_.empty()) {
      do_disk_job(lock, actions, garbage);
      continue;
    }
    actions.clear();
    run_.state.handle(WorkerFree{batch_limit(), limits_.max_batch_ns}, actions);
    carry_out(actions, garbage);
    if (actions.start.empty()) {
      if (!has_ended() && disk_jobs_.empty()) wait_for_work(lock);
      continue;
    }
    lock.unlock();
    run_.discard(garbage);
    batch.swap(actions.start);
    runner.run(batch);
    const auto taken_bytes = run_.memory.look();
    lock.lock();
    actions.clear();
    report(runner, batch, actions);
    if (taken_bytes) measure(runner, worker, *taken_bytes, actions);
    carry_out(actions, garbage);
  }
  lock.unlock();
  run_.discard(garbage);
}

void WorkerLoop::do_disk_job(Lock& lock, Actions& actions, Garbage& garbage) {
  DiskJob job = std::move(disk_jobs_.back());
  disk_jobs_.pop_back();
  lock.unlock();
  run_.discard(garbage);
  RunContext::DiskDone done = run_.do_disk_job(job);
  job.value = {};
  run_.memory.look();
  lock.lock();
  actions.clear();
  run_.handle(std::move(done), actions);
  carry_out(actions, garbage);
  lock.unlock();
  run_.discard(garbage);
  lock.lock();
}

// --- Under the lock ---

OutputState WorkerLoop::state_of(std::size_t output) const {
  if (run_.state.is_finished(run_.graph.outputs()[output])) return OutputState::finished;
  switch (run_.state.failure()) {
    case RunFailure::none:
      return OutputState::pending;
    case RunFailure::cancelled:
      return OutputState::cancelled;
    default:
      return OutputState::failed;
  }
}

std::uint32_t WorkerLoop::batch_limit() const {
  return static_cast<std::uint32_t>(std::clamp<std::size_t>(
      run_.state.num_ready() / static_cast<std::size_t>(limits_.num_workers), 1, kMaxBatchTasks));
}

void WorkerLoop::report(const BatchRunner& runner, const std::vector<TaskId>& batch, Actions& actions) {
  const auto finished = runner.finished();
  run_.state.handle(TasksFinished{finished}, actions);
  for (const FinishedTask& task : finished) {
    if (run_.state.is_only_items(task.task)) run_.divide(task.task, actions);
  }
  if (runner.failure()) report_failed(*runner.failure());
  if (finished.size() == batch.size() || has_ended()) return;
  if (runner.lost()) report_lost(*runner.lost(), runner, actions);
  // The others of the batch never began, or their results went with the worker.
  std::vector<TaskId> returned;
  for (TaskId task : batch) {
    if (run_.state.state(task) == TaskState::running) returned.push_back(task);
  }
  run_.state.handle(TasksReturned{returned}, actions);
}

void WorkerLoop::measure(const BatchRunner& runner, int worker, std::uint64_t taken_bytes, Actions& actions) {
  outside_bytes_.resize(static_cast<std::size_t>(std::max(limits_.num_workers, worker + 1)));
  outside_bytes_[static_cast<std::size_t>(worker)] = runner.outside_bytes();
  std::uint64_t outside = 0;
  for (const std::uint64_t bytes : outside_bytes_) outside += bytes;
  // Values that lie between the processes are in none of them.
  if (outside > 0) outside += run_.state.used_bytes();
  run_.state.handle(MemoryMeasured{taken_bytes + outside}, actions);
}

// The run goes on where the task may run again.
void WorkerLoop::report_failed(const BatchRunner::Failure& failure) {
  if (has_ended()) return;
  Actions none;
  run_.state.handle(TaskFailed{failure.task, fault_of(failure.error).kind == ErrorKind::cancelled}, none);
  if (!has_ended()) return;
  run_.error = failure.error;
  run_.cancelled = true;
  wake_all();
}

void WorkerLoop::report_lost(TaskId task, const BatchRunner& runner, Actions& actions) {
  const bool had_ended = has_ended();
  run_.state.handle(WorkerLost{std::span(&task, 1), runner.was_killed()}, actions);
  if (!had_ended && has_ended())
    run_.error = std::make_exception_ptr(worker_lost_error(run_.graph, task, runner.how_lost(), runner.was_killed()));
}

void WorkerLoop::stop(const std::exception_ptr& error) {
  if (has_ended()) return;
  if (error) run_.error = error;
  Actions none;
  run_.state.handle(Cancel{}, none);
  run_.cancelled = true;
  wake_all();
}

void WorkerLoop::carry_out(const Actions& actions, Garbage& garbage) {
  run_.apply(actions, disk_jobs_, garbage);
  if (has_ended()) {
    if (run_.state.failure() != RunFailure::none) {
      if (!run_.error && run_.state.failure() != RunFailure::cancelled) run_.error = run_.failure_error();
      run_.cancelled = true;
    }
    return wake_all();
  }
  if (num_waiting_ > 0) resolved_.notify_all();
  if (num_idle_ > 0 && (!disk_jobs_.empty() || run_.state.wants_workers())) {
    epoch_.fetch_add(1, std::memory_order_relaxed);
    if (num_parked_ > 0) wake_.notify_one();
  }
}

void WorkerLoop::wake_all() {
  epoch_.fetch_add(1, std::memory_order_relaxed);
  wake_.notify_all();
  resolved_.notify_all();
}

// Spins for a moment before it parks: a task's end is often near.
void WorkerLoop::wait_for_work(Lock& lock) {
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

}  // namespace plait
