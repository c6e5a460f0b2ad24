// What the state machine of a worker wants done, and how tasks end. All of it under the lock.
#include "base/check.h"
#include "cluster/worker_shell.h"
#include "runtime/memory_watch.h"

namespace plait::cluster {
namespace {

constexpr auto kLookAtCaps = std::chrono::milliseconds(5);
// How long a task that is cancelled may take to stop before another thread takes its place.
constexpr auto kTimeToStopTask = std::chrono::milliseconds(60);
// What a task may take beyond its worker's limit: modules that it is the first to load, what allocators keep.
constexpr std::uint64_t kRoomBeyondLimit = std::uint64_t{512} << 20;

}  // namespace

void Worker::Impl::carry_out(const worker_action::Send& action, const Parcel*) {
  const auto* erred = std::get_if<message::TaskErred>(&action.message);
  const auto fault = erred ? faults.find(erred->task) : faults.end();
  mail->send(LetterOfWorker(action.message), fault == faults.end() ? nullptr : &fault->second);
  if (fault != faults.end()) faults.erase(fault);
}

void Worker::Impl::carry_out(const worker_action::Execute& action, const Parcel*) {
  const auto job = std::make_shared<TaskJob>();
  job->task = action.task;
  job->attempt = action.attempt;
  job->graph = graphs.at(graph_of(action.task));
  job->input_numbers = action.inputs;
  for (TaskNumber input : action.inputs) job->inputs.push_back(values.at(input));
  job->memory_cap_bytes = action.memory_bytes;
  jobs[{action.task, action.attempt}] = job;
  if (job->memory_cap_bytes > 0 && settings->has_own_process) {
    job->process_bytes_before = private_bytes();
    if (!std::exchange(watches_caps, true)) loop.post([this] { look_at_caps(); });
  }
  (num_before_tasks > 0 ? held_back : starting).push_back(job);
}

void Worker::Impl::carry_out(const worker_action::Interrupt& action, const Parcel*) {
  const auto found = jobs.find({action.task, action.attempt});
  if (found == jobs.end()) return;
  interrupt(*found->second);
  loop.post([this, interrupted = std::weak_ptr(found->second)] {
    loop.after(kTimeToStopTask, [this, interrupted] { look_whether_stopped(interrupted); });
  });
}

void Worker::Impl::look_whether_stopped(const std::weak_ptr<TaskJob>& interrupted) {
  const TaskJobPtr job = interrupted.lock();
  if (!job) return;
  const Locked locked(*this);
  handle(worker_event::DoesNotStop{job->task, job->attempt});
}

void Worker::Impl::carry_out(const worker_action::ReplaceThread& action, const Parcel*) {
  const auto found = jobs.find({action.task, action.attempt});
  if (found != jobs.end()) threads->replace(*found->second);
}

void Worker::Impl::interrupt(TaskJob& job) {
  job.cancelled = true;
  if (language_hooks().interrupt) language_hooks().interrupt();
}

void Worker::Impl::carry_out(const worker_action::Keep& action, const Parcel* arrived) {
  let_go(action.task);
  if (arrived) values[action.task] = std::make_shared<HeldValue>(*arrived);
}

void Worker::Impl::carry_out(const worker_action::Provide& action, const Parcel*) {
  const auto value = values.find(action.task);
  provides.push_back({action, value == values.end() ? nullptr : value->second, copy_of(action.task)});
}

void Worker::Impl::carry_out(const worker_action::Drop& action, const Parcel*) {
  let_go(action.task);
  forget_copy(action.task);
}

void Worker::Impl::carry_out(const worker_action::Spill& action, const Parcel*) {
  in_background([task = action.task, copy = ++last_copy, value = values.at(action.task)](Impl& impl) {
    return impl.written(task, copy, *value);
  });
}

void Worker::Impl::carry_out(const worker_action::Load& action, const Parcel*) {
  in_background([task = action.task, copy = copy_of(action.task)](Impl& impl) { return impl.read_back(task, copy); });
}

void Worker::Impl::carry_out(const worker_action::TakeGraph& action, const Parcel* arrived) {
  PLAIT_CHECK(arrived != nullptr);
  graphs[action.graph] = std::make_shared<HeldGraph>(*arrived);
}

void Worker::Impl::carry_out(const worker_action::Close& action, const Parcel*) {
  if (!action.comes_back) page->note_that_it_leaves();
  mail->flush();
  loop.stop();
}

// --- Tasks that have ended ---

// On the task's own thread, which goes on with the next one.
void Worker::Impl::ended(TaskOutcome outcome) {
  TaskJob& job = *outcome.job;
  // Before the scheduler hears of the end: this thread may rest for a while, and the memory is for the next task.
  job.inputs.clear();
  {
    const Locked locked(*this);
    jobs.erase({job.task, job.attempt});
    if (outcome.value) {
      std::swap(values[job.task], outcome.value);
      handle(worker_event::Finished{job.task, job.attempt, outcome.num_bytes, outcome.duration_ns, outcome.peak_bytes,
                                    std::move(outcome.type_name)});
    } else if (outcome.fault) {
      faults.insert_or_assign(job.task, std::move(*outcome.fault));
      handle(worker_event::Failed{job.task, job.attempt, outcome.failure});
      faults.erase(job.task);
    } else if (outcome.damaged_input) {
      handle(worker_event::InputDamaged{job.task, job.attempt, *outcome.damaged_input});
    } else {
      handle(worker_event::Stopped{job.task, job.attempt});
    }
  }
  loop.nudge();
}

void Worker::Impl::told_to_secede(const TaskJob& job, bool is_back) {
  {
    const Locked locked(*this);
    handle(worker_event::Seceded{job.task, job.attempt, is_back});
  }
  loop.nudge();
}

// --- Tasks that take too much memory ---

void Worker::Impl::stop_for_memory(TaskJob& job, std::uint64_t taken_bytes) {
  job.over_cap_bytes = taken_bytes;
  interrupt(job);
}

// What the process grows by while a task is alone in it is the task's. Beside others only memory of the engine's own
// values counts, which each task's thread knows.
void Worker::Impl::look_at_caps() {
  const Locked locked(*this);
  const std::uint64_t process_bytes = private_bytes();
  watches_caps = false;
  for (const auto& [task, job] : jobs) {
    if (job->memory_cap_bytes == 0) continue;
    if (jobs.size() > 1) job->process_bytes_before.reset();
    if (!job->process_bytes_before || job->cancelled) continue;
    watches_caps = true;
    if (process_bytes >= *job->process_bytes_before + job->memory_cap_bytes)
      stop_for_memory(*job, process_bytes - *job->process_bytes_before);
  }
  if (watches_caps) loop.after(kLookAtCaps, [this] { look_at_caps(); });
}

// The same for a task without a cap, which is seen at work for the first time now, or was before: one that takes more
// than its worker may, and by far, would take the rest of what the process can have, a little at a time.
void Worker::Impl::look_at_growth(std::uint64_t process_bytes) {
  if (settings->memory_limit_bytes == 0) return;
  for (const auto& [task, job] : jobs) {
    if (job->memory_cap_bytes > 0 || job->cancelled) continue;
    if (jobs.size() > 1 || !job->process_bytes_before) {
      job->process_bytes_before = process_bytes;
    } else if (process_bytes > *job->process_bytes_before + settings->memory_limit_bytes + kRoomBeyondLimit) {
      stop_for_memory(*job, process_bytes - *job->process_bytes_before);
    }
  }
}

}  // namespace plait::cluster
