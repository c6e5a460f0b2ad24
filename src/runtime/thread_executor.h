// ThreadExecutor: runs tasks on threads of this process, by default one a core. Values are shared, never copied.
#pragma once

#include "runtime/executor.h"

namespace plait {

class ThreadExecutor final : public Executor {
 public:
  std::string name() const override { return "threads"; }
  bool shares_memory() const override { return true; }
  RunPtr submit(std::shared_ptr<const Graph> graph, RunOptions options) override;
};

}  // namespace plait
