// How tasks go through a worker: they wait for inputs, load what is on disk, run, and become values.
#include "scheduler/worker_impl.h"

namespace plait {

namespace {
constexpr const char* kNames[] = {"expected", "waiting for inputs", "ready",   "loading inputs",
                                  "running",  "in memory",          "spilled", "reading back"};
}

WorkerState::Impl::Record* WorkerState::Impl::find(TaskNumber number) {
  const auto at = records.find(number);
  return at == records.end() ? nullptr : &at->second;
}

WorkerState::Impl::Record& WorkerState::Impl::record(TaskNumber number) {
  Record& made = records[number];
  made.number = number;
  return made;
}

WorkerState::Impl::Record* WorkerState::Impl::executing_record(TaskNumber number, std::uint32_t attempt) {
  Record* task = find(number);
  return task && task->state == State::executing && task->attempt == attempt ? task : nullptr;
}

void WorkerState::Impl::set_state(Record& record, State state) {
  num_tasks -= record.is_task();
  num_loading -= record.state == State::loading;
  record.state = state;
  num_tasks += record.is_task();
  num_loading += state == State::loading;
  story.note(now, record.number, kNames[static_cast<int>(state)]);
}

std::size_t WorkerState::Impl::num_busy() const { return executing.size() + stopping.size() - num_outside; }

// --- Messages ---

void WorkerState::Impl::on(const message::TakeGraph& take) {
  if (graphs.insert(take.graph).second) out->push_back(worker_action::TakeGraph{take.graph});
}

void WorkerState::Impl::on(const message::ForgetGraph& forget) {
  if (graphs.erase(forget.graph) > 0) out->push_back(worker_action::ForgetGraph{forget.graph});
}

void WorkerState::Impl::on(const message::Compute& compute) {
  Record& task = record(compute.task);
  if (task.is_value()) {
    // Made before the scheduler heard of it.
    task.attempt = compute.attempt;
    task.order.transfer = compute.transfer;
    return report_done(task);
  }
  if (task.is_task()) {
    if (task.attempt >= compute.attempt) return;
    give_up(task);
    return on(compute);
  }
  task.attempt = compute.attempt;
  task.order = compute;
  task.num_missing = 0;
  std::vector<TaskNumber> distinct = compute.inputs;
  std::ranges::sort(distinct);
  const auto repeated = std::ranges::unique(distinct);
  distinct.erase(repeated.begin(), repeated.end());
  for (TaskNumber number : distinct) {
    Record& input = record(number);
    task.inputs.push_back(&input);
    input.users.push_back(&task);
    unlist(input);
    task.num_missing += !input.is_value();
  }
  set_state(task, task.num_missing == 0 ? State::ready : State::waiting);
  if (task.num_missing == 0) ready.push({compute.priority, compute.order}, task.number);
}

void WorkerState::Impl::on(const message::Provide& provide) {
  const Record* value = find(provide.task);
  if (value && value->is_value())
    out->push_back(worker_action::Provide{provide.task, provide.transfer});
  else
    send(message::Provided{provide.task, provide.transfer, false});
}

void WorkerState::Impl::on(const message::Deliver& deliver) {
  Record& value = record(deliver.task);
  if (value.is_value()) return;
  if (value.is_task()) give_up(value);
  Record& again = record(deliver.task);
  again.num_bytes = deliver.num_bytes;
  used_bytes += deliver.num_bytes;
  out->push_back(worker_action::Keep{deliver.task});
  set_state(again, State::in_memory);
  announce(again);
}

void WorkerState::Impl::on(const message::Forget& message) {
  for (TaskNumber number : message.tasks)
    if (Record* known = find(number)) forget(*known);
}

void WorkerState::Impl::on(const message::Revoke& revoke) {
  Record* task = find(revoke.task);
  const bool ok = task && task->is_task() && task->state != State::executing && task->attempt == revoke.attempt;
  if (ok) give_up(*task);
  send(message::Revoked{revoke.task, revoke.attempt, ok});
}

// --- Values come and go ---

void WorkerState::Impl::report_done(const Record& record) {
  send(message::TaskDone{.task = record.number,
                         .attempt = record.attempt,
                         .num_bytes = record.num_bytes,
                         .duration_ns = record.duration_ns,
                         .peak_bytes = record.peak_bytes,
                         .type_name = record.type_name});
  if (record.order.transfer != 0) out->push_back(worker_action::Provide{record.number, record.order.transfer});
}

// The value is here: tasks that waited for nothing else are ready.
void WorkerState::Impl::announce(Record& value) {
  for (Record* user : value.users) {
    if (user->state != State::waiting || --user->num_missing > 0) continue;
    set_state(*user, State::ready);
    ready.push({user->order.priority, user->order.order}, user->number);
  }
  list(value);
}

// Running tasks have their inputs in hand; the others wait for another copy.
void WorkerState::Impl::value_is_gone(Record& value) {
  for (Record* user : value.users) {
    if (user->state == State::executing) continue;
    if (user->state == State::loading) {
      unclaim(*user);
      continue;
    }
    if (user->state != State::waiting) {
      user->num_missing = 0;
      set_state(*user, State::waiting);
    }
    ++user->num_missing;
  }
}

void WorkerState::Impl::forget(Record& record) {
  if (record.is_task())
    give_up(record);
  else if (record.is_value())
    drop_value(record);
}

void WorkerState::Impl::drop_value(Record& value) {
  unlist(value);
  if (value.state == State::spilled)
    spilled_bytes -= value.num_bytes;
  else
    used_bytes -= value.num_bytes;
  if (value.is_spilling) {
    --num_spilling;
    spilling_bytes -= value.num_bytes;
    ++stale_spills[value.number];
  }
  if (value.state == State::reading) ++stale_loads[value.number];
  value.is_spilling = value.has_copy = value.is_unspillable = false;
  out->push_back(worker_action::Drop{value.number});
  set_state(value, State::absent);
  value.num_bytes = 0;
  is_short = false;
  value_is_gone(value);
  erase_if_unused(value);
}

// The value cannot be read: the scheduler finds another copy, or has it made again.
void WorkerState::Impl::lose(Record& value) {
  const TaskNumber number = value.number;
  drop_value(value);
  send(message::Lost{number});
}

void WorkerState::Impl::erase_if_unused(Record& record) {
  if (record.state == State::absent && record.users.empty()) records.erase(record.number);
}

void WorkerState::Impl::give_up(Record& task) {
  if (task.state == State::executing) {
    std::erase(executing, &task);
    stopping.push_back({task.number, task.attempt, task.num_bytes, task.is_outside});
    out->push_back(worker_action::Interrupt{task.number, task.attempt});
  }
  if (task.state == State::loading) unclaim(task);
  stop_using_inputs(task);
  task.num_bytes = 0;
  task.is_outside = false;
  set_state(task, State::absent);
  erase_if_unused(task);
}

// --- Running ---

void WorkerState::Impl::start_tasks() {
  if (is_short) return;
  while (!ready.empty() && num_busy() + num_loading < options.nthreads) {
    Record* task = find(ready.top().task);
    if (!task || task->state != State::ready) {
      ready.pop();
      continue;
    }
    if (must_pause()) spill_excess();
    if (must_pause()) return;
    if (!claim(*task)) return;
  }
}

// Reserves memory for the output and for inputs that must be read back; then the task runs, at once or when they are
// there. False if it must wait.
bool WorkerState::Impl::claim(Record& task) {
  if (options.memory_limit_bytes > 0) {
    if (input_bytes(task) + task.order.output_bytes > options.memory_limit_bytes) {
      const message::TaskErred erred{task.number, task.attempt, TaskFailure::never_fits};
      give_up(task);
      send(erred);
      return true;
    }
    if (used_bytes + bytes_to_claim(task) > budget_bytes() && !make_room(task)) {
      is_short = true;
      return false;
    }
    task.num_bytes = working_bytes(task);
  } else {
    task.num_bytes = task.order.output_bytes;
  }
  ready.pop();
  used_bytes += task.num_bytes;
  task.num_missing = 0;
  for (Record* input : task.inputs) {
    ++input->num_pins;
    if (input->state == State::spilled) {
      set_state(*input, State::reading);
      spilled_bytes -= input->num_bytes;
      used_bytes += input->num_bytes;
      out->push_back(worker_action::Load{input->number});
    }
    task.num_missing += input->state == State::reading;
  }
  if (task.num_missing == 0)
    execute(task);
  else
    set_state(task, State::loading);
  return true;
}

void WorkerState::Impl::execute(Record& task) {
  set_state(task, State::executing);
  executing.push_back(&task);
  out->push_back(worker_action::Execute{task.number, task.attempt, task.order.memory_bytes, task.order.inputs});
}

// Takes back what `claim` reserved; the task has not begun.
void WorkerState::Impl::unclaim(Record& task) {
  used_bytes -= task.num_bytes;
  task.num_bytes = 0;
  for (Record* input : task.inputs) --input->num_pins;
  set_state(task, State::waiting);
  task.num_missing = 0;
  for (Record* input : task.inputs) task.num_missing += !input->is_value();
  is_short = false;
  if (task.num_missing > 0) return;
  set_state(task, State::ready);
  ready.push({task.order.priority, task.order.order}, task.number);
}

void WorkerState::Impl::stop_using_inputs(Record& task) {
  const bool was_running = task.state == State::executing;
  is_short = false;
  for (Record* input : std::exchange(task.inputs, {})) {
    std::erase(input->users, &task);
    if (was_running) --input->num_pins;
    list(*input);
    erase_if_unused(*input);
  }
}

WorkerState::Impl::Stopping* WorkerState::Impl::find_stopping(TaskNumber task, std::uint32_t attempt) {
  const auto at =
      std::ranges::find_if(stopping, [&](const Stopping& one) { return one.task == task && one.attempt == attempt; });
  return at == stopping.end() ? nullptr : &*at;
}

bool WorkerState::Impl::end_stopping(TaskNumber task, std::uint32_t attempt) {
  const Stopping* ended = find_stopping(task, attempt);
  if (!ended) return false;
  used_bytes -= ended->num_bytes;
  num_outside -= ended->is_outside;
  stopping.erase(stopping.begin() + (ended - stopping.data()));
  is_short = false;
  return true;
}

}  // namespace plait
