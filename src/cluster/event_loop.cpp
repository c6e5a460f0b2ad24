#include "cluster/event_loop.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace plait::cluster {

EventLoop::EventLoop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!epoll_ || !event_) throw io_error(std::string("cannot wait for connections: ") + std::strerror(errno));
  watch(event_.number(), EPOLLIN, [this](std::uint32_t) {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(event_.number(), &count, sizeof(count));
  });
}

void EventLoop::run() {
  bool is_over = false;
  while (!is_over) {
    wait_and_handle(patience_ms());
    do_timers();
    do_posted();
    for (std::size_t i = 0; i < idle_jobs_.size(); ++i) idle_jobs_[i]();
    std::lock_guard lock(mutex_);
    is_over = is_stopped_ && posted_.empty();
  }
}

void EventLoop::stop() {
  std::lock_guard lock(mutex_);
  is_stopped_ = true;
  wake();
}

void EventLoop::post(Job job) {
  std::lock_guard lock(mutex_);
  posted_.push_back(std::move(job));
  wake();
}

void EventLoop::nudge() {
  std::lock_guard lock(mutex_);
  wake();
}

// Under the lock.
void EventLoop::wake() {
  if (std::exchange(is_awake_, true)) return;
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(event_.number(), &one, sizeof(one));
}

void EventLoop::watch(int descriptor, std::uint32_t events, OnEvents on_events) {
  epoll_event event = {};
  event.events = events;
  event.data.fd = descriptor;
  if (::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, descriptor, &event) != 0)
    throw io_error(std::string("cannot wait for a connection: ") + std::strerror(errno));
  watched_[descriptor] = std::make_shared<const OnEvents>(std::move(on_events));
}

void EventLoop::change(int descriptor, std::uint32_t events) {
  epoll_event event = {};
  event.events = events;
  event.data.fd = descriptor;
  ::epoll_ctl(epoll_.number(), EPOLL_CTL_MOD, descriptor, &event);
}

void EventLoop::forget(int descriptor) {
  ::epoll_ctl(epoll_.number(), EPOLL_CTL_DEL, descriptor, nullptr);
  watched_.erase(descriptor);
}

void EventLoop::do_posted() {
  std::vector<Job> jobs;
  {
    std::lock_guard lock(mutex_);
    jobs.swap(posted_);
    is_awake_ = false;
  }
  for (Job& job : jobs) job();
}

void EventLoop::do_timers() {
  const auto now = Clock::now();
  while (!timers_.empty() && timers_.begin()->first <= now) {
    Job job = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    job();
  }
}

int EventLoop::patience_ms() const {
  if (timers_.empty()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(timers_.begin()->first - Clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
}

void EventLoop::wait_and_handle(int timeout_ms) {
  epoll_event events[64];
  const int count = ::epoll_wait(epoll_.number(), events, 64, timeout_ms);
  for (int i = 0; i < count; ++i) {
    const auto found = watched_.find(events[i].data.fd);
    if (found == watched_.end()) continue;  // an event before it has forgotten this one
    const std::shared_ptr<const OnEvents> kept = found->second;
    (*kept)(events[i].events);
  }
}

}  // namespace plait::cluster
