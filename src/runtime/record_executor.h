// RecordExecutor: runs a graph after it has been written and read again, on the threads of this process. What it runs
// is what another process would get, so that tests see whether anything is lost on the way.
#pragma once

#include "runtime/executor.h"

namespace plait {

class RecordExecutor final : public Executor {
 public:
  std::string name() const override { return "records"; }
  bool shares_memory() const override { return false; }
  // Throws Error(type) for a function that cannot leave its process.
  std::shared_ptr<Run> submit(std::shared_ptr<const Graph> graph, RunOptions options) override;
};

// Makes it known as the scheduler "records": tests do. Calling it again does nothing.
void register_record_executor();

}  // namespace plait
