// What is needed and what is not: tasks become active, finish, fail, run again and are let go of.
#include "scheduler/scheduler_impl.h"

namespace plait {
namespace {

using State = SchedulerTaskState;

constexpr const char* kNames[] = {"released", "waiting for inputs", "ready", "given to %", "in memory at %", "failed"};

// May a task go from one state (row) to another (column)?
constexpr bool kTransitions[6][6] = {
    // released waiting ready processing in_memory erred
    {false, true, false, false, true, true},   // released: scattered, or offered by a worker that has come back
    {true, false, true, false, true, true},    // waiting: an alias gets its value at once
    {true, true, false, true, true, true},     // ready
    {true, true, true, false, true, true},     // processing
    {true, true, false, false, false, true},   // in memory
    {true, false, false, false, false, false}  // erred
};

std::size_t& count_of(Counts& counts, State state) {
  switch (state) {
    case State::released:
      return counts.released;
    case State::waiting:
      return counts.waiting;
    case State::ready:
      return counts.ready;
    case State::processing:
      return counts.processing;
    case State::in_memory:
      return counts.in_memory;
    case State::erred:
      break;
  }
  return counts.erred;
}

}  // namespace

void SchedulerState::Impl::set_state(TaskRecord& task, State state, WorkerNumber worker) {
  PLAIT_CHECK(kTransitions[static_cast<int>(task.state)][static_cast<int>(state)]);
  Counts& of_family = families[task.family].counts;
  --count_of(counts, task.state);
  --count_of(of_family, task.state);
  task.state = state;
  ++count_of(counts, state);
  ++count_of(of_family, state);
  story.note(now, task.number(), kNames[static_cast<int>(state)], worker);
}

// --- Needs ---

void SchedulerState::Impl::need(TaskRecord& task) {
  ++task.num_needs;
  if (task.state == State::released) activate(task);
}

void SchedulerState::Impl::unneed(TaskRecord& task) {
  PLAIT_CHECK(task.num_needs > 0);
  if (--task.num_needs == 0) deactivate({&task});
}

// The task, and before it all that it needs and that is not there, become active.
void SchedulerState::Impl::activate(TaskRecord& first) {
  std::vector<TaskRecord*> activated{&first};
  set_state(first, State::waiting);
  auto use = [&](TaskRecord& value) {
    ++value.num_needs;
    if (value.state != State::released) return;
    set_state(value, State::waiting);
    activated.push_back(&value);
  };
  for (std::size_t i = 0; i < activated.size(); ++i) {
    for_each_source(*activated[i], use);
  }
  for (TaskRecord* task : activated) {
    if (!task->is_alias() || !task->extra->target->has_value()) continue;
    task->num_bytes = task->extra->target->num_bytes;
    set_state(*task, State::in_memory);
  }
  std::vector<TaskRecord*> failed;
  for (std::size_t i = activated.size(); i-- > 0;) {
    TaskRecord& task = *activated[i];
    if (task.state != State::waiting) continue;
    task.num_missing = 0;
    for_each_source(task, [&](TaskRecord& input) { task.num_missing += !input.has_value(); });
    if (task.has(scheduling::kScattered) || failed_input(task))
      failed.push_back(&task);
    else if (task.num_missing == 0)
      make_ready(task);
  }
  for (TaskRecord* task : failed) {
    if (task->state != State::waiting) continue;  // failed because of another one
    if (const TaskRecord* input = failed_input(*task))
      fail(*task, input->failure, cause_of(*input));
    else
      fail(*task, task->graph->has_parcel ? TaskFailure::input_unknown : TaskFailure::data_lost, task->number());
  }
}

SchedulerState::Impl::TaskRecord* SchedulerState::Impl::failed_input(TaskRecord& task) {
  TaskRecord* failed = nullptr;
  for_each_source(task, [&](TaskRecord& input) {
    if (input.state == State::erred) failed = &input;
  });
  return failed;
}

void SchedulerState::Impl::release_inputs(TaskRecord& task, std::vector<TaskRecord*>& no_longer_needed) {
  for_each_source(task, [&](TaskRecord& input) {
    PLAIT_CHECK(input.num_needs > 0);
    if (--input.num_needs == 0) no_longer_needed.push_back(&input);
  });
}

void SchedulerState::Impl::deactivate(std::vector<TaskRecord*> no_longer_needed) {
  while (!no_longer_needed.empty()) {
    TaskRecord& task = *no_longer_needed.back();
    no_longer_needed.pop_back();
    if (task.num_needs > 0) continue;
    switch (task.state) {
      case State::released:
      case State::erred:
        break;
      case State::in_memory:
        if (task.is_alias()) {
          set_state(task, State::released);
          release_inputs(task, no_longer_needed);
        } else {
          drop_value(task);
        }
        break;
      case State::processing:
        take_back(task, true);
        [[fallthrough]];
      case State::waiting:
      case State::ready:
        set_state(task, State::released);
        release_inputs(task, no_longer_needed);
        break;
    }
  }
}

void SchedulerState::Impl::drop_value(TaskRecord& task) {
  const TaskNumber number = task.number();
  for (WorkerNumber holder : task.holders.all()) {
    WorkerRecord& at = *workers[holder];
    at.held_bytes -= task.num_bytes;
    --at.num_held;
    forget_at(at, number);
  }
  task.holders.clear();
  transfers.erase(number);
  if (task.has(scheduling::kKept)) {
    task.unset(scheduling::kKept);
    out->push_back(scheduler_action::DropValue{number});
  }
  task.num_bytes = 0;
  set_state(task, State::released);
}

void SchedulerState::Impl::add_holder(TaskRecord& task, WorkerRecord& worker) {
  if (task.holders.contains(worker.number)) return;
  task.holders.insert(worker.number);
  worker.held_bytes += task.num_bytes;
  ++worker.num_held;
}

void SchedulerState::Impl::remove_holder(TaskRecord& task, WorkerRecord& worker) {
  if (!task.holders.contains(worker.number)) return;
  task.holders.erase(worker.number);
  worker.held_bytes -= task.num_bytes;
  --worker.num_held;
}

// --- Ends of tasks ---

// The task has its value, and its holders are known.
void SchedulerState::Impl::finish(TaskRecord& task) {
  set_state(task, State::in_memory, task.holders.empty() ? 0 : task.holders.all().front());
  task.unset(scheduling::kSuspect);
  task.num_deaths = task.num_kills = 0;  // it can end: should it run again, it is as innocent as before
  std::vector<TaskRecord*> no_longer_needed;
  release_inputs(task, no_longer_needed);
  announce(task);
  if (task.extra) {
    tell_all(task);
    serve_gathers(task);
  }
  deactivate(std::move(no_longer_needed));
}

// The value is there: tasks that waited for nothing else are ready.
void SchedulerState::Impl::announce(TaskRecord& task) {
  for_each_user(task, [&](TaskRecord& user) {
    if (user.state == State::waiting && --user.num_missing == 0) make_ready(user);
  });
  if (!task.extra) return;
  for (TaskRecord* alias : task.extra->aliases) {
    if (alias->state != State::waiting) continue;
    alias->num_missing = 0;
    alias->num_bytes = task.num_bytes;
    set_state(*alias, State::in_memory);
    tell_all(*alias);
    announce(*alias);
  }
}

// The task, and all that wait for it, will have no value, because of the task `cause`.
void SchedulerState::Impl::fail(TaskRecord& first, TaskFailure failure, TaskNumber cause) {
  std::vector<TaskRecord*> failed{&first};
  std::vector<TaskRecord*> no_longer_needed;
  while (!failed.empty()) {
    TaskRecord& task = *failed.back();
    failed.pop_back();
    if (&task != &first && !task.is_active()) continue;
    const bool was_active = task.is_active();
    if (task.worker != 0) take_back(task, true);
    task.failure = failure;
    task.num_bytes = cause;
    task.num_missing = 0;
    set_state(task, State::erred);
    if (was_active) release_inputs(task, no_longer_needed);
    for_each_user(task, [&](TaskRecord& user) {
      if (user.is_active()) failed.push_back(&user);
    });
    if (!task.extra) continue;
    for (TaskRecord* alias : task.extra->aliases) {
      if (alias->is_active()) failed.push_back(alias);
    }
    tell_all(task);
    for_each_key(task, [&](KeyRecord& key) { answer_gathers(key, KeyStatus::error, Attached::fault, cause); });
  }
  deactivate(std::move(no_longer_needed));
}

// A failed task runs again, and before it those failed ones that it needs.
void SchedulerState::Impl::try_again(TaskRecord& first) {
  if (first.state != State::erred) return;
  std::vector<TaskRecord*> again{&first};
  auto add = [&](TaskRecord& task) {
    if (task.state != State::erred || task.has(scheduling::kToBeReset)) return;
    task.set(scheduling::kToBeReset);
    again.push_back(&task);
  };
  first.set(scheduling::kToBeReset);
  for (std::size_t i = 0; i < again.size(); ++i) for_each_source(*again[i], add);
  for (TaskRecord* task : again) {
    task->unset(scheduling::kToBeReset);
    task->unset(scheduling::kSuspect);
    if (task->has(scheduling::kHasFault)) {
      task->unset(scheduling::kHasFault);
      out->push_back(scheduler_action::DropFault{task->number()});
    }
    task->failure = TaskFailure::none;
    task->num_bytes = 0;
    task->num_retries = task->num_deaths = task->num_kills = 0;
    set_state(*task, State::released);
  }
  for (TaskRecord* task : again) {
    if (task->num_needs > 0 && task->state == State::released) activate(*task);
  }
}

// A task that was to run, or runs, waits: an input is gone. The caller counts what is missing.
void SchedulerState::Impl::wait_again(TaskRecord& task) {
  if (task.state == State::processing) take_back(task, true);
  if (task.state != State::waiting) {
    task.num_missing = 0;
    set_state(task, State::waiting);
  }
}

}  // namespace plait
