// Makes a scenario that fails smaller: what is not needed for the failure is left out, as long as it still fails.
#pragma once

#include "scenario.h"

namespace plait::sim {

struct Shrunk {
  Scenario scenario;
  std::string failure;
  int num_runs = 0;
};

// `scenario` must fail. Ends after `most_runs` runs at the latest.
Shrunk shrink(const Scenario& scenario, int most_runs = 300);

}  // namespace plait::sim
