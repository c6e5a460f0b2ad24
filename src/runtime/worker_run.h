// Runs whose tasks are run by several workers at once, each driven by one thread of the pool.
#pragma once

#include <memory>

#include "runtime/worker_loop.h"

namespace plait {

// Starts the workers and returns. Whoever waits gets the run's error once every worker has stopped; when the run is
// cancelled, after a moment at most: a worker that has not stopped by then finishes its task alone, for nobody. It
// shares the ownership of the run's context, and its thread goes back to the pool in the end.
RunPtr start_workers(std::shared_ptr<RunContext> run, const WorkerLimits& limits, MakeBatchRunner make_runner);

// As many workers as the options ask for, but no more than there are tasks.
int num_workers_for(const Graph& graph, const RunOptions& options);

}  // namespace plait
