#include "cluster/cluster_executor.h"

#include <fmt/format.h>

#include <atomic>
#include <mutex>

#include "base/function.h"
#include "cluster/letters.h"
#include "cluster/remote_value.h"
#include "cluster/worker.h"
#include "runtime/observers.h"

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

// Tells the observers of one run what the scheduler tells of its tasks: that one has begun is known when it has ended.
class Watching {
 public:
  Watching(std::shared_ptr<const Graph> graph, const RunOptions& options)
      : graph_(std::move(graph)), observers_(options), has_ended_(graph_->size()) {
    observers_.tell([&](Observer& observer) { observer.run_started(*graph_, 1); });
  }

  bool any() const { return observers_.any(); }
  void ran(const TaskRan& ran) {
    // One that is made again after a loss is told of once.
    if (ran.index >= has_ended_.size() || has_ended_[ran.index]) return;
    has_ended_[ran.index] = ran.ok;
    const auto end = Observer::Clock::now();
    const auto start = end - std::chrono::nanoseconds(ran.duration_ns);
    const int worker = static_cast<int>(ran.worker);
    observers_.tell([&](Observer& observer) {
      observer.task_started(*graph_, ran.index, worker, start);
      if (ran.ok)
        observer.task_finished(*graph_, ran.index, worker, end, {.num_bytes = ran.num_bytes, .num_rows = {}});
      else
        observer.task_failed(*graph_, ran.index, worker, end);
    });
  }
  void finished(bool failed) { observers_.run_finished(*graph_, failed); }

 private:
  const std::shared_ptr<const Graph> graph_;
  Observers observers_;
  std::vector<bool> has_ended_;  // of the client's thread
};

// A task that waits for a run of its own leaves its place among the worker's threads meanwhile: the run may need it.
class BesideThreads {
 public:
  BesideThreads() : has_seceded_(secede()) {}
  BesideThreads(const BesideThreads&) = delete;
  BesideThreads& operator=(const BesideThreads&) = delete;
  ~BesideThreads() {
    if (has_seceded_) rejoin();
  }

 private:
  const bool has_seceded_;
};

class ClusterRun final : public Run {
 public:
  // `watching`: null if nobody does.
  ClusterRun(ClientPtr client, ClientCore::Keys keys, std::shared_ptr<Watching> watching, std::uint64_t watch)
      : client_(std::move(client)), keys_(std::move(keys)), watching_(std::move(watching)), watch_(watch) {
    for (const std::string& key : keys_) handles_.push_back(std::make_shared<KeyHandle>(client_, key));
  }
  ~ClusterRun() override {
    if (watching_) stop_watching(error() != nullptr);
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
    const std::exception_ptr why = error();
    stop_watching(why != nullptr);
    if (!why) return;
    cancel();
    std::rethrow_exception(why);
  }
  void wait_for(std::size_t output, const Poll& poll) override { wait_or_cancel({keys_.at(output)}, poll); }

  void bring_values(const Poll& poll) override {
    const BesideThreads beside;
    std::vector<Parcel> parcels = client_->gather(keys_, poll);
    for (std::size_t i = 0; i < parcels.size(); ++i) handles_[i]->bring(std::move(parcels[i]));
  }

  void cancel() override {
    if (client_->is_connected()) client_->cancel(keys_, false);
  }

 private:
  void wait_or_cancel(const ClientCore::Keys& keys, const Poll& poll) {
    const BesideThreads beside;
    try {
      client_->wait(keys, WaitFor::first_error, std::nullopt, poll);
    } catch (...) {
      stop_watching(true);
      cancel();
      throw;
    }
  }

  void stop_watching(bool failed) {
    if (!watching_) return;
    client_->unwatch(watch_);
    watching_->finished(failed);
  }

  const ClientPtr client_;
  const ClientCore::Keys keys_;
  const std::shared_ptr<Watching> watching_;
  const std::uint64_t watch_;
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

RunPtr ClusterExecutor::submit(std::shared_ptr<const Graph> graph, RunOptions options) {
  static std::atomic<std::uint64_t> last_run = 0;
  require_that_functions_can_travel(*graph);
  const std::uint64_t run = ++last_run;
  std::vector<message::NamedTask> outputs;
  ClientCore::Keys keys;
  for (std::size_t i = 0; i < graph->outputs().size(); ++i) {
    keys.push_back(fmt::format("run-{}-{}-{}", client_->id(), run, i));
    outputs.push_back({graph->outputs()[i], keys.back()});
  }
  auto watching = std::make_shared<Watching>(graph, options);
  if (!watching->any()) watching.reset();
  ClientCore::OnTaskRan on_ran;
  if (watching) on_ran = [watching](const TaskRan& ran) { watching->ran(ran); };
  try {
    const std::uint64_t watch = client_->submit_and_watch(*graph, std::move(outputs), annotation_, std::move(on_ran));
    return std::make_shared<ClusterRun>(client_, std::move(keys), watching, watch);
  } catch (...) {
    if (watching) watching->finished(true);
    throw;
  }
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
