#include "runtime/observers.h"

#include <algorithm>

namespace plait {
namespace {

struct GlobalObservers {
  std::mutex mutex;
  std::vector<Observer*> list;
};

GlobalObservers& global() {
  static auto* instance = new GlobalObservers;
  return *instance;
}

}  // namespace

ObserverScope::ObserverScope(Observer* observer) : observer_(observer) {
  std::lock_guard lock(global().mutex);
  global().list.push_back(observer);
}

ObserverScope::~ObserverScope() {
  std::lock_guard lock(global().mutex);
  auto& list = global().list;
  list.erase(std::find(list.begin(), list.end(), observer_));
}

Observers::Observers(const RunOptions& options) : observers_(options.observers) {
  std::lock_guard lock(global().mutex);
  observers_.insert(observers_.end(), global().list.begin(), global().list.end());
  any_ = !observers_.empty();
}

void Observers::run_finished(bool failed) {
  tell([&](Observer& observer) { observer.run_finished(failed); });
  std::lock_guard lock(mutex_);
  observers_.clear();
  any_ = false;
}

}  // namespace plait
