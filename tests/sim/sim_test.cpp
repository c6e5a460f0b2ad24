// Seeded runs of a whole cluster: the answers are right, nothing hangs, nothing is left. A seed that has failed once is
// in seeds.txt for ever. PLAIT_SIM_FIRST_SEED and PLAIT_SIM_SEEDS say which seeds are run; PLAIT_SIM_FIRST_SEED=fresh
// draws them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <random>

#include "shrink.h"
#include "simulation.h"

namespace plait::sim {
namespace {

Outcome run(std::uint64_t seed) { return Simulation(scenario_of(seed)).run(); }

// Fails with the smallest scenario that still breaks a promise.
bool expect_success(std::uint64_t seed, const Outcome& outcome) {
  if (outcome.failure.empty()) return true;
  const Shrunk smaller = shrink(scenario_of(seed));
  ADD_FAILURE() << describe(scenario_of(seed)) << "\n"
                << outcome.failure << "\nmade smaller in " << smaller.num_runs
                << " runs: " << describe(smaller.scenario) << "\n"
                << smaller.failure << "\nAdd the seed to tests/sim/seeds.txt.";
  return false;
}

std::uint64_t first_seed() {
  const char* text = std::getenv("PLAIT_SIM_FIRST_SEED");
  if (!text) return 0;
  if (std::string(text) == "fresh") return std::random_device()();
  return std::strtoull(text, nullptr, 10);
}

std::uint64_t num_seeds() {
  const char* text = std::getenv("PLAIT_SIM_SEEDS");
  return text ? std::strtoull(text, nullptr, 10) : 60;
}

TEST(SimulatedCluster, KeepsItsPromisesInRandomRuns) {
  const std::uint64_t first = first_seed();
  const std::uint64_t num = num_seeds();
  Outcome all;
  for (std::uint64_t seed = first; seed < first + num; ++seed) {
    const Outcome outcome = run(seed);
    if (!expect_success(seed, outcome)) return;
    all.add(outcome);
  }
  std::printf("seeds %llu to %llu: %s\n", static_cast<unsigned long long>(first),
              static_cast<unsigned long long>(first + num - 1), all.text().c_str());
  if (num < 50) return;
  // The runs must have been hard enough to mean something.
  EXPECT_GT(all.num_deaths, 0u);
  EXPECT_GT(all.num_spills, 0u);
  EXPECT_GT(all.num_damaged, 0u);
  EXPECT_GT(all.num_rejoins, 0u);
  EXPECT_GT(all.num_errors, 0u);
  EXPECT_GT(all.num_transfers, 0u);
  EXPECT_GT(all.num_gathered, num);
}

TEST(SimulatedCluster, KeepsThemWhereItOnceDidNot) {
  std::ifstream file(PLAIT_SIM_SEEDS_FILE);
  ASSERT_TRUE(file);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    const std::uint64_t seed = std::stoull(line);
    expect_success(seed, run(seed));
  }
}

TEST(SimulatedCluster, DecidesTheSameInTheSameRun) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) EXPECT_EQ(run(seed).trace, run(seed).trace) << "seed " << seed;
}

}  // namespace
}  // namespace plait::sim
