#include "cluster/scheduler.h"

#include <algorithm>

#include "cluster/scheduler_shell.h"

namespace plait::cluster {
namespace {

using Clock = EventLoop::Clock;

}  // namespace

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
