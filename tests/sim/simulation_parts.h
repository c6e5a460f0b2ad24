// The parts of a simulated cluster. Only the simulation's own sources include this.
#pragma once

#include "simulation.h"

namespace plait::sim {

inline constexpr Time kMicro = 1'000;
inline constexpr Time kMilli = 1'000'000;
inline constexpr Time kSecond = 1'000'000'000;
inline constexpr Time kPatience = 50 * kMilli;      // until frames are sent again
inline constexpr Time kSilence = 5 * kSecond;       // until a worker gets nothing new
inline constexpr Time kSessionTime = 10 * kSecond;  // of silence, until a session ends

// The scheduler's and a worker's end of a session.
struct Simulation::Session {
  std::uint64_t number = 0;
  WorkerNumber worker = 0;  // by the scheduler; 0: it has not heard of the session
  Process* process = nullptr;
  Link<Frame<ToWorkerPacket>> at_scheduler;
  Link<Frame<ToSchedulerPacket>> at_worker;
  Time heard_by_scheduler = 0;
  Time heard_by_worker = 0;
  bool is_open_at_scheduler = false;
  bool is_open_at_worker = false;
  message::WorkerJoined joined;
};

struct RunningTask {
  bool is_beside = false;  // another task has its thread's place
};

struct Simulation::Process {
  std::size_t place = 0;
  std::string name;
  WorkerState state;
  std::uint32_t nthreads = 1;
  std::uint64_t memory_limit_bytes = 0;
  bool is_alive = true;
  bool is_hung = false;
  Time cut_to_worker = 0;
  Time cut_from_worker = 0;
  Time slow_until = 0;
  Session* session = nullptr;
  std::map<TaskNumber, std::uint64_t> memory;
  std::map<TaskNumber, Parcel> disk;
  std::set<TaskNumber> damaged;  // in memory, and nobody has looked yet
  std::set<GraphNumber> graphs;
  std::map<std::pair<TaskNumber, std::uint32_t>, RunningTask> running;
  std::map<TaskNumber, std::uint64_t> sizes;
  std::vector<std::function<void()>> while_hung;

  Process(std::size_t place, std::string name, const WorkerOptions& options)
      : place(place),
        name(std::move(name)),
        state(options),
        nthreads(options.nthreads),
        memory_limit_bytes(options.memory_limit_bytes) {}
};

struct Wish {
  KeyStatus status = KeyStatus::pending;
  bool is_gathering = false;
  bool has_value = false;
  bool may_be_cancelled = false;
};

struct Simulation::Client {
  ClientNumber number = 0;
  bool is_alive = true;
  Time last_sent = 0;
  Time last_received = 0;
  std::map<std::string, Wish> wishes;
  std::map<std::uint64_t, std::vector<std::string>> gathers;
  std::uint64_t next_request = 1;
  int num_requests = 0;  // that wait for Done
};

template <class Event>
void Simulation::happen(Process& process, const Event& event) {
  WorkerActions actions;
  process.state.handle(event, now_, actions);
  carry_out(process, std::move(actions), {});
  check(process);
}

}  // namespace plait::sim
