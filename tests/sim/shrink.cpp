#include "shrink.h"

#include <algorithm>

#include "simulation.h"

namespace plait::sim {

namespace {

// The graph without its last tasks; the last one that is left is an output, so that there is something to want.
void truncate(SimGraph& graph, std::size_t size) {
  graph.tasks.resize(size);
  const auto is_gone = [&](const message::NamedTask& task) { return task.index >= size; };
  std::erase_if(graph.named, is_gone);
  std::erase_if(graph.outputs, is_gone);
  const auto last = static_cast<std::uint32_t>(size - 1);
  const std::string key = "last-" + std::to_string(graph.salt);
  if (graph.outputs.empty()) graph.outputs.push_back({last, key});
}

class Shrinker {
 public:
  Shrinker(const Scenario& scenario, int most_runs) : most_runs_(most_runs) { result_.scenario = scenario; }

  Shrunk run() {
    result_.failure = Simulation(result_.scenario).run().failure;
    for (bool is_smaller = true; is_smaller && result_.num_runs < most_runs_;) is_smaller = pass();
    return std::move(result_);
  }

 private:
  bool pass() {
    bool any = false;
    any |= without_each(&Scenario::faults);
    if (result_.scenario.graphs.size() > 1) any |= without_each(&Scenario::graphs);
    any |= without_each(&Scenario::scatters);
    any |= keeps_failing([](Scenario& scenario) { scenario.chances = {}; });
    if (result_.scenario.workers.size() > 1)
      any |= keeps_failing([](Scenario& scenario) { scenario.workers.resize(scenario.workers.size() / 2); });
    for (std::size_t i = 0; i < result_.scenario.graphs.size(); ++i) {
      const std::size_t size = result_.scenario.graphs[i].tasks.size();
      for (const std::size_t smaller : {size / 2, size - 1})
        if (smaller > 0 && smaller < size &&
            keeps_failing([&](Scenario& scenario) { truncate(scenario.graphs[i], smaller); })) {
          any = true;
          break;
        }
    }
    return any;
  }

  template <class T>
  bool without_each(std::vector<T> Scenario::* list) {
    bool any = false;
    for (std::size_t i = (result_.scenario.*list).size(); i-- > 0;)
      any |= keeps_failing([&](Scenario& scenario) {
        (scenario.*list).erase((scenario.*list).begin() + static_cast<std::ptrdiff_t>(i));
      });
    return any;
  }

  template <class F>
  bool keeps_failing(F&& change) {
    if (result_.num_runs >= most_runs_) return false;
    Scenario changed = result_.scenario;
    change(changed);
    if (describe(changed) == describe(result_.scenario)) {
      // Only the chances may have changed.
      if (!result_.scenario.chances.any() || changed.chances.any()) return false;
    }
    ++result_.num_runs;
    std::string failure = Simulation(changed).run().failure;
    if (failure.empty()) return false;
    result_.scenario = std::move(changed);
    result_.failure = std::move(failure);
    return true;
  }

  int most_runs_;
  Shrunk result_;
};

}  // namespace

Shrunk shrink(const Scenario& scenario, int most_runs) { return Shrinker(scenario, most_runs).run(); }

}  // namespace plait::sim
