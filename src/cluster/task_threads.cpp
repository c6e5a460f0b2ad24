#include "cluster/task_threads.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>

#include "base/elsewhere.h"
#include "base/task_memory.h"
#include "base/text.h"
#include "cluster/worker.h"
#include "runtime/new_thread.h"
#include "runtime/task_errors.h"

namespace plait::cluster {
namespace {

// What people know a value as: of a Python object, its own type.
std::string type_name_of(const Value& value) {
  const std::string_view name = value.type()->name;
  if (name != "python") return std::string(name);
  const std::string described = value.describe();
  return described.substr(0, described.find(" of shape"));
}

using Clock = std::chrono::steady_clock;

Parcel parcel_of(const Fault& fault) {
  Encoder to;
  encode(to, fault);
  return Parcel::pack(to.take(), 0);
}

// Runs one task in this thread.
class Running {
 public:
  Running(TaskJobPtr job, std::uint64_t memory_limit_bytes) : job_(*job), memory_limit_bytes_(memory_limit_bytes) {
    outcome_.job = std::move(job);
  }

  // The kernel's session, if the graph can be read.
  Session session() {
    try {
      graph_ = &job_.graph->graph();
      return graph_->call_of(index()).kernel->session;
    } catch (...) {
      note_fault(std::current_exception());
      return nullptr;
    }
  }

  TaskOutcome run() {
    if (!graph_ || outcome_.fault) return std::move(outcome_);
    try {
      if (!read_inputs()) return std::move(outcome_);
      const TaskContext context(&job_.cancelled, nullptr, nullptr, graph_->task(index()).block);
      const RunningTask running(context);
      const TaskMemory memory;
      const auto start = Clock::now();
      Value value = yielded(context);
      outcome_.duration_ns = static_cast<std::uint64_t>(
          std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count());
      outcome_.num_bytes = value.num_bytes();
      outcome_.peak_bytes = memory.peak_bytes();
      if (job_.memory_cap_bytes > 0 && outcome_.peak_bytes > job_.memory_cap_bytes)
        job_.over_cap_bytes = outcome_.peak_bytes;
      if (job_.over_cap_bytes > 0) throw over_cap();
      if (value) outcome_.type_name = type_name_of(value);
      outcome_.value = std::make_shared<HeldValue>(std::move(value));
    } catch (...) {
      // What was stopped is not asked why it ended.
      if (job_.over_cap_bytes > 0)
        note_fault(std::make_exception_ptr(over_cap()));
      else if (!job_.cancelled)
        note_fault(std::current_exception());
    }
    return std::move(outcome_);
  }

 private:
  TaskId index() const { return index_of(job_.task); }

  // False if one is damaged.
  bool read_inputs() {
    for (std::size_t i = 0; i < job_.inputs.size(); ++i) {
      try {
        inputs_.push_back(job_.inputs[i]->value());
      } catch (...) {
        if (!job_.inputs[i]->is_damaged()) throw;
        outcome_.damaged_input = job_.input_numbers[i];
        return false;
      }
    }
    return true;
  }

  Value yielded(const TaskContext& context) const {
    if (const Value* held = graph_->value_of(index())) return opened(*held);
    return graph_->call_of(index()).run(inputs_, context);
  }

  void note_fault(const std::exception_ptr& cause) {
    std::string described = describe_inputs(inputs_);
    if (inputs_.size() < job_.inputs.size())
      described += (inputs_.empty() ? "" : " and ") + std::string("an input that could not be read here");
    outcome_.failure = TaskFailure::raised;
    if (!graph_) {
      Fault fault = fault_of(cause);
      fault.message = "a worker cannot read the graph of the task: " + fault.message;
      outcome_.fault = parcel_of(fault);
      return;
    }
    Fault fault = task_error(*graph_, index(), cause, described).fault;
    if (language_hooks().asks_to_run_again && language_hooks().asks_to_run_again(fault))
      outcome_.failure = TaskFailure::asks_to_run_again;
    if (fault.kind == ErrorKind::memory) {
      outcome_.failure = TaskFailure::over_its_cap;
      say_limit(fault);
    }
    outcome_.fault = parcel_of(fault);
  }

  Error over_cap() const {
    const bool has_cap = job_.memory_cap_bytes > 0;
    return Error(
        ErrorKind::memory,
        fmt::format("the task took {} and {}may take {} ({}=): give it less to do at once, or more memory",
                    format_bytes(static_cast<double>(job_.over_cap_bytes.load())), has_cap ? "" : "its worker ",
                    format_bytes(static_cast<double>(has_cap ? job_.memory_cap_bytes : memory_limit_bytes_)),
                    has_cap ? "memory" : "memory_limit"));
  }

  // An exception of another language is left as it is: this is a note beside it.
  void say_limit(Fault& fault) const {
    if (memory_limit_bytes_ == 0) return;
    const std::string limit =
        fmt::format("its worker may take {} (memory_limit)", format_bytes(static_cast<double>(memory_limit_bytes_)));
    fault.inputs +=
        (fault.inputs.empty() ? "" : "\n  in ") +
        fmt::format("a process that had taken {} at most; {}", format_bytes(static_cast<double>(peak_bytes())), limit);
  }

  // Of the process.
  static std::uint64_t peak_bytes() {
    rusage usage = {};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  }

  TaskJob& job_;
  const std::uint64_t memory_limit_bytes_;
  const Graph* graph_ = nullptr;
  std::vector<Value> inputs_;
  TaskOutcome outcome_;
};

}  // namespace

// The threads own it, too: one that is stuck in a task may outlive the worker.
struct TaskThreads::Shared {
  std::shared_ptr<const WorkerSettings> settings;
  std::shared_ptr<ExecutingPage> page;
  ToldToSecede told;
  Report report;
  std::mutex mutex;
  std::condition_variable wake;
  std::condition_variable left;
  std::deque<TaskJobPtr> jobs;
  int num_wanted = 0;
  int num_threads = 0;
  int num_leaving = 0;  // of them: those that are past their last task
  int num_idle = 0;
  bool is_stopped = false;
};

namespace {

// What runs on this thread.
struct OnThread {
  const void* shared = nullptr;  // a TaskThreads::Shared
  TaskJob* job = nullptr;
};
thread_local OnThread on_thread;

}  // namespace

const WorkerSettings* worker_of_running_task() {
  const auto* shared = static_cast<const std::shared_ptr<TaskThreads::Shared>*>(on_thread.shared);
  return on_thread.job ? (*shared)->settings.get() : nullptr;
}

bool move_running_task(bool is_back) {
  if (!on_thread.job) return false;
  const auto& shared = *static_cast<const std::shared_ptr<TaskThreads::Shared>*>(on_thread.shared);
  if (!TaskThreads::move(*on_thread.job, is_back, shared)) return false;
  shared->told(*on_thread.job, is_back);
  return true;
}

TaskThreads::TaskThreads(std::shared_ptr<const WorkerSettings> settings, std::shared_ptr<ExecutingPage> page,
                         ToldToSecede told, Report report)
    : shared_(std::make_shared<Shared>()) {
  const int num_threads = static_cast<int>(settings->nthreads);
  shared_->settings = std::move(settings);
  shared_->page = std::move(page);
  shared_->told = std::move(told);
  shared_->report = std::move(report);
  std::lock_guard lock(shared_->mutex);
  change_number_by(num_threads, shared_);
}

TaskThreads::~TaskThreads() { stop(std::chrono::milliseconds(0)); }

void TaskThreads::start(TaskJobPtr job) {
  std::lock_guard lock(shared_->mutex);
  shared_->jobs.push_back(std::move(job));
  if (shared_->num_idle > 0) shared_->wake.notify_one();
}

void TaskThreads::replace(TaskJob& job) { move(job, false, shared_); }

bool TaskThreads::move(TaskJob& job, bool is_back, const std::shared_ptr<Shared>& shared) {
  std::lock_guard lock(shared->mutex);
  if (job.place != (is_back ? TaskJob::Place::given_away : TaskJob::Place::own)) return false;
  if (is_back && job.cancelled) return false;  // its place is others' by now
  // A task has left only if there is a thread in its place; that one goes when nothing more is given to it.
  change_number_by(is_back ? -1 : 1, shared);
  job.place = is_back ? TaskJob::Place::own : TaskJob::Place::given_away;
  return true;
}

// Whoever took the place of a task that has gone on beside the others keeps it.
void TaskThreads::end(TaskJob& job, const std::shared_ptr<Shared>& shared) {
  std::lock_guard lock(shared->mutex);
  if (job.place == TaskJob::Place::given_away) change_number_by(-1, shared);
  job.place = TaskJob::Place::none;
}

void TaskThreads::change_number_by(int change, const std::shared_ptr<Shared>& shared) {
  for (; shared->num_threads - shared->num_leaving < shared->num_wanted + change; ++shared->num_threads)
    new_thread([shared] { work(shared); }).detach();
  shared->num_wanted += change;
  shared->wake.notify_all();
}

bool TaskThreads::stop(std::chrono::milliseconds patience) {
  std::unique_lock lock(shared_->mutex);
  shared_->is_stopped = true;
  shared_->wake.notify_all();
  return shared_->left.wait_for(lock, patience, [&] { return shared_->num_threads == 0; });
}

void TaskThreads::work(const std::shared_ptr<Shared>& shared) {
  on_thread = {&shared, nullptr};
  const std::size_t place = shared->page->take_place();
  std::shared_ptr<void> session;
  Session session_maker = nullptr;
  std::unique_lock lock(shared->mutex);
  while (!shared->is_stopped && shared->num_threads - shared->num_leaving <= shared->num_wanted) {
    if (shared->jobs.empty()) {
      if (session) {  // what tasks share is not held while waiting for the next one
        lock.unlock();
        session.reset();
        session_maker = nullptr;
        lock.lock();
        continue;
      }
      ++shared->num_idle;
      shared->wake.wait(lock);
      --shared->num_idle;
      continue;
    }
    TaskJobPtr job = std::move(shared->jobs.front());
    shared->jobs.pop_front();
    lock.unlock();
    TaskOutcome outcome;
    if (job->cancelled) {
      outcome.job = std::move(job);
    } else {
      on_thread.job = job.get();
      shared->page->note(place, job->task);
      Running running(std::move(job), shared->settings->memory_limit_bytes);
      if (const Session maker = running.session(); maker != session_maker) {
        session.reset();
        session_maker = maker;
        if (session_maker) session = session_maker();
      }
      outcome = running.run();
      on_thread.job = nullptr;
      shared->page->clear(place);
    }
    end(*outcome.job, shared);
    shared->report(std::move(outcome));
    lock.lock();
  }
  // Said before the lock is let go, or another one would leave in its place, too. The call to a task that came
  // meanwhile may have reached this thread only.
  ++shared->num_leaving;
  if (!shared->jobs.empty()) shared->wake.notify_all();
  lock.unlock();
  session.reset();
  lock.lock();
  --shared->num_leaving;
  --shared->num_threads;
  shared->left.notify_all();
}

}  // namespace plait::cluster
