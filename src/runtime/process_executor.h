// ProcessExecutor: runs tasks in children of this program. What passes between processes is encoded and checksummed;
// large values lie in shared memory and are not copied on the way to the next task. Outputs stay there, too, until
// somebody opens them. Values and error texts are those of the other executors. A kernel that is not registered by name
// cannot travel: Error(type) that names it.
#pragma once

#include "runtime/executor.h"

namespace plait {

class ProcessExecutor final : public Executor {
 public:
  ProcessExecutor();
  std::string name() const override { return "processes"; }
  bool shares_memory() const override { return false; }
  RunPtr submit(std::shared_ptr<const Graph> graph, RunOptions options) override;
};

}  // namespace plait
