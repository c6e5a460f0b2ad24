// Observers of runs: the ones given to a run, and global ones that hear every run of the program.
#pragma once

#include <mutex>
#include <vector>

#include "runtime/executor.h"

namespace plait {

// While it lives, `observer` hears every run that starts. Runs that are under way when it ends must have finished
// before the observer is destroyed. Thread-safe.
class ObserverScope {
 public:
  explicit ObserverScope(Observer* observer);
  ObserverScope(const ObserverScope&) = delete;
  ObserverScope& operator=(const ObserverScope&) = delete;
  ~ObserverScope();

 private:
  Observer* observer_;
};

// Passes transitions on to every observer of one run, one at a time.
class Observers {
 public:
  explicit Observers(const RunOptions& options);

  bool any() const { return !observers_.empty(); }
  template <class F>
  void tell(F&& f) {
    if (observers_.empty()) return;
    std::lock_guard lock(mutex_);
    for (Observer* observer : observers_) f(*observer);
  }

 private:
  std::mutex mutex_;
  std::vector<Observer*> observers_;
};

}  // namespace plait
