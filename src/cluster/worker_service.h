// The service of worker processes (runtime/worker_main.h): a child that is a worker of a cluster.
#pragma once

#include "cluster/worker.h"
#include "runtime/channel.h"

namespace plait::cluster {

inline constexpr const char* kWorkerService = "cluster worker";

// Once, at start-up.
void register_worker_service();

// What the parent says first: which service it wants, what the worker is, and where it notes what it runs. False if the
// child is gone.
bool send_orders(Channel& channel, const WorkerSettings& settings, const ExecutingPage& page);

}  // namespace plait::cluster
