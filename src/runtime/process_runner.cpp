#include "runtime/process_runner.h"

#include <utility>

#include "runtime/task_errors.h"

namespace plait {
namespace {

using Clock = Observer::Clock;

// How long a worker may take to stop its kernel when the run is cancelled, before it is ended.
constexpr auto kTimeToStop = std::chrono::milliseconds(40);
constexpr int kLookAroundMs = 10;

Clock::time_point time_of(std::int64_t ns) {
  return Clock::time_point(std::chrono::duration_cast<Clock::duration>(std::chrono::nanoseconds(ns)));
}

}  // namespace

ProcessRun::ProcessRun(const Graph& graph, std::uint64_t max_unused)
    : max_unused_bytes(max_unused), has_many_tasks(graph.calls().size()) {
  std::vector<bool> has_task(graph.calls().size());
  for (const Task& task : graph.tasks()) {
    if (has_task[task.call]) has_many_tasks[task.call] = true;
    has_task[task.call] = true;
  }
}

ProcessRunner::~ProcessRunner() {
  if (process_ && is_idle_) WorkerProcess::give_back(std::move(process_));
}

void ProcessRunner::run(std::span<const TaskId> tasks) {
  finished_.clear();
  failure_.reset();
  lost_.reset();
  sent_.clear();
  std::vector<TaskId> to_send;
  for (TaskId task : tasks) {
    // The graph's own values are here already.
    if (const Value* value = run_.graph.value_of(task))
      pass_on(task, *value);
    else
      to_send.push_back(task);
    if (failure_) return;
  }
  if (to_send.empty()) return;
  if (!process_) {
    process_ = WorkerProcess::take(run_.cancelled);
    bytes_at_start_ = private_bytes(process_->id());
    is_new_ = true;
  }
  if (send(to_send)) receive_replies();
}

std::uint64_t ProcessRunner::outside_bytes() const {
  const std::uint64_t now = process_ ? private_bytes(process_->id()) : 0;
  return now > bytes_at_start_ ? now - bytes_at_start_ : 0;
}

void ProcessRunner::pass_on(TaskId task, const Value& value) {
  try {
    const auto* parcel = value.get_if<Parcel>();
    finish(task, parcel ? *parcel : Parcel::of_value(value), 0, 0);
  } catch (...) {
    fail(task, std::current_exception());
  }
}

// False if the order was not sent: a task cannot leave this process, or the worker is gone.
bool ProcessRunner::send(std::span<const TaskId> tasks) {
  PartsAtWorker& kept = process_->parts();
  Order order(shared_->parts, kept);
  order.content.max_unused_bytes = shared_->max_unused_bytes;
  for (TaskId task : tasks) {
    try {
      if (std::exchange(is_new_, false)) add_start(order);
      add_to(order, task);
    } catch (...) {
      kept.start_again();
      fail(task, std::current_exception());
      return false;
    }
  }
  order.content.forgotten_parts = kept.forget_what_is_too_much();
  order.content.forgets_all_parts = kept.take_fresh_start();
  process_->control().cancelled = false;
  process_->control().current = 0;
  is_idle_ = false;
  if (order.outgoing.send(process_->channel(), order.content)) return true;
  note_lost();
  return false;
}

void ProcessRunner::add_to(Order& order, TaskId task) {
  TaskOrder one{
      .part = {}, .inputs = {}, .block = run_.graph.task(task).block, .in_items = run_.state.is_only_items(task)};
  add_call(order, task, one);
  for (TaskId input : run_.graph.inputs(task)) {
    const auto [entry, is_new] =
        order.input_parcels.try_emplace(input, static_cast<std::uint32_t>(order.content.parcels.size()));
    if (is_new) order.content.parcels.push_back(order.outgoing.add(run_.store[input].as<Parcel>()));
    one.inputs.push_back(entry->second);
  }
  order.content.tasks.push_back(std::move(one));
  sent_.push_back(task);
}

void ProcessRunner::add_start(Order& order) {
  if (!run_.options.worker_start) return;
  Encoder to;
  encode(to, run_.options.worker_start);
  order.content.start = order.outgoing.add(Parcel::pack(to.take(), 0));
}

// What many tasks do is a part like those that their parameters share; what one task does goes along with it.
void ProcessRunner::add_call(Order& order, TaskId task, TaskOrder& one) {
  const KernelCall& call = run_.graph.call_of(task);
  const CallId id = run_.graph.task(task).call;
  const auto write = [&] {
    Encoder to(&order.parts);
    encode(to, call);
    return to.take();
  };
  if (shared_->has_many_tasks[id]) {
    one.part = order.parts.bring(id, write);
  } else {
    one.call = static_cast<std::uint32_t>(order.content.parcels.size());
    order.content.parcels.push_back(order.outgoing.add(Parcel::pack(write(), 0)));
  }
}

// The value lies in the worker's memory and in its parcel for a while.
void ProcessRunner::finish(TaskId task, Parcel value, std::uint64_t duration_ns, std::uint64_t peak_bytes) {
  const std::uint64_t num_bytes = value.value_bytes();
  run_.store[task] = Value::of(std::move(value));
  finished_.push_back({task, num_bytes, duration_ns, peak_bytes + num_bytes});
}

// Of what only items are wanted, each has come by itself.
void ProcessRunner::finish_items(TaskId task, std::span<ParcelRef> refs, Message& message, std::uint64_t duration_ns,
                                 std::uint64_t peak_bytes) {
  Sequence items;
  std::uint64_t num_bytes = 0;
  for (ParcelRef& ref : refs) {
    items.items.push_back(Value::of(take_parcel(ref, message)));
    num_bytes += items.items.back().num_bytes();
  }
  run_.store[task] = Value::of(std::move(items));
  finished_.push_back({task, num_bytes, duration_ns, peak_bytes + num_bytes});
}

void ProcessRunner::fail(TaskId task, const std::exception_ptr& error) {
  failure_ = Failure{task, std::make_exception_ptr(task_error(run_.graph, task, error, ""))};
}

void ProcessRunner::receive_replies() {
  bool is_last = false;
  while (!is_last) {
    std::optional<Message> message = next_message();
    if (!message) return note_lost();
    accept(std::move(*message), is_last);
  }
  is_idle_ = true;
}

std::optional<Message> ProcessRunner::next_message() {
  std::optional<Clock::time_point> stop_by;
  while (!process_->channel().wait(kLookAroundMs)) {
    if (!run_.cancelled) continue;
    if (!stop_by) {
      process_->control().cancelled = true;
      stop_by = Clock::now() + kTimeToStop;
    } else if (Clock::now() > *stop_by) {
      process_->kill();
      return std::nullopt;
    }
  }
  return process_->channel().receive();
}

void ProcessRunner::accept(Message message, bool& is_last) {
  Decoder from(message.record);
  auto reply = decode<BatchReply>(from);
  is_last = reply.is_last;
  for (TaskResult& result : reply.results) {
    const TaskId task = sent_.at(result.index);
    const auto duration = static_cast<std::uint64_t>(std::max<std::int64_t>(1, result.end_ns - result.start_ns));
    if (run_.state.is_only_items(task))
      finish_items(task, result.values, message, duration, result.peak_bytes);
    else
      finish(task, take_parcel(result.values.at(0), message), duration, result.peak_bytes);
    run_.observers.tell_value(run_.graph, task, run_.store[task]);
    run_.observers.tell([&](Observer& observer) {
      observer.task_started(run_.graph, task, worker_, time_of(result.start_ns));
      observer.task_finished(run_.graph, task, worker_, time_of(result.end_ns),
                             {finished_.back().num_bytes, result.num_rows});
    });
  }
  if (reply.fault) accept_fault(std::move(*reply.fault), message);
}

void ProcessRunner::accept_fault(TaskFault fault, Message& message) {
  const TaskId task = sent_.at(fault.index);
  const Record record = take_parcel(fault.fault, message).unpack();
  Decoder from(record);
  failure_ = Failure{task, std::make_exception_ptr(task_error(run_.graph, task, decode<Fault>(from)))};
  run_.observers.tell([&](Observer& observer) {
    observer.task_started(run_.graph, task, worker_, Clock::now());
    observer.task_failed(run_.graph, task, worker_, Clock::now());
  });
}

void ProcessRunner::note_lost() {
  const std::uint32_t current = process_->control().current;
  lost_ = sent_.at(current < sent_.size() ? current : 0);
  how_lost_ = process_->how_it_ended();
  was_killed_ = process_->was_killed();
  process_.reset();
  // A result that had arrived counts, whatever happened to its maker.
  for (const FinishedTask& finished : finished_) {
    if (finished.task == *lost_) lost_.reset();
    if (!lost_) return;
  }
}

}  // namespace plait
