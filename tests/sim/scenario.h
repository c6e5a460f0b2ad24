// What happens in one simulated run: graphs whose right answers are known, workers, clients, and all that goes wrong,
// drawn from one seed. A scenario is data, so that a failing one can be made smaller.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "scheduler/messages.h"

namespace plait::sim {

std::uint64_t mix(std::uint64_t hash, std::uint64_t value);

enum class Manner : std::uint8_t {
  works,
  fails_at_first,  // the first time; works if it is tried again
  fails,
  kills,  // its worker dies
};

struct SimTask {
  std::vector<std::uint32_t> inputs;
  std::string existing;  // stands for this key
  std::uint64_t num_bytes = 0;
  bool declares_bytes = false;
  Time duration_ns = 0;
  std::uint32_t family = 0;
  Manner manner = Manner::works;
  message::Annotation annotation;
  bool is_annotated = false;
};

struct SimGraph {
  std::size_t client = 0;
  Time when = 0;
  std::uint64_t salt = 0;
  std::vector<SimTask> tasks;
  std::vector<message::NamedTask> outputs;
  std::vector<message::NamedTask> named;
};

struct SimScatter {
  std::size_t client = 0;
  Time when = 0;
  std::string key;
  std::uint64_t num_bytes = 0;
  std::uint32_t num_copies = 1;
};

struct SimWorker {
  std::uint32_t nthreads = 1;
  std::uint64_t memory_limit_bytes = 0;
  std::map<std::string, double> resources;
};

struct Fault {
  enum class Kind : std::uint8_t {
    kill,           // the process ends; another one takes its place
    hang,           // nothing moves for a while
    cut,            // the link loses everything for a while
    slow,           // the link is a hundred times slower for a while
    client_gone,    // a client vanishes
    cancel,         // a client cancels some of its keys
    retire,         // a worker is asked to go, and another one joins
    restart_tasks,  // failed keys are tried again
    replicate,
    rebalance,
    leave,  // a worker goes for good, as long as others are left
  };
  Kind kind = Kind::kill;
  Time when = 0;
  std::size_t target = 0;  // worker or client
  Time duration_ns = 0;
};

struct Chances {
  double frame_lost = 0;
  double frame_doubled = 0;
  double frame_late = 0;
  double copy_damaged = 0;
  double parcel_damaged = 0;
  double spill_fails = 0;
  double interrupt_is_slow = 0;

  bool any() const {
    return frame_lost + frame_doubled + frame_late + copy_damaged + parcel_damaged + spill_fails + interrupt_is_slow >
           0;
  }
};

struct Scenario {
  std::uint64_t seed = 0;
  std::vector<SimWorker> workers;
  std::size_t num_clients = 1;
  std::vector<SimGraph> graphs;
  std::vector<SimScatter> scatters;
  std::vector<Fault> faults;
  Chances chances;
};

Scenario scenario_of(std::uint64_t seed);

// One line for people: how many of what.
std::string describe(const Scenario& scenario);

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  double chance() { return std::uniform_real_distribution<>(0, 1)(random_); }
  bool happens(double probability) { return probability > 0 && chance() < probability; }
  std::uint64_t below(std::uint64_t limit) { return limit == 0 ? 0 : random_() % limit; }
  Time time(Time most) { return static_cast<Time>(below(static_cast<std::uint64_t>(most) + 1)); }

 private:
  std::mt19937_64 random_;
};

}  // namespace plait::sim
