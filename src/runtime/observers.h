// Observers of runs: the ones given to a run, and global ones that hear every run of the program.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/executor.h"

namespace plait {

// While it lives, `observer` hears every run that starts; runs that are under way when it ends keep the observer, and
// go on telling it. Thread-safe.
class ObserverScope {
 public:
  explicit ObserverScope(std::shared_ptr<Observer> observer);
  ObserverScope(const ObserverScope&) = delete;
  ObserverScope& operator=(const ObserverScope&) = delete;
  ~ObserverScope();

 private:
  std::shared_ptr<Observer> observer_;
};

// Passes transitions on to every observer of one run, one at a time, until the run is over.
class Observers {
 public:
  explicit Observers(const RunOptions& options);

  bool any() const { return any_.load(std::memory_order_relaxed); }
  template <class F>
  void tell(F&& f) {
    if (!any()) return;
    std::lock_guard lock(mutex_);
    for (Observer* observer : observers_) f(*observer);
  }
  // The last that they hear: whoever still works for the run tells nobody. Said twice, they hear it once, and both
  // return only then.
  void run_finished(const Graph& graph, bool failed);

 private:
  std::mutex mutex_;
  std::vector<Observer*> observers_;
  std::vector<std::shared_ptr<Observer>> kept_;  // those of them that hear every run
  std::atomic<bool> any_;
};

}  // namespace plait
