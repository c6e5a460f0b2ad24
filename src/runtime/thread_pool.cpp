#include "runtime/thread_pool.h"

#include <pthread.h>
#include <unistd.h>

#include <atomic>

#include "runtime/new_thread.h"

namespace plait {

ThreadPool& ThreadPool::of_process() {
  struct Owned {
    pid_t process;
    ThreadPool pool;
  };
  static std::atomic<Owned*> current = nullptr;
  const pid_t self = ::getpid();
  Owned* owned = current.load();
  if (owned && owned->process == self) return owned->pool;
  // The first use in this process. What a parent left behind (its threads are not here) is not touched.
  auto* made = new Owned{.process = self};
  while (!owned || owned->process != self) {
    if (current.compare_exchange_strong(owned, made)) return made->pool;
  }
  delete made;
  return owned->pool;
}

void ThreadPool::submit(std::function<void()> job) {
  std::lock_guard lock(mutex_);
  if (jobs_.size() < num_idle_)
    wake_.notify_one();
  else
    new_thread([this] { work(); }).detach();
  jobs_.push_back(std::move(job));
}

void ThreadPool::work() {
  ::pthread_setname_np(::pthread_self(), "plait-worker");
  std::unique_lock lock(mutex_);
  while (true) {
    ++num_idle_;
    wake_.wait(lock, [&] { return !jobs_.empty(); });
    --num_idle_;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    job = nullptr;
    lock.lock();
  }
}

}  // namespace plait
