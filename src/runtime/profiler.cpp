// Profiler and ResourceProfiler of plait/diagnostics.h.
#include <dirent.h>
#include <fmt/format.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <fstream>
#include <map>
#include <mutex>
#include <thread>

#include "plait/diagnostics.h"
#include "runtime/observers.h"

namespace plait {
namespace {

using Clock = Observer::Clock;

double seconds_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

// Clock ticks of CPU time and bytes of memory of one process; zeros if it is gone.
struct ProcessUse {
  std::uint64_t ticks = 0;
  std::uint64_t bytes = 0;
  int parent = 0;
};

ProcessUse use_of(const std::string& process) {
  std::ifstream file("/proc/" + process + "/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  // The name, in brackets, may hold anything.
  const std::size_t end_of_name = text.rfind(')');
  if (end_of_name == std::string::npos) return {};
  char state = 0;
  ProcessUse use;
  unsigned long user = 0;
  unsigned long system = 0;
  long pages = 0;
  std::sscanf(text.c_str() + end_of_name + 1,
              " %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d %*d %*d %*d %*u %*u %ld", &state,
              &use.parent, &user, &system, &pages);
  use.ticks = user + system;
  use.bytes = static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return use;
}

// This process and its children.
ProcessUse use_of_all() {
  ProcessUse total = use_of("self");
  const int self = ::getpid();
  DIR* folder = ::opendir("/proc");
  if (!folder) return total;
  while (const dirent* entry = ::readdir(folder)) {
    if (entry->d_name[0] < '0' || entry->d_name[0] > '9') continue;
    const ProcessUse use = use_of(entry->d_name);
    if (use.parent != self) continue;
    total.ticks += use.ticks;
    total.bytes += use.bytes;
  }
  ::closedir(folder);
  return total;
}

}  // namespace

namespace {

class TaskNotes final : public Observer {
 public:
  void task_started(const Graph& graph, TaskId task, int, Clock::time_point time) override {
    std::lock_guard lock(mutex_);
    started_[{&graph, task}] = time;
  }
  void task_finished(const Graph& graph, TaskId task, int worker, Clock::time_point time,
                     const TaskYield& made) override {
    note(graph, task, worker, time, made.num_bytes, false);
  }
  void task_failed(const Graph& graph, TaskId task, int worker, Clock::time_point time) override {
    note(graph, task, worker, time, 0, true);
  }
  void run_finished(const Graph& graph, bool) override {
    std::lock_guard lock(mutex_);
    std::erase_if(started_, [&](const auto& entry) { return entry.first.first == &graph; });
  }

  std::vector<ProfiledTask> tasks() const {
    std::lock_guard lock(mutex_);
    return tasks_;
  }
  void clear() {
    std::lock_guard lock(mutex_);
    tasks_.clear();
  }

 private:
  void note(const Graph& graph, TaskId task, int worker, Clock::time_point time, std::size_t num_bytes,
            bool has_failed) {
    // Outside the lock: a key's text may need the GIL, and who holds that may be waiting for the lock.
    ProfiledTask noted{.key = graph.key(task),
                       .op = graph.layer_of(task).op,
                       .end_s = seconds_between(made_, time),
                       .worker = worker,
                       .num_bytes = num_bytes,
                       .has_failed = has_failed};
    std::lock_guard lock(mutex_);
    const auto started = started_.find({&graph, task});
    noted.start_s = started == started_.end() ? noted.end_s : seconds_between(made_, started->second);
    if (started != started_.end()) started_.erase(started);
    tasks_.push_back(std::move(noted));
  }

  const Clock::time_point made_ = Clock::now();
  mutable std::mutex mutex_;
  std::map<std::pair<const Graph*, TaskId>, Clock::time_point> started_;
  std::vector<ProfiledTask> tasks_;
};

}  // namespace

class Profiler::Impl {
 public:
  const std::shared_ptr<TaskNotes> notes = std::make_shared<TaskNotes>();
  const ObserverScope scope{notes};
};

Profiler::Profiler() : impl_(std::make_unique<Impl>()) {}
Profiler::~Profiler() = default;
std::vector<ProfiledTask> Profiler::tasks() const { return impl_->notes->tasks(); }
void Profiler::clear() { impl_->notes->clear(); }

class ResourceProfiler::Impl {
 public:
  explicit Impl(double interval_s) : interval_(interval_s), sampler_([this] { sample_until_stopped(); }) {}
  ~Impl() { stop(); }

  void stop() {
    {
      std::lock_guard lock(mutex_);
      is_stopped_ = true;
    }
    wake_.notify_all();
    if (sampler_.joinable()) sampler_.join();
  }

  std::vector<ResourceSample> samples() const {
    std::lock_guard lock(mutex_);
    return samples_;
  }

 private:
  void sample_until_stopped() {
    const auto ticks_per_second = static_cast<double>(::sysconf(_SC_CLK_TCK));
    ProcessUse last = use_of_all();
    auto last_time = Clock::now();
    std::unique_lock lock(mutex_);
    samples_.push_back({seconds_between(made_, last_time), 0, last.bytes});
    while (true) {
      const bool is_last = wake_.wait_for(lock, interval_, [&] { return is_stopped_; });
      const ProcessUse use = use_of_all();
      const auto now = Clock::now();
      const double seconds = seconds_between(last_time, now);
      // A child that has ended takes its ticks along.
      const double ticks = use.ticks > last.ticks ? static_cast<double>(use.ticks - last.ticks) : 0;
      samples_.push_back(
          {seconds_between(made_, now), seconds > 0 ? 100 * ticks / ticks_per_second / seconds : 0, use.bytes});
      last = use;
      last_time = now;
      if (is_last) return;
    }
  }

  const Clock::time_point made_ = Clock::now();
  const std::chrono::duration<double> interval_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool is_stopped_ = false;
  std::vector<ResourceSample> samples_;
  std::thread sampler_;
};

ResourceProfiler::ResourceProfiler(double interval_s) : impl_(std::make_unique<Impl>(interval_s)) {}
ResourceProfiler::~ResourceProfiler() = default;
std::vector<ResourceSample> ResourceProfiler::samples() const { return impl_->samples(); }
std::vector<ResourceSample> ResourceProfiler::finish() {
  impl_->stop();
  return impl_->samples();
}

}  // namespace plait
