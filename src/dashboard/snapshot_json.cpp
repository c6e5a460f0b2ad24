#include <fmt/format.h>
#include <fmt/ranges.h>

#include "dashboard/snapshot.h"

namespace plait::dashboard {
namespace {

std::string json_counts(const StateCounts& tasks) {
  return fmt::format(R"({{"released":{},"waiting":{},"queued":{},"processing":{},"memory":{},"erred":{}}})",
                     tasks.released, tasks.waiting, tasks.queued, tasks.processing, tasks.memory, tasks.erred);
}

std::string json_worker(const WorkerFacts& worker) {
  return fmt::format(
      R"({{"name":{},"address":{},"status":{},"nthreads":{},"executing":{},"processing":{},"memory_limit":{},)"
      R"("memory":{},"managed":{},"spilled":{}}})",
      json_text(worker.name), json_text(worker.address), json_text(worker.status), worker.num_threads,
      worker.num_executing, worker.num_processing, worker.memory_limit_bytes, worker.process_bytes,
      worker.managed_bytes, worker.spilled_bytes);
}

template <class Items, class F>
std::string json_list(const Items& items, F&& text_of) {
  std::vector<std::string> texts;
  for (const auto& item : items) texts.push_back(text_of(item));
  return fmt::format("[{}]", fmt::join(texts, ","));
}

std::uint64_t sum_of(const std::vector<WorkerFacts>& workers, std::uint64_t WorkerFacts::* part) {
  std::uint64_t sum = 0;
  for (const WorkerFacts& worker : workers) sum += worker.*part;
  return sum;
}

}  // namespace

std::string json_text(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += {'\\', c};
    } else if (code < 0x20 || c == '<' || c == '>' || c == '&') {
      quoted += fmt::format("\\u{:04x}", code);
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string as_json(const Snapshot& snapshot) {
  return fmt::format(
      R"({{"id":{},"address":{},"time":{:.3f},"desired_workers":{},"tasks":{},"workers":{},"families":{}}})",
      json_text(snapshot.scheduler_id), json_text(snapshot.address), snapshot.time_s, snapshot.num_desired_workers,
      json_counts(snapshot.tasks), json_list(snapshot.workers, json_worker),
      json_list(snapshot.families, [](const FamilyFacts& family) {
        return fmt::format(R"({{"name":{},"tasks":{}}})", json_text(family.name), json_counts(family.tasks));
      }));
}

std::string counts_json(const Snapshot& snapshot) {
  const std::vector<WorkerFacts>& workers = snapshot.workers;
  std::size_t num_idle = 0;
  std::size_t num_saturated = 0;
  for (const WorkerFacts& worker : workers) {
    num_idle += worker.num_processing == 0 ? 1 : 0;
    num_saturated += worker.num_processing > worker.num_threads ? 1 : 0;
  }
  return fmt::format(
      R"({{"bytes":{},"cores":{},"erred":{},"idle":{},"memory":{},"processing":{},"released":{},"saturated":{},)"
      R"("tasks":{},"waiting":{},"workers":{},"desired_workers":{}}})",
      sum_of(workers, &WorkerFacts::managed_bytes), sum_of(workers, &WorkerFacts::num_threads), snapshot.tasks.erred,
      num_idle, snapshot.tasks.memory, snapshot.tasks.processing, snapshot.tasks.released, num_saturated,
      snapshot.tasks.sum(), snapshot.tasks.waiting + snapshot.tasks.queued, workers.size(),
      snapshot.num_desired_workers);
}

std::string identity_json(const Snapshot& snapshot) {
  std::vector<std::string> workers;
  for (const WorkerFacts& worker : snapshot.workers)
    workers.push_back(fmt::format("{}:{}", json_text(worker.address), json_worker(worker)));
  return fmt::format(R"({{"type":"Scheduler","id":{},"address":{},"workers":{{{}}}}})",
                     json_text(snapshot.scheduler_id), json_text(snapshot.address), fmt::join(workers, ","));
}

}  // namespace plait::dashboard
