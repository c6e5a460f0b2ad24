// What the dashboard knows of a cluster at one moment, and how that reads as JSON and as metrics for Prometheus.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace plait::dashboard {

// Tasks by their states, as Dask names these.
struct StateCounts {
  std::uint64_t released = 0, waiting = 0, queued = 0, processing = 0, memory = 0, erred = 0;

  std::uint64_t sum() const { return released + waiting + queued + processing + memory + erred; }
};

struct WorkerFacts {
  std::string name;
  std::string address;
  std::string status = "running";
  std::uint64_t num_threads = 0;
  std::uint64_t num_executing = 0;
  std::uint64_t num_processing = 0;
  std::uint64_t memory_limit_bytes = 0;  // 0: none
  std::uint64_t process_bytes = 0;
  std::uint64_t managed_bytes = 0;
  std::uint64_t spilled_bytes = 0;
};

struct FamilyFacts {
  std::string name;
  StateCounts tasks;
};

struct Snapshot {
  std::string scheduler_id;
  std::string address;
  double time_s = 0;  // of the clock
  std::uint64_t num_desired_workers = 0;
  StateCounts tasks;
  std::vector<WorkerFacts> workers;
  std::vector<FamilyFacts> families;
};

// All of it, for the page.
std::string as_json(const Snapshot& snapshot);
// As Dask's /json/counts.json and /json/identity.json.
std::string counts_json(const Snapshot& snapshot);
std::string identity_json(const Snapshot& snapshot);
// In Prometheus' text format, under Dask's names.
std::string as_metrics(const Snapshot& snapshot);
// A text in quotes, as JSON writes it; it may stand inside a script.
std::string json_text(const std::string& text);

}  // namespace plait::dashboard
