// A snapshot of a cluster, asked for as any client asks: the scheduler's loop does no more than answer.
#pragma once

#include <string>

#include "cluster/client_core.h"
#include "dashboard/snapshot.h"

namespace plait::dashboard {

// Throws what the client's questions throw: Error(runtime) if the scheduler is gone.
Snapshot snapshot_of(cluster::ClientCore& client);

// Of answers to "info", "counts" and "progress".
Snapshot snapshot_of(const cluster::PlainData& info, const cluster::PlainData& counts,
                     const cluster::PlainData& progress);

}  // namespace plait::dashboard
