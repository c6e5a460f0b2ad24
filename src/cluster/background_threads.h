// BackgroundThreads: a few threads that do jobs in the order in which they come. All of them are started at once: a job
// that writes a value to disk, because memory is short, must not need memory for a thread of its own. Thread-safe.
#pragma once

#include <functional>
#include <memory>

namespace plait::cluster {

class BackgroundThreads {
 public:
  // Throws Error(runtime) where the system has no thread left.
  explicit BackgroundThreads(int count);
  BackgroundThreads(const BackgroundThreads&) = delete;
  BackgroundThreads& operator=(const BackgroundThreads&) = delete;
  // Jobs that were submitted are still done; nobody waits for them.
  ~BackgroundThreads();

  // A job that waits for another one may wait for ever. It must not throw.
  void submit(std::function<void()> job);

 private:
  struct Shared;
  static void work(const std::shared_ptr<Shared>& shared);

  const std::shared_ptr<Shared> shared_;
};

}  // namespace plait::cluster
