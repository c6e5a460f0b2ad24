// EventLoop: one thread that waits for sockets, timers and jobs of other threads, and never for anything else. When
// nothing is left to do, before it waits, it calls `when_idle`: messages leave there, many in one write.
//
// run() is for one thread; post(), nudge() and stop() for any; everything else for the loop's own thread, or before
// run().
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "runtime/parcel.h"

namespace plait::cluster {

class EventLoop {
 public:
  using Clock = std::chrono::steady_clock;
  using Job = std::function<void()>;
  using OnEvents = std::function<void(std::uint32_t events)>;

  // Throws Error(io) where the system has no descriptor left.
  EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  void run();
  // Jobs that were posted before are still done.
  void stop();
  void post(Job job);
  // Has it look around, and do what it does when idle.
  void nudge();

  // `events` are those of epoll. Watching again changes what is waited for.
  void watch(int descriptor, std::uint32_t events, OnEvents on_events);
  void change(int descriptor, std::uint32_t events);
  void forget(int descriptor);
  void at(Clock::time_point time, Job job) { timers_.emplace(time, std::move(job)); }
  void after(Clock::duration delay, Job job) { at(Clock::now() + delay, std::move(job)); }
  // Adds to what is done when nothing else is left to do.
  void when_idle(Job job) { idle_jobs_.push_back(std::move(job)); }

 private:
  void wake();
  void do_posted();
  void do_timers();
  void wait_and_handle(int timeout_ms);
  int patience_ms() const;

  FileDescriptor epoll_;
  FileDescriptor event_;
  std::unordered_map<int, std::shared_ptr<const OnEvents>> watched_;
  std::multimap<Clock::time_point, Job> timers_;
  std::vector<Job> idle_jobs_;
  std::mutex mutex_;
  std::vector<Job> posted_;
  bool is_awake_ = false;  // somebody has written to `event_` since the loop looked
  bool is_stopped_ = false;
};

}  // namespace plait::cluster
