// SyncExecutor: runs every task on the thread that waits for the run or one of its futures, in the order of the graph's
// ranks. A run makes no progress while nobody waits.
#pragma once

#include "runtime/executor.h"

namespace plait {

class SyncExecutor final : public Executor {
 public:
  std::string name() const override { return "sync"; }
  bool shares_memory() const override { return true; }
  RunPtr submit(std::shared_ptr<const Graph> graph, RunOptions options) override;
};

}  // namespace plait
