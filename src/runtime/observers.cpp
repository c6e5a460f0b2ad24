#include "runtime/observers.h"

#include <algorithm>
#include <utility>

namespace plait {
namespace {

struct GlobalObservers {
  std::mutex mutex;
  std::vector<std::shared_ptr<Observer>> list;
};

GlobalObservers& global() {
  static auto* instance = new GlobalObservers;
  return *instance;
}

}  // namespace

ObserverScope::ObserverScope(std::shared_ptr<Observer> observer) : observer_(std::move(observer)) {
  std::lock_guard lock(global().mutex);
  global().list.push_back(observer_);
}

ObserverScope::~ObserverScope() {
  std::lock_guard lock(global().mutex);
  auto& list = global().list;
  list.erase(std::find(list.begin(), list.end(), observer_));
}

Observers::Observers(const RunOptions& options) : observers_(options.observers) {
  std::lock_guard lock(global().mutex);
  kept_ = global().list;
  for (const auto& observer : kept_) observers_.push_back(observer.get());
  any_ = !observers_.empty();
}

void Observers::run_finished(const Graph& graph, bool failed) {
  std::lock_guard lock(mutex_);
  any_ = false;
  const auto kept = std::exchange(kept_, {});
  for (Observer* observer : std::exchange(observers_, {})) observer->run_finished(graph, failed);
}

}  // namespace plait
