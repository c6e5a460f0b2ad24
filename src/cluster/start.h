// Makes the cluster's value types, executors and the service of worker processes known. Called before a cluster or a
// client is made; more calls do nothing.
#pragma once

namespace plait::cluster {

void start_cluster();

}  // namespace plait::cluster
