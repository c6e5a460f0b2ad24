#include "runtime/task_runner.h"

#include <algorithm>

#include "base/elsewhere.h"
#include "base/row_count.h"
#include "base/task_memory.h"
#include "runtime/surroundings.h"
#include "runtime/task_errors.h"

namespace plait {
namespace {

using Clock = Observer::Clock;

std::uint64_t ns_between(Clock::time_point from, Clock::time_point to) {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(to - from).count());
}

}  // namespace

void TaskRunner::run(std::span<const TaskId> tasks) {
  // The caller's own thread has them around it anyway.
  const Surroundings around(run_.poll_in_kernels ? nullptr : run_.options.surroundings.get());
  finished_.clear();
  failure_.reset();
  // Consecutive tasks of a layer are measured together: reading the clock for each would cost more than a small task.
  std::size_t group_first = 0;
  LayerId group_layer = run_.graph.task(tasks.front()).layer;
  auto group_start = Clock::now();
  auto close_group = [&] {
    const std::size_t num_tasks = finished_.size() - group_first;
    if (num_tasks == 0) return;
    const auto now = Clock::now();
    const std::uint64_t ns = std::max<std::uint64_t>(1, ns_between(group_start, now) / num_tasks);
    for (; group_first < finished_.size(); ++group_first) finished_[group_first].duration_ns = ns;
    group_start = now;
  };
  std::shared_ptr<void> session;
  Session session_maker = nullptr;
  for (TaskId task : tasks) {
    if (run_.cancelled.load(std::memory_order_relaxed)) break;
    const Task& described = run_.graph.task(task);
    if (described.layer != group_layer) {
      close_group();
      group_layer = described.layer;
    }
    if (const Session maker = run_.graph.call_of(task).kernel->session; maker != session_maker) {
      session.reset();
      session_maker = maker;
      if (session_maker) session = session_maker();
    }
    run_one(task);
    if (failure_) break;
  }
  close_group();
}

void TaskRunner::run_one(TaskId task) {
  for (TaskId input : run_.graph.inputs(task)) {
    Value& value = run_.store[input];
    if (run_.state.has_single_use(input))
      inputs_.push_back(std::move(value));
    else
      inputs_.push_back(value);
  }
  const bool is_observed = run_.observers.any();
  if (is_observed)
    run_.observers.tell([&](Observer& observer) { observer.task_started(run_.graph, task, worker_, Clock::now()); });
  try {
    const TaskContext context(&run_.cancelled, run_.destination_of(task),
                              run_.poll_in_kernels ? &run_.poll_in_kernels : nullptr, run_.graph.task(task).block);
    const RunningTask running(context);
    const TaskMemory memory;
    std::size_t num_bytes = 0;
    Value value;
    if (const Value* held = run_.graph.value_of(task)) {
      value = opened(*held, num_bytes);
    } else {
      value = run_.graph.call_of(task).run(inputs_, context);
      num_bytes = value.num_bytes();
    }
    const TaskYield made{num_bytes, is_observed ? row_count(value) : std::nullopt};
    if (is_observed) run_.observers.tell_value(run_.graph, task, value);
    run_.store[task] = std::move(value);
    finished_.push_back({.task = task, .num_bytes = num_bytes, .peak_bytes = memory.peak_bytes()});
    inputs_.clear();
    if (is_observed)
      run_.observers.tell(
          [&](Observer& observer) { observer.task_finished(run_.graph, task, worker_, Clock::now(), made); });
  } catch (...) {
    failure_ = Failure{task, std::make_exception_ptr(
                                 task_error(run_.graph, task, std::current_exception(), describe_inputs(inputs_)))};
    inputs_.clear();
    if (is_observed)
      run_.observers.tell([&](Observer& observer) { observer.task_failed(run_.graph, task, worker_, Clock::now()); });
  }
}

}  // namespace plait
