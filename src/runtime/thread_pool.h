// ThreadPool: threads kept for the program. A job always finds a thread: an idle one, or a new one, so that a run may
// be started from inside a task of another run. Thread-safe. After a fork the child has a pool of its own.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

namespace plait {

class ThreadPool {
 public:
  // The pool of this process. Never destroyed: threads may be waiting in it when the program ends.
  static ThreadPool& of_process();

  // Throws Error(runtime) if a thread is needed and the system has none.
  void submit(std::function<void()> job);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
  std::size_t num_idle_ = 0;
};

}  // namespace plait
