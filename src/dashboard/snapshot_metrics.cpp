#include <fmt/format.h>

#include <array>
#include <iterator>

#include "dashboard/snapshot.h"

namespace plait::dashboard {
namespace {

struct NamedState {
  const char* name;
  std::uint64_t StateCounts::* count;
};

constexpr std::array kStates = {
    NamedState{"released", &StateCounts::released}, NamedState{"waiting", &StateCounts::waiting},
    NamedState{"queued", &StateCounts::queued},     NamedState{"processing", &StateCounts::processing},
    NamedState{"memory", &StateCounts::memory},     NamedState{"erred", &StateCounts::erred},
};

// A text inside the quotes of a label.
std::string label_text(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\n') {
      escaped += "\\n";
    } else {
      if (c == '"' || c == '\\') escaped += '\\';
      escaped += c;
    }
  }
  return escaped;
}

class Metrics {
 public:
  void begin(const char* name, const char* meaning) {
    name_ = name;
    fmt::format_to(out(), "# HELP {} {}\n# TYPE {} gauge\n", name, meaning, name);
  }
  void add(std::uint64_t value) { fmt::format_to(out(), "{} {}\n", name_, value); }
  void add(const std::string& labels, std::uint64_t value) {
    fmt::format_to(out(), "{}{{{}}} {}\n", name_, labels, value);
  }
  std::string take() { return std::move(text_); }

 private:
  std::back_insert_iterator<std::string> out() { return std::back_inserter(text_); }

  std::string text_;
  const char* name_ = "";
};

void add_workers(Metrics& metrics, const std::vector<WorkerFacts>& workers) {
  std::uint64_t idle = 0;
  std::uint64_t partially = 0;
  std::uint64_t saturated = 0;
  std::uint64_t paused = 0;
  std::uint64_t retiring = 0;
  for (const WorkerFacts& worker : workers) {
    if (worker.status == "paused") {
      ++paused;
    } else if (worker.status != "running") {
      ++retiring;
    } else {
      ++(worker.num_processing == 0 ? idle : worker.num_processing < worker.num_threads ? partially : saturated);
    }
  }
  metrics.begin("dask_scheduler_workers", "Number of workers known by scheduler");
  metrics.add(R"(state="idle")", idle);
  metrics.add(R"(state="partially_saturated")", partially);
  metrics.add(R"(state="saturated")", saturated);
  metrics.add(R"(state="paused")", paused);
  metrics.add(R"(state="retiring")", retiring);
}

void add_worker_memory(Metrics& metrics, const std::vector<WorkerFacts>& workers) {
  metrics.begin("dask_worker_memory_bytes", "Memory of each worker");
  for (const WorkerFacts& worker : workers) {
    const std::string name = label_text(worker.name);
    const std::uint64_t unmanaged = worker.process_bytes - std::min(worker.process_bytes, worker.managed_bytes);
    metrics.add(fmt::format(R"(worker="{}",type="managed")", name), worker.managed_bytes);
    metrics.add(fmt::format(R"(worker="{}",type="unmanaged")", name), unmanaged);
    metrics.add(fmt::format(R"(worker="{}",type="spilled")", name), worker.spilled_bytes);
  }
  metrics.begin("dask_worker_threads", "Number of threads of each worker");
  for (const WorkerFacts& worker : workers)
    metrics.add(fmt::format(R"(worker="{}")", label_text(worker.name)), worker.num_threads);
  metrics.begin("dask_worker_tasks", "Number of tasks that each worker has before it");
  for (const WorkerFacts& worker : workers) {
    metrics.add(fmt::format(R"(worker="{}",state="executing")", label_text(worker.name)), worker.num_executing);
    metrics.add(fmt::format(R"(worker="{}",state="ready")", label_text(worker.name)),
                worker.num_processing - std::min(worker.num_processing, worker.num_executing));
  }
}

}  // namespace

std::string as_metrics(const Snapshot& snapshot) {
  Metrics metrics;
  metrics.begin("dask_scheduler_desired_workers", "Number of workers scheduler needs for task graph");
  metrics.add(snapshot.num_desired_workers);
  add_workers(metrics, snapshot.workers);
  metrics.begin("dask_scheduler_tasks", "Number of tasks known by scheduler");
  for (const NamedState& state : kStates)
    metrics.add(fmt::format(R"(state="{}")", state.name), snapshot.tasks.*state.count);
  metrics.begin("dask_scheduler_task_groups", "Number of task groups known by scheduler");
  metrics.add(snapshot.families.size());
  metrics.begin("dask_scheduler_prefix_state_totals", "Count of tasks of each prefix in each state");
  for (const FamilyFacts& family : snapshot.families) {
    for (const NamedState& state : kStates)
      metrics.add(fmt::format(R"(task_prefix_name="{}",state="{}")", label_text(family.name), state.name),
                  family.tasks.*state.count);
  }
  add_worker_memory(metrics, snapshot.workers);
  return metrics.take();
}

}  // namespace plait::dashboard
