// Seeded runs of a whole cluster: the answers are right, nothing hangs, nothing is left. A seed that has failed once is
// in seeds.txt for ever.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "simulation.h"

namespace plait::sim {
namespace {

Outcome run(std::uint64_t seed) { return Simulation(scenario_of(seed)).run(); }

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

TEST(Cluster, KeepsItsPromisesInRandomRuns) {
  const std::uint64_t first = from_environment("PLAIT_SIM_FIRST_SEED", 0);
  const std::uint64_t num = from_environment("PLAIT_SIM_SEEDS", 300);
  Outcome all;
  for (std::uint64_t seed = first; seed < first + num; ++seed) {
    const Outcome outcome = run(seed);
    EXPECT_EQ(outcome.failure, "") << describe(scenario_of(seed));
    if (!outcome.failure.empty()) break;
    all.num_events += outcome.num_events;
    all.num_runs += outcome.num_runs;
    all.num_deaths += outcome.num_deaths;
    all.num_spills += outcome.num_spills;
    all.num_damaged += outcome.num_damaged;
    all.num_rejoins += outcome.num_rejoins;
    all.num_errors += outcome.num_errors;
    all.num_transfers += outcome.num_transfers;
    all.num_gathered += outcome.num_gathered;
  }
  std::printf(
      "%zu events, %zu tasks run, %zu deaths, %zu spills, %zu damaged, %zu rejoins, %zu errors, %zu transfers, %zu "
      "gathered\n",
      all.num_events, all.num_runs, all.num_deaths, all.num_spills, all.num_damaged, all.num_rejoins, all.num_errors,
      all.num_transfers, all.num_gathered);
}

TEST(Cluster, DecidesTheSameInTheSameRun) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) EXPECT_EQ(run(seed).trace, run(seed).trace) << "seed " << seed;
}

}  // namespace
}  // namespace plait::sim
