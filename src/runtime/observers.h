// Observers of runs: the ones given to a run, and global ones that hear every run of the program.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/executor.h"

namespace plait {

// Hears what each task has made, too, just before it hears that the task has finished. Whoever keeps the value keeps
// its memory.
class ValueObserver : public Observer {
 public:
  virtual void value_made(const Graph&, TaskId, const Value&) = 0;
};

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
  void tell_value(const Graph& graph, TaskId task, const Value& value) {
    tell([&](Observer& observer) {
      if (auto* hears_values = dynamic_cast<ValueObserver*>(&observer)) hears_values->value_made(graph, task, value);
    });
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
