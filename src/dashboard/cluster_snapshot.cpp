#include "dashboard/cluster_snapshot.h"

#include <chrono>

namespace plait::dashboard {
namespace {

using cluster::entry;
using cluster::PlainData;

std::uint64_t number(const PlainData& dict, const std::string& name) {
  const PlainData& found = entry(dict, name);
  if (const auto* whole = std::get_if<std::int64_t>(&found.held))
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, *whole));
  if (const auto* real = std::get_if<double>(&found.held)) return static_cast<std::uint64_t>(std::max(0.0, *real));
  return 0;
}

std::string text(const PlainData& dict, const std::string& name) {
  const auto* found = std::get_if<std::string>(&entry(dict, name).held);
  return found ? *found : "";
}

StateCounts counts_of(const PlainData& counts) {
  return {.released = number(counts, "released"),
          .waiting = number(counts, "waiting"),
          .queued = number(counts, "queued"),
          .processing = number(counts, "processing"),
          .memory = number(counts, "memory"),
          .erred = number(counts, "erred")};
}

std::uint64_t length(const PlainData& list) {
  const auto* items = std::get_if<PlainData::List>(&list.held);
  return items ? items->size() : 0;
}

WorkerFacts worker_of(const PlainData& worker) {
  return {.name = text(worker, "name"),
          .address = text(worker, "address"),
          .status = text(worker, "status"),
          .num_threads = number(worker, "nthreads"),
          .num_executing = length(entry(worker, "executing")),
          .num_processing = number(worker, "num_processing"),
          .memory_limit_bytes = number(worker, "memory_limit"),
          .process_bytes = number(worker, "memory"),
          .managed_bytes = number(worker, "managed_bytes"),
          .spilled_bytes = number(worker, "spilled_bytes")};
}

}  // namespace

Snapshot snapshot_of(const PlainData& info, const PlainData& counts, const PlainData& progress) {
  Snapshot snapshot;
  snapshot.scheduler_id = text(info, "id");
  snapshot.address = text(info, "address");
  snapshot.time_s = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  snapshot.tasks = counts_of(counts);
  if (const auto* workers = std::get_if<PlainData::List>(&entry(info, "workers").held)) {
    for (const PlainData& worker : *workers) snapshot.workers.push_back(worker_of(worker));
  }
  snapshot.num_desired_workers = number(info, "desired_workers");
  if (const auto* families = std::get_if<PlainData::Dict>(&progress.held)) {
    for (const auto& [name, tasks] : *families) snapshot.families.push_back({name, counts_of(tasks)});
  }
  return snapshot;
}

Snapshot snapshot_of(cluster::ClientCore& client) {
  const PlainData nothing = PlainData::Dict();
  return snapshot_of(client.ask("info", nothing, nullptr), client.ask("counts", nothing, nullptr),
                     client.ask("progress", nothing, nullptr));
}

}  // namespace plait::dashboard
