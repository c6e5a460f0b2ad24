#include "scenario.h"

#include <algorithm>

namespace plait::sim {

namespace {

constexpr Time kSecond = 1'000'000'000;
constexpr Time kMilli = 1'000'000;

// Chains, trees, diamonds, all-to-all and anything between.
void add_tasks(Dice& dice, SimGraph& graph, std::size_t size, const std::vector<std::string>& known_keys) {
  const double reach = 1 + static_cast<double>(dice.below(40));
  const double roots = 0.05 + 0.6 * dice.chance();
  const std::uint64_t most_inputs = dice.happens(0.1) ? 30 : 4;
  const Time longest = dice.happens(0.2) ? kSecond : dice.happens(0.5) ? 50 * kMilli : kMilli;
  const std::uint64_t largest = dice.happens(0.3) ? 300 : 60;
  for (std::size_t i = 0; i < size; ++i) {
    SimTask task;
    if (!known_keys.empty() && dice.happens(0.1)) {
      task.existing = known_keys[dice.below(known_keys.size())];
    } else if (i > 0 && !dice.happens(roots)) {
      const std::size_t num = 1 + dice.below(most_inputs);
      for (std::size_t k = 0; k < num; ++k) {
        const auto back = static_cast<std::size_t>(dice.chance() * std::min(reach, static_cast<double>(i)));
        task.inputs.push_back(static_cast<std::uint32_t>(i - 1 - std::min(back, i - 1)));
      }
    }
    task.num_bytes = dice.happens(0.1) ? 0 : dice.below(largest);
    task.declares_bytes = dice.happens(0.5);
    task.duration_ns = dice.time(longest);
    task.family = static_cast<std::uint32_t>(dice.below(5));
    graph.tasks.push_back(std::move(task));
  }
}

void annotate(Dice& dice, SimGraph& graph, const Scenario& scenario) {
  for (SimTask& task : graph.tasks) {
    if (!task.existing.empty() || !dice.happens(0.3)) continue;
    task.is_annotated = true;
    task.annotation.priority = static_cast<std::int32_t>(dice.below(3)) - 1;
    if (dice.happens(0.3)) task.annotation.retries = 1 + static_cast<std::uint32_t>(dice.below(2));
    if (dice.happens(0.1)) {
      task.annotation.workers = {"worker-" + std::to_string(dice.below(scenario.workers.size()))};
      task.annotation.allow_other_workers = true;  // faults may take a named worker away for good
    }
    const SimWorker& first = scenario.workers.front();
    if (!first.resources.empty() && dice.happens(0.3)) task.annotation.resources = {{"GPU", 1.0}};
  }
}

void name_tasks(Dice& dice, SimGraph& graph, std::size_t number) {
  const std::string prefix = "g" + std::to_string(number) + "-";
  auto name = [&](std::uint32_t index) { return message::NamedTask{index, prefix + std::to_string(index)}; };
  std::vector<std::uint32_t> chosen{static_cast<std::uint32_t>(graph.tasks.size() - 1)};
  const std::size_t more = dice.below(dice.happens(0.2) ? 30 : 3);
  for (std::size_t i = 0; i < more; ++i) chosen.push_back(static_cast<std::uint32_t>(dice.below(graph.tasks.size())));
  std::ranges::sort(chosen);
  const auto repeated = std::ranges::unique(chosen);
  chosen.erase(repeated.begin(), repeated.end());
  for (std::uint32_t index : chosen) graph.outputs.push_back(name(index));
  if (!dice.happens(0.3)) return;
  const auto inner = static_cast<std::uint32_t>(dice.below(graph.tasks.size()));
  if (std::ranges::count(chosen, inner) == 0) graph.named.push_back(name(inner));
}

void add_faults(Dice& dice, Scenario& scenario, Time end) {
  using Kind = Fault::Kind;
  constexpr Kind kinds[] = {Kind::kill,        Kind::hang,      Kind::cut,    Kind::slow,
                            Kind::client_gone, Kind::cancel,    Kind::retire, Kind::restart_tasks,
                            Kind::replicate,   Kind::rebalance, Kind::leave};
  const std::size_t num = dice.happens(0.2) ? 0 : dice.below(12);
  for (std::size_t i = 0; i < num; ++i) {
    Fault fault{.kind = kinds[dice.below(std::size(kinds))], .when = dice.time(end)};
    const bool is_about_client =
        fault.kind == Kind::client_gone || fault.kind == Kind::cancel || fault.kind == Kind::restart_tasks;
    fault.target = dice.below(is_about_client ? scenario.num_clients : scenario.workers.size());
    fault.duration_ns = dice.happens(0.3) ? dice.time(30 * kSecond) : dice.time(2 * kSecond);
    scenario.faults.push_back(fault);
  }
}

}  // namespace

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  return (hash ^ value) * 0x9E3779B97F4A7C15u + (hash >> 29);
}

Scenario scenario_of(std::uint64_t seed) {
  Dice dice(mix(seed, 0x5EED));
  Scenario scenario{.seed = seed};
  const std::size_t num_workers = dice.happens(0.05) ? 1 + dice.below(64) : 1 + dice.below(6);
  const bool is_tight = dice.happens(0.4);
  const bool has_gpu = dice.happens(0.2);
  for (std::size_t i = 0; i < num_workers; ++i) {
    SimWorker worker{.nthreads = 1 + static_cast<std::uint32_t>(dice.below(4))};
    if (is_tight) worker.memory_limit_bytes = 1000 + dice.below(2000);
    if (has_gpu) worker.resources = {{"GPU", 1.0 + static_cast<double>(dice.below(2))}};
    scenario.workers.push_back(worker);
  }
  scenario.num_clients = 1 + dice.below(3);
  const Time end = dice.happens(0.3) ? 20 * kSecond : kSecond;
  std::vector<std::string> known;
  if (dice.happens(0.3)) {
    const std::size_t num = 1 + dice.below(3);
    for (std::size_t i = 0; i < num; ++i) {
      scenario.scatters.push_back({.client = dice.below(scenario.num_clients),
                                   .when = 0,
                                   .key = "data-" + std::to_string(i),
                                   .num_bytes = dice.below(100),
                                   .num_copies = static_cast<std::uint32_t>(dice.below(4))});
      known.push_back(scenario.scatters.back().key);
    }
  }
  const double failing = dice.happens(0.2) ? 0.02 : 0;
  const double killing = dice.happens(0.1) ? 0.01 : 0;
  const std::size_t num_graphs = 1 + dice.below(4);
  const std::size_t largest = dice.happens(0.03) ? 1500 : dice.happens(0.3) ? 150 : 40;
  for (std::size_t i = 0; i < num_graphs; ++i) {
    SimGraph graph{.client = dice.below(scenario.num_clients), .when = i == 0 ? 0 : dice.time(end)};
    graph.salt = mix(seed, i);
    add_tasks(dice, graph, 1 + dice.below(largest), known);
    annotate(dice, graph, scenario);
    for (SimTask& task : graph.tasks) {
      if (!task.existing.empty()) continue;
      if (dice.happens(failing)) task.manner = dice.happens(0.5) ? Manner::fails : Manner::fails_at_first;
      if (dice.happens(killing)) task.manner = Manner::kills;
    }
    name_tasks(dice, graph, i);
    for (const auto& output : graph.outputs) known.push_back(output.key);
    scenario.graphs.push_back(std::move(graph));
  }
  std::ranges::stable_sort(scenario.graphs, {}, &SimGraph::when);
  add_faults(dice, scenario, end);
  Chances& chances = scenario.chances;
  if (dice.happens(0.3)) chances.frame_lost = dice.happens(0.3) ? 0.2 : 0.02;
  if (dice.happens(0.3)) chances.frame_doubled = 0.1;
  if (dice.happens(0.3)) chances.frame_late = 0.1;
  if (dice.happens(0.3)) chances.copy_damaged = 0.3;
  if (dice.happens(0.1)) chances.parcel_damaged = 0.05;
  if (dice.happens(0.2)) chances.spill_fails = 0.3;
  if (dice.happens(0.3)) chances.interrupt_is_slow = 0.5;
  return scenario;
}

std::string describe(const Scenario& scenario) {
  std::size_t num_tasks = 0;
  for (const SimGraph& graph : scenario.graphs) num_tasks += graph.tasks.size();
  return "seed " + std::to_string(scenario.seed) + ": " + std::to_string(scenario.workers.size()) + " workers, " +
         std::to_string(scenario.num_clients) + " clients, " + std::to_string(scenario.graphs.size()) + " graphs of " +
         std::to_string(num_tasks) + " tasks, " + std::to_string(scenario.scatters.size()) + " scattered values, " +
         std::to_string(scenario.faults.size()) + " faults";
}

}  // namespace plait::sim
