// SyncExecutor: runs every task on the calling thread, in the order of the graph's ranks.
#pragma once

#include "runtime/executor.h"

namespace plait {

class SyncExecutor final : public Executor {
 public:
  std::string name() const override { return "sync"; }
  bool shares_memory() const override { return true; }
  std::vector<Value> run(std::shared_ptr<const Graph> graph, RunOptions options) override;
};

}  // namespace plait
