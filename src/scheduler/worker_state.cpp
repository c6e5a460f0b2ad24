#include "scheduler/worker_state.h"

#include "scheduler/worker_impl.h"

namespace plait {

using State = WorkerTaskState;

namespace {
// Tasks that were cancelled and do not stop, beside those that have a thread's place; further ones keep theirs.
constexpr std::size_t kMaxBesideEachThread = 8;
}  // namespace

WorkerState::WorkerState(const WorkerOptions& options) : impl_(std::make_unique<Impl>(options)) {}
WorkerState::WorkerState(WorkerState&&) noexcept = default;
WorkerState& WorkerState::operator=(WorkerState&&) noexcept = default;
WorkerState::~WorkerState() = default;

void WorkerState::handle(const message::ToWorker& message, Time now, WorkerActions& out) {
  impl_->begin(now, out);
  std::visit([&](const auto& content) { impl_->on(content); }, message);
  impl_->end();
}

// --- The worker's own events ---

void WorkerState::handle(const worker_event::Finished& event, Time now, WorkerActions& out) {
  Impl& impl = *impl_;
  impl.begin(now, out);
  if (impl.end_stopping(event.task, event.attempt)) {
    // Nobody wants it any more; the task may run again, or its value be here already.
    const Impl::Record* record = impl.find(event.task);
    if (!record || !record->is_value()) out.push_back(worker_action::Drop{event.task});
    return impl.end();
  }
  Impl::Record* task = impl.executing_record(event.task, event.attempt);
  if (!task) return impl.end();
  LayerHistory& history = impl.history[task->order.family];
  history.note_duration(event.duration_ns);
  history.note_bytes(event.num_bytes);
  if (history.is_new_peak(event.peak_bytes)) history.note_peak(event.peak_bytes, impl.input_bytes(*task));
  std::erase(impl.executing, task);
  impl.num_outside -= task->is_outside;
  task->is_outside = false;
  impl.used_bytes += event.num_bytes - task->num_bytes;
  task->num_bytes = event.num_bytes;
  task->duration_ns = event.duration_ns;
  task->peak_bytes = event.peak_bytes;
  task->type_name = event.type_name;
  impl.is_short = false;
  impl.stop_using_inputs(*task);
  impl.set_state(*task, State::in_memory);
  impl.report_done(*task);
  impl.announce(*task);
  impl.end();
}

void WorkerState::handle(const worker_event::Failed& event, Time now, WorkerActions& out) {
  Impl& impl = *impl_;
  impl.begin(now, out);
  if (!impl.end_stopping(event.task, event.attempt)) {
    if (Impl::Record* task = impl.executing_record(event.task, event.attempt)) {
      // Not by give_up: there is nothing to interrupt.
      std::erase(impl.executing, task);
      impl.num_outside -= task->is_outside;
      task->is_outside = false;
      impl.used_bytes -= task->num_bytes;
      task->num_bytes = 0;
      impl.is_short = false;
      impl.stop_using_inputs(*task);
      impl.set_state(*task, State::absent);
      impl.erase_if_unused(*task);
      impl.send(message::TaskErred{event.task, event.attempt, event.failure});
    }
  }
  impl.end();
}

void WorkerState::handle(const worker_event::Stopped& event, Time now, WorkerActions& out) {
  impl_->begin(now, out);
  impl_->end_stopping(event.task, event.attempt);
  impl_->end();
}

// What waits for time to pass, for an answer, or is in a library that does not look, must not keep others waiting.
void WorkerState::handle(const worker_event::DoesNotStop& event, Time now, WorkerActions& out) {
  Impl& impl = *impl_;
  impl.begin(now, out);
  Impl::Stopping* task = impl.find_stopping(event.task, event.attempt);
  const auto num_beside = std::ranges::count_if(impl.stopping, &Impl::Stopping::is_outside);
  if (task && !task->is_outside &&
      static_cast<std::size_t>(num_beside) < kMaxBesideEachThread * impl.options.nthreads) {
    task->is_outside = true;
    ++impl.num_outside;
    out.push_back(worker_action::ReplaceThread{event.task, event.attempt});
  }
  impl.end();
}

void WorkerState::handle(const worker_event::Spilled& event, Time now, WorkerActions& out) {
  Impl& impl = *impl_;
  impl.begin(now, out);
  Impl::Record* value = impl.find(event.task);
  if (const auto stale = impl.stale_spills.find(event.task); stale != impl.stale_spills.end()) {
    if (--stale->second == 0) impl.stale_spills.erase(stale);
    if (event.ok) out.push_back(worker_action::DropCopy{event.task});
    if (value) impl.list(*value);
  } else if (value && value->is_spilling) {
    value->is_spilling = false;
    --impl.num_spilling;
    impl.spilling_bytes -= value->num_bytes;
    impl.is_short = false;
    value->has_copy = event.ok;
    value->is_unspillable = !event.ok && event.can_others_be_spilled;
    if (!event.ok && !event.can_others_be_spilled) impl.stop_spilling();
    if (event.ok && value->users.empty()) {
      impl.used_bytes -= value->num_bytes;
      impl.spilled_bytes += value->num_bytes;
      impl.set_state(*value, State::spilled);
      out.push_back(worker_action::Unload{event.task});
    }
  }
  impl.end();
}

void WorkerState::handle(const worker_event::Loaded& event, Time now, WorkerActions& out) {
  Impl& impl = *impl_;
  impl.begin(now, out);
  Impl::Record* value = impl.find(event.task);
  if (const auto stale = impl.stale_loads.find(event.task); stale != impl.stale_loads.end()) {
    if (--stale->second == 0) impl.stale_loads.erase(stale);
    if (event.ok && (!value || !value->is_value())) out.push_back(worker_action::Drop{event.task});
    if (event.ok && value && value->state == State::spilled) out.push_back(worker_action::Unload{event.task});
  } else if (value && value->state == State::reading) {
    if (event.ok) {
      impl.set_state(*value, State::in_memory);
      for (Impl::Record* user : value->users)
        if (user->state == State::loading && --user->num_missing == 0) impl.execute(*user);
      impl.list(*value);
    } else {
      value->state = State::in_memory;  // no answer is under way any more
      impl.lose(*value);
    }
  }
  impl.end();
}

void WorkerState::handle(const worker_event::Damaged& event, Time now, WorkerActions& out) {
  impl_->begin(now, out);
  Impl::Record* value = impl_->find(event.task);
  if (value && value->is_value()) impl_->lose(*value);
  impl_->end();
}

void WorkerState::handle(const worker_event::InputDamaged& event, Time now, WorkerActions& out) {
  Impl& impl = *impl_;
  impl.begin(now, out);
  Impl::Record* task = impl.executing_record(event.task, event.attempt);
  if (!impl.end_stopping(event.task, event.attempt) && task) {
    std::erase(impl.executing, task);
    impl.unclaim(*task);
  }
  Impl::Record* input = impl.find(event.input);
  if (input && input->is_value()) impl.lose(*input);
  impl.end();
}

void WorkerState::handle(const worker_event::Seceded& event, Time now, WorkerActions& out) {
  Impl& impl = *impl_;
  impl.begin(now, out);
  Impl::Record* task = impl.executing_record(event.task, event.attempt);
  if (task && task->is_outside == event.is_back) {
    task->is_outside = !event.is_back;
    impl.num_outside += event.is_back ? -1 : 1;
    impl.send(message::Seceded{event.task, event.attempt, event.is_back});
  }
  impl.end();
}

void WorkerState::handle(const worker_event::MemoryMeasured& event, Time now, WorkerActions& out) {
  Impl& impl = *impl_;
  impl.begin(now, out);
  impl.process_bytes = event.process_bytes;
  const std::uint64_t beside = event.process_bytes > impl.used_bytes ? event.process_bytes - impl.used_bytes : 0;
  // Seen now and then only, so it is believed in for a while.
  impl.beside_bytes = std::max(beside, impl.beside_bytes - impl.beside_bytes / 8);
  impl.spill_again_if_due();
  impl.spill_excess();
  impl.is_short = false;
  impl.end();
}

void WorkerState::handle(const worker_event::SessionEnded&, Time now, WorkerActions& out) {
  Impl& impl = *impl_;
  impl.begin(now, out);
  std::vector<TaskNumber> tasks;
  for (const auto& [number, record] : impl.records)
    if (record.is_task()) tasks.push_back(number);
  std::ranges::sort(tasks);
  for (TaskNumber number : tasks) impl.give_up(*impl.find(number));
  // The next session begins without them: nobody would say when they are needed no more.
  for (GraphNumber graph : std::exchange(impl.graphs, {})) out.push_back(worker_action::ForgetGraph{graph});
  impl.end();
}

void WorkerState::handle(const worker_event::AskedToLeave&, Time now, WorkerActions& out) {
  impl_->begin(now, out);
  impl_->send(message::Leaving{});
  impl_->end();
}

void WorkerState::Impl::end() {
  start_tasks();
  if (is_paused == must_pause()) return;
  is_paused = must_pause();
  send(status());
}

message::WorkerStatus WorkerState::Impl::status() const {
  message::WorkerStatus status;
  status.process_bytes = process_bytes;
  status.managed_bytes = used_bytes;
  status.spilled_bytes = spilled_bytes;
  status.is_paused = is_paused;
  for (const Record* task : executing) status.executing.push_back(task->number);
  return status;
}

// --- What is asked ---

message::WorkerStatus WorkerState::status() const { return impl_->status(); }

std::vector<message::HeldValue> WorkerState::held() const {
  std::vector<message::HeldValue> held;
  for (const auto& [number, record] : impl_->records)
    if (record.is_value()) held.push_back({number, record.num_bytes});
  std::ranges::sort(held, {}, &message::HeldValue::task);
  return held;
}

bool WorkerState::is_paused() const { return impl_->is_paused; }
std::uint64_t WorkerState::used_bytes() const { return impl_->used_bytes; }
std::size_t WorkerState::num_tasks() const { return impl_->num_tasks; }
std::size_t WorkerState::num_executing() const { return impl_->executing.size(); }
std::vector<std::string> WorkerState::story(TaskNumber task) const { return impl_->story.of(task); }

void WorkerState::validate() const {
  const Impl& impl = *impl_;
  std::uint64_t used = 0, spilled = 0, spilling = 0;
  std::size_t num_tasks = 0, num_executing = 0, num_loading = 0, num_spilling = 0, num_outside = 0, num_listed = 0;
  for (const auto& [number, record] : impl.records) {
    PLAIT_CHECK(record.number == number);
    PLAIT_CHECK(record.state != State::absent || !record.users.empty());
    PLAIT_CHECK(record.is_task() || record.inputs.empty());
    num_tasks += record.is_task();
    num_executing += record.state == State::executing;
    num_loading += record.state == State::loading;
    num_outside += record.is_outside;
    num_spilling += record.is_spilling;
    spilling += record.is_spilling ? record.num_bytes : 0;
    spilled += record.state == State::spilled ? record.num_bytes : 0;
    if (record.state >= State::loading && record.state != State::spilled) used += record.num_bytes;
    PLAIT_CHECK(!record.is_spilling || record.state == State::in_memory);
    PLAIT_CHECK(record.state != State::spilled || (record.has_copy && record.num_pins == 0));
    PLAIT_CHECK(!record.is_listed || impl.can_spill(record));
    PLAIT_CHECK(record.is_listed || !impl.can_spill(record));
    num_listed += record.is_listed;
    std::uint32_t missing = 0, not_in_memory = 0, pins = 0;
    for (const Impl::Record* input : record.inputs) {
      PLAIT_CHECK(std::ranges::count(input->users, &record) == 1);
      missing += !input->is_value();
      not_in_memory += input->state != State::in_memory;
    }
    for (const Impl::Record* user : record.users) {
      PLAIT_CHECK(std::ranges::count(user->inputs, &record) == 1);
      pins += user->state == State::loading || user->state == State::executing;
    }
    PLAIT_CHECK(record.num_pins == pins);
    if (record.state == State::waiting) PLAIT_CHECK(missing > 0 && record.num_missing == missing);
    if (record.state == State::ready) PLAIT_CHECK(missing == 0);
    if (record.state == State::loading) PLAIT_CHECK(not_in_memory > 0 && record.num_missing == not_in_memory);
  }
  for (const Impl::Stopping& one : impl.stopping) {
    used += one.num_bytes;
    num_outside += one.is_outside;
  }
  for (const Impl::Record* listed = impl.oldest; listed; listed = listed->next) --num_listed;
  PLAIT_CHECK(num_listed == 0);
  PLAIT_CHECK(used == impl.used_bytes && spilled == impl.spilled_bytes && spilling == impl.spilling_bytes);
  PLAIT_CHECK(num_tasks == impl.num_tasks && num_executing == impl.executing.size() && num_loading == impl.num_loading);
  PLAIT_CHECK(num_spilling == impl.num_spilling && num_outside == impl.num_outside);
}

}  // namespace plait
