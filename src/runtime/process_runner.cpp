#include "runtime/process_runner.h"

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

ProcessRunner::~ProcessRunner() {
  if (process_ && is_idle_) WorkerProcess::give_back(std::move(process_));
}

void ProcessRunner::run(std::span<const TaskId> tasks) {
  finished_.clear();
  failure_.reset();
  lost_.reset();
  sent_.clear();
  Order order;
  for (TaskId task : tasks) {
    try {
      // The graph's own values are here already.
      if (const Value* value = run_.graph.value_of(task)) {
        finish(task, Parcel::of_value(*value), 0);
      } else {
        add_to(order, task);
      }
    } catch (...) {
      return fail(task, std::current_exception());
    }
  }
  if (sent_.empty()) return;
  if (!process_) process_ = WorkerProcess::take(run_.cancelled);
  process_->control().cancelled = false;
  process_->control().current = 0;
  is_idle_ = false;
  if (!order.outgoing.send(process_->channel(), order.content)) return note_lost();
  receive_replies();
}

void ProcessRunner::add_to(Order& order, TaskId task) {
  const KernelCall& call = run_.graph.call_of(task);
  TaskOrder one{.kernel = call.kernel->name, .params = add_params(order, call), .block = run_.graph.task(task).block};
  for (TaskId input : run_.graph.inputs(task)) {
    const auto [entry, is_new] =
        order.input_parcels.try_emplace(input, static_cast<std::uint32_t>(order.content.parcels.size()));
    if (is_new) order.content.parcels.push_back(order.outgoing.add(run_.store[input].as<Parcel>()));
    one.inputs.push_back(entry->second);
  }
  order.content.tasks.push_back(std::move(one));
  sent_.push_back(task);
}

std::int32_t ProcessRunner::add_params(Order& order, const KernelCall& call) {
  if (!call.params) return -1;
  const auto [entry, is_new] =
      order.params_parcels.try_emplace(call.params.get(), static_cast<std::int32_t>(order.content.parcels.size()));
  if (is_new) {
    Encoder to;
    call.kernel->encode_params(to, call.params.get());
    order.content.parcels.push_back(order.outgoing.add(Parcel::pack(to.take(), 0)));
  }
  return entry->second;
}

void ProcessRunner::finish(TaskId task, Parcel value, std::uint64_t duration_ns) {
  const std::uint64_t num_bytes = value.value_bytes();
  run_.store[task] = Value::of(std::move(value));
  finished_.push_back({task, num_bytes, duration_ns});
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
    finish(task, take_parcel(result.value, message), duration);
    run_.observers.tell([&](Observer& observer) {
      observer.task_started(run_.graph, task, worker_, time_of(result.start_ns));
      observer.task_finished(run_.graph, task, worker_, time_of(result.end_ns), finished_.back().num_bytes);
    });
  }
  if (reply.fault) accept_fault(std::move(*reply.fault), message);
}

void ProcessRunner::accept_fault(TaskFault fault, Message& message) {
  const TaskId task = sent_.at(fault.index);
  const CauseText text{static_cast<ErrorKind>(fault.kind), fault.message};
  std::exception_ptr cause;
  if (fault.exception && error_codec().decode)
    cause = error_codec().decode(take_parcel(*fault.exception, message).value());
  if (!cause) cause = std::make_exception_ptr(Error(text.kind, text.message));
  failure_ = Failure{task, std::make_exception_ptr(task_error(run_.graph, task, text, cause, fault.inputs))};
  run_.observers.tell([&](Observer& observer) {
    observer.task_started(run_.graph, task, worker_, Clock::now());
    observer.task_failed(run_.graph, task, worker_, Clock::now());
  });
}

void ProcessRunner::note_lost() {
  const std::uint32_t current = process_->control().current;
  lost_ = sent_.at(current < sent_.size() ? current : 0);
  how_lost_ = process_->how_it_ended();
  process_.reset();
  // A result that had arrived counts, whatever happened to its maker.
  for (const FinishedTask& finished : finished_) {
    if (finished.task == *lost_) lost_.reset();
    if (!lost_) return;
  }
}

}  // namespace plait
