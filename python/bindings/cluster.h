// Clusters and clients in Python: plait._plait.cluster.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>

#include "cluster/cluster_executor.h"

namespace plait::python {

// What `scheduler=` takes to run on a client's cluster. Bound as plait._plait.cluster.Executor.
struct ClusterExecutorHandle {
  std::shared_ptr<cluster::ClusterExecutor> executor;
};

void bind_cluster(nanobind::module_& m);
// The part of it that clients are.
void bind_cluster_client(nanobind::module_& m);
// Workers without a cluster: plait._plait.cluster.WorkerThread, WorkerProcess.
void bind_cluster_workers(nanobind::module_& m);
// The page that shows a cluster at work: plait._plait.cluster.Dashboard.
void bind_dashboard(nanobind::module_& m);

}  // namespace plait::python
