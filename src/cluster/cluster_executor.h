// ClusterExecutor: runs graphs on a cluster. What they make stays there, as RemoteValues, until somebody opens it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cluster/client_core.h"
#include "runtime/executor.h"

namespace plait::cluster {

class ClusterExecutor final : public Executor {
 public:
  explicit ClusterExecutor(ClientPtr client, std::optional<message::Annotation> annotation = std::nullopt)
      : client_(std::move(client)), annotation_(std::move(annotation)) {}
  std::string name() const override { return "cluster"; }
  bool shares_memory() const override { return false; }
  // Of the options only the observers count: what is to be used of the machine is the cluster's to say.
  RunPtr submit(std::shared_ptr<const Graph> graph, RunOptions options) override;

  const ClientPtr& client() const { return client_; }

 private:
  const ClientPtr client_;
  const std::optional<message::Annotation> annotation_;
};

// The client that the scheduler "cluster" means: the one that was made last and is open. Throws Error(value) if none
// is.
ClientPtr default_client();
void make_default(const ClientPtr& client);
// "cluster", also "distributed". Once, at start-up.
void register_cluster_executor();

}  // namespace plait::cluster
