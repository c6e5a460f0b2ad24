#include "runtime/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <map>
#include <thread>

#include "plait/diagnostics.h"

namespace plait {
namespace {

using Clock = Observer::Clock;

constexpr auto kRedrawInterval = std::chrono::milliseconds(100);

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Dask's spelling: "312.45 ms", "7.1 s", "2m 3s", "1h 2m 3s".
std::string time_text(double seconds) {
  if (seconds < 1) return fmt::format("{:.2f} ms", seconds * 1000);
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<long>(seconds);
  if (whole < 3600) return fmt::format("{}m {}s", whole / 60, whole % 60);
  return fmt::format("{}h {}m {}s", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace

void ProgressObserver::run_started(const Graph& graph, int) {
  std::lock_guard lock(mutex_);
  if (followed_) return;
  followed_ = &graph;
  status_ = {};
  status_.num_tasks = graph.size();
  std::map<std::string, std::uint32_t> known;
  std::vector<std::uint32_t> op_of_layer;
  for (const Layer& layer : graph.layers()) {
    const auto [entry, is_new] = known.emplace(layer.op, static_cast<std::uint32_t>(status_.ops.size()));
    if (is_new) status_.ops.push_back({.op = layer.op});
    op_of_layer.push_back(entry->second);
  }
  op_of_task_.resize(graph.size());
  for (TaskId id = 0; id < graph.size(); ++id) {
    op_of_task_[id] = op_of_layer[graph.task(id).layer];
    ++status_.ops[op_of_task_[id]].num_tasks;
  }
  start_ = Clock::now();
}

void ProgressObserver::task_finished(const Graph& graph, TaskId task, int, Clock::time_point, const TaskYield&) {
  std::lock_guard lock(mutex_);
  if (followed_ != &graph) return;
  // A task may run twice after damage or loss; the bar does not go beyond its end.
  OpProgress& op = status_.ops[op_of_task_[task]];
  if (op.num_finished == op.num_tasks) return;
  ++op.num_finished;
  ++status_.num_finished;
}

void ProgressObserver::run_finished(const Graph& graph, bool failed) {
  std::lock_guard lock(mutex_);
  if (followed_ != &graph) return;
  followed_ = nullptr;
  status_.elapsed_s = seconds_since(start_);
  status_.is_over = true;
  status_.has_failed = failed;
}

bool ProgressObserver::follows(const Graph& graph) const {
  std::lock_guard lock(mutex_);
  return followed_ == &graph;
}

ProgressStatus ProgressObserver::status() const {
  std::lock_guard lock(mutex_);
  ProgressStatus now = status_;
  if (!now.is_over) now.elapsed_s = seconds_since(start_);
  return now;
}

std::string progress_text(const ProgressStatus& status, int width) {
  const double fraction =
      status.num_tasks == 0 ? 1 : static_cast<double>(status.num_finished) / static_cast<double>(status.num_tasks);
  const int num_marks = static_cast<int>(fraction * width);
  const std::string bar = std::string(static_cast<std::size_t>(num_marks), '#') +
                          std::string(static_cast<std::size_t>(width - num_marks), ' ');
  return fmt::format("[{}] | {}% Completed | {:>6}", bar, static_cast<int>(fraction * 100),
                     time_text(status.elapsed_s));
}

namespace {

// Redraws from its own thread, so that workers never wait for a terminal.
class Drawer final : public ProgressObserver {
 public:
  Drawer(double minimum_s, int width, ProgressBar::Write write)
      : minimum_s_(minimum_s), width_(width), write_(std::move(write)) {
    if (!write_) write_ = [](const std::string& text) { (void)!::write(STDERR_FILENO, text.data(), text.size()); };
  }
  ~Drawer() override { stop(); }

  void run_started(const Graph& graph, int num_workers) override {
    ProgressObserver::run_started(graph, num_workers);
    if (!follows(graph)) return;  // a run beside or inside another: that one is shown
    std::lock_guard lock(mutex_);
    if (is_closed_) return;
    is_stopped_ = false;
    thread_ = std::thread([this] { draw_until_stopped(); });
  }
  void run_finished(const Graph& graph, bool failed) override {
    if (!follows(graph)) return;
    stop();
    ProgressObserver::run_finished(graph, failed);
    const ProgressStatus last = status();
    std::lock_guard lock(mutex_);
    if (!is_closed_ && last.elapsed_s >= minimum_s_) write_("\r" + progress_text(last, width_) + "\n");
  }
  // Nothing is drawn any more.
  void close() {
    {
      std::lock_guard lock(mutex_);
      is_closed_ = true;
    }
    stop();
  }

 private:
  void draw_until_stopped() {
    std::unique_lock lock(mutex_);
    while (!is_stopped_) {
      const ProgressStatus now = status();
      if (now.elapsed_s >= minimum_s_) write_("\r" + progress_text(now, width_));
      wake_.wait_for(lock, kRedrawInterval, [&] { return is_stopped_; });
    }
  }
  void stop() {
    std::thread ended;
    {
      std::lock_guard lock(mutex_);
      is_stopped_ = true;
      ended.swap(thread_);
    }
    wake_.notify_all();
    if (ended.joinable()) ended.join();
  }

  const double minimum_s_;
  const int width_;
  ProgressBar::Write write_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool is_stopped_ = true;
  bool is_closed_ = false;
  std::thread thread_;
};

}  // namespace

class ProgressBar::Impl {
 public:
  explicit Impl(std::shared_ptr<Drawer> made) : drawer(std::move(made)), scope(drawer) {}
  ~Impl() { drawer->close(); }

  const std::shared_ptr<Drawer> drawer;
  const ObserverScope scope;
};

ProgressBar::ProgressBar(double minimum_s, int width, Write write)
    : impl_(std::make_unique<Impl>(std::make_shared<Drawer>(minimum_s, width, std::move(write)))) {}
ProgressBar::~ProgressBar() = default;

}  // namespace plait
