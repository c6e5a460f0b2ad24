// Scheduler: one thread around SchedulerState. Workers and clients of this machine connect to it and to nobody else;
// values, graphs and faults pass through it as parcels that it never opens.
//
// It listens on the loopback address and on a Unix socket of its port. Who connects shows the user's token first; who
// does not within a few seconds is cut off. Any thread may call what is public.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "scheduler/scheduler_state.h"

namespace plait::cluster {

struct SchedulerSettings {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any that is free
  std::string token;
  // Who has not shown the token by then is cut off.
  std::chrono::milliseconds time_to_knock{5000};
  SchedulerOptions options = {};
};

class Scheduler {
 public:
  // Listens and starts the thread. Throws Error(io) or Error(value).
  explicit Scheduler(const SchedulerSettings& settings);
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;
  // Closes.
  ~Scheduler();

  const std::string& address() const;
  const std::string& id() const;
  // The port that was asked for was in use, and another one was taken.
  bool has_moved() const;

  // Workers that are told to close do so when their message arrives; no task is to blame for it.
  void ask_workers_to_close(const std::vector<std::string>& names);
  // ... once what only they hold has been moved to others.
  void retire(const std::vector<std::string>& names);
  // The nanny saw how a worker's process ended, and what it was running.
  void process_ended(pid_t process, WorkerEnd how, const std::vector<TaskNumber>& executing);
  std::vector<std::string> worker_names() const;
  // Those that could go first.
  std::vector<std::string> workers_to_close(std::size_t num_to_keep) const;
  std::uint32_t adaptive_target() const;
  // False if there are fewer after `timeout`; `poll` is called now and then.
  bool wait_for_workers(std::size_t count, std::chrono::milliseconds timeout, const std::function<void()>& poll) const;
  // Cuts everybody off.
  void close();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace plait::cluster
