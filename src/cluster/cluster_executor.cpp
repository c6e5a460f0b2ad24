#include "cluster/cluster_executor.h"

#include <fmt/format.h>

#include <atomic>
#include <mutex>

#include "base/function.h"
#include "cluster/remote_value.h"

namespace plait::cluster {
namespace {

void require_that_functions_can_travel(const Graph& graph) {
  for (const KernelCall& call : graph.calls()) {
    const Function* function = call_kernel.params_of(call);
    if (function && !function->is_registered())
      throw type_error(
          fmt::format("the function '{}' exists in this process only, so a cluster cannot run it: register "
                      "it by name, or use the scheduler 'threads'",
                      function->name()));
  }
}

OutputState output_state(KeyStatus status) {
  switch (status) {
    case KeyStatus::pending:
      return OutputState::pending;
    case KeyStatus::finished:
      return OutputState::finished;
    case KeyStatus::cancelled:
      return OutputState::cancelled;
    case KeyStatus::error:
    case KeyStatus::lost:
      break;
  }
  return OutputState::failed;
}

class ClusterRun final : public Run {
 public:
  ClusterRun(ClientPtr client, ClientCore::Keys keys) : client_(std::move(client)), keys_(std::move(keys)) {
    for (const std::string& key : keys_) handles_.push_back(std::make_shared<KeyHandle>(client_, key));
  }

  std::size_t num_outputs() const override { return keys_.size(); }
  OutputState state(std::size_t output) const override { return output_state(client_->status(keys_.at(output))); }
  Value value(std::size_t output) const override { return Value::of(RemoteValue(handles_.at(output))); }

  std::exception_ptr error() const override {
    for (const std::string& key : keys_) {
      if (const std::optional<Fault> fault = client_->fault(key)) return std::make_exception_ptr(TaskError(*fault));
    }
    return nullptr;
  }

  void wait(const Poll& poll) override {
    wait_or_cancel(keys_, poll);
    // What was finished and is lost again is on its way: whoever opens it waits for it.
    if (const std::exception_ptr why = error()) {
      cancel();
      std::rethrow_exception(why);
    }
  }
  void wait_for(std::size_t output, const Poll& poll) override { wait_or_cancel({keys_.at(output)}, poll); }

  void bring_values(const Poll& poll) override {
    std::vector<Parcel> parcels = client_->gather(keys_, poll);
    for (std::size_t i = 0; i < parcels.size(); ++i) handles_[i]->bring(std::move(parcels[i]));
  }

  void cancel() override {
    if (client_->is_connected()) client_->cancel(keys_, false);
  }

 private:
  void wait_or_cancel(const ClientCore::Keys& keys, const Poll& poll) {
    try {
      client_->wait(keys, WaitFor::first_error, std::nullopt, poll);
    } catch (...) {
      cancel();
      throw;
    }
  }

  const ClientPtr client_;
  const ClientCore::Keys keys_;
  std::vector<std::shared_ptr<KeyHandle>> handles_;
};

struct Default {
  std::mutex mutex;
  std::vector<std::weak_ptr<ClientCore>> clients;
};
Default& defaults() {
  static auto* instance = new Default;
  return *instance;
}

// The scheduler that a name means changes with the clients that there are.
class DefaultClusterExecutor final : public Executor {
 public:
  std::string name() const override { return "cluster"; }
  bool shares_memory() const override { return false; }
  RunPtr submit(std::shared_ptr<const Graph> graph, RunOptions options) override {
    return ClusterExecutor(default_client()).submit(std::move(graph), std::move(options));
  }
};

}  // namespace

RunPtr ClusterExecutor::submit(std::shared_ptr<const Graph> graph, RunOptions) {
  static std::atomic<std::uint64_t> last_run = 0;
  require_that_functions_can_travel(*graph);
  const std::uint64_t run = ++last_run;
  std::vector<message::NamedTask> outputs;
  ClientCore::Keys keys;
  for (std::size_t i = 0; i < graph->outputs().size(); ++i) {
    keys.push_back(fmt::format("run-{}-{}-{}", client_->id(), run, i));
    outputs.push_back({graph->outputs()[i], keys.back()});
  }
  client_->submit(*graph, std::move(outputs), annotation_);
  return std::make_shared<ClusterRun>(client_, std::move(keys));
}

void make_default(const ClientPtr& client) {
  std::lock_guard lock(defaults().mutex);
  defaults().clients.push_back(client);
}

ClientPtr default_client() {
  std::lock_guard lock(defaults().mutex);
  auto& clients = defaults().clients;
  while (!clients.empty()) {
    if (ClientPtr client = clients.back().lock(); client && client->is_connected()) return client;
    clients.pop_back();
  }
  throw value_error(
      "the scheduler 'cluster' needs a client: make a Client of a LocalCluster or of a scheduler's address");
}

void register_cluster_executor() {
  register_executor("cluster", {"distributed", "dask.distributed"},
                    [] { return std::unique_ptr<Executor>(std::make_unique<DefaultClusterExecutor>()); });
}

}  // namespace plait::cluster
