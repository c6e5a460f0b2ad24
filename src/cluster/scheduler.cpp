#include "cluster/scheduler.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>

#include "cluster/scheduler_shell.h"

namespace plait::cluster {
namespace {

using Clock = EventLoop::Clock;

constexpr auto kTick = std::chrono::milliseconds(100);
// Heartbeats come five times in it.
constexpr auto kSilence = std::chrono::seconds(3);

std::string random_id() {
  unsigned char bytes[8] = {};
  [[maybe_unused]] const ssize_t got = ::getrandom(bytes, sizeof(bytes), 0);
  std::string text = "Scheduler-";
  for (unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace

Scheduler::Impl::Impl(const SchedulerSettings& given)
    : settings(given), id(random_id()), listening(listen_at(given.host, given.port)), state(given.options) {
  address = listening.address.text();
  own_client = state.add_client(now());
  accept_from(listening.local, true);
  accept_from(listening.tcp, false);
  loop.when_idle([this] {
    for (const auto& [peer, kept] : peers) peer->mail.flush();
  });
  tick();
  thread = std::thread([this] { loop.run(); });
}

void Scheduler::Impl::tick() {
  loop.after(kTick, [this] {
    SchedulerActions actions;
    const auto time = Clock::now();
    for (auto& [worker, heard] : last_heard) {
      const bool is_quiet = time - heard > kSilence;
      if (is_quiet == silent.contains(worker)) continue;
      if (is_quiet)
        silent.insert(worker);
      else
        silent.erase(worker);
      state.handle(WorkerSilent{worker, is_quiet}, time_of(time), actions);
    }
    state.handle(Tick{}, time_of(time), actions);
    carry_out(actions, nullptr);
    tick();
  });
}

void Scheduler::Impl::close() {
  if (!thread.joinable()) return;
  loop.post([this] {
    for (const auto& [peer, kept] : peers) {
      peer->mail.flush();
      peer->mail.connection().close();
    }
    peers.clear();
    loop.forget(listening.local.number());
    loop.forget(listening.tcp.number());
    listening.local = FileDescriptor();
    listening.tcp = FileDescriptor();
  });
  loop.stop();
  thread.join();
}

// --- What others see ---

Scheduler::Scheduler(const SchedulerSettings& settings) : impl_(std::make_unique<Impl>(settings)) {}
Scheduler::~Scheduler() { close(); }

const std::string& Scheduler::address() const { return impl_->address; }
const std::string& Scheduler::id() const { return impl_->id; }
bool Scheduler::has_moved() const { return impl_->listening.has_moved; }

void Scheduler::ask_workers_to_close(const std::vector<std::string>& names) {
  impl_->loop.post([impl = impl_.get(), names] {
    for (const auto& [number, worker] : impl->workers) {
      if (std::find(names.begin(), names.end(), worker->name) == names.end()) continue;
      worker->is_closing = true;
      worker->mail.send(WorkerLetter(message::ToWorker(message::Close{})));
    }
  });
}

void Scheduler::retire(const std::vector<std::string>& names) {
  impl_->loop.post([impl = impl_.get(), names] {
    SchedulerActions actions;
    impl->state.handle_client(impl->own_client, message::Retire{++impl->last_call, names, true}, Impl::now(), actions);
    impl->carry_out(actions, nullptr);
  });
}

void Scheduler::process_ended(pid_t process, WorkerEnd how, const std::vector<TaskNumber>& executing) {
  impl_->loop.post([impl = impl_.get(), process, how, executing] {
    for (const auto& [number, worker] : impl->workers) {
      if (worker->process != process || worker->role != PeerRole::worker) continue;
      worker->mail.connection().close();
      impl->peers.erase(worker.get());
      return impl->worker_gone(WorkerNumber(number), worker->is_closing ? WorkerEnd::asked : how, executing);
    }
  });
}

std::vector<std::string> Scheduler::worker_names() const {
  std::lock_guard lock(impl_->mutex);
  std::vector<std::string> names;
  for (const auto& [number, worker] : impl_->workers) names.push_back(worker->name);
  return names;
}

std::vector<std::string> Scheduler::workers_to_close(std::size_t num_to_keep) const {
  return impl_->ask_loop([impl = impl_.get(), num_to_keep] {
    std::vector<std::string> names;
    for (WorkerNumber number : impl->state.workers_to_close(static_cast<std::uint32_t>(num_to_keep))) {
      const auto found = impl->workers.find(number);
      if (found != impl->workers.end()) names.push_back(found->second->name);
    }
    return names;
  });
}

std::uint32_t Scheduler::adaptive_target() const {
  return impl_->ask_loop([impl = impl_.get()] { return impl->state.adaptive_target(); });
}

bool Scheduler::wait_for_workers(std::size_t count, std::chrono::milliseconds timeout,
                                 const std::function<void()>& poll) const {
  const auto deadline = Clock::now() + timeout;
  while (true) {
    {
      std::unique_lock lock(impl_->mutex);
      if (impl_->workers_changed.wait_for(lock, std::chrono::milliseconds(20),
                                          [&] { return impl_->workers.size() >= count; }))
        return true;
    }
    if (Clock::now() > deadline) return false;
    if (poll) poll();
  }
}

void Scheduler::close() { impl_->close(); }

}  // namespace plait::cluster
