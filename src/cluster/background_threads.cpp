#include "cluster/background_threads.h"

#include <pthread.h>

#include <condition_variable>
#include <deque>
#include <mutex>

#include "runtime/new_thread.h"

namespace plait::cluster {

// The threads own it, too: the last job may be what lets go of its owner.
struct BackgroundThreads::Shared {
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::function<void()>> jobs;
  bool is_over = false;
};

BackgroundThreads::BackgroundThreads(int count) : shared_(std::make_shared<Shared>()) {
  try {
    for (int i = 0; i < count; ++i) new_thread([shared = shared_] { work(shared); }).detach();
  } catch (...) {
    std::lock_guard lock(shared_->mutex);
    shared_->is_over = true;
    shared_->wake.notify_all();
    throw;
  }
}

BackgroundThreads::~BackgroundThreads() {
  std::lock_guard lock(shared_->mutex);
  shared_->is_over = true;
  shared_->wake.notify_all();
}

void BackgroundThreads::submit(std::function<void()> job) {
  std::lock_guard lock(shared_->mutex);
  shared_->jobs.push_back(std::move(job));
  shared_->wake.notify_one();
}

void BackgroundThreads::work(const std::shared_ptr<Shared>& shared) {
  ::pthread_setname_np(::pthread_self(), "plait-values");
  std::unique_lock lock(shared->mutex);
  while (true) {
    shared->wake.wait(lock, [&] { return shared->is_over || !shared->jobs.empty(); });
    if (shared->jobs.empty()) return;
    std::function<void()> job = std::move(shared->jobs.front());
    shared->jobs.pop_front();
    lock.unlock();
    job();
    job = nullptr;
    lock.lock();
  }
}

}  // namespace plait::cluster
