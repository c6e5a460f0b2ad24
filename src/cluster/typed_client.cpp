// Client and ClusterFuture: the public face of ClientCore for C++ programs, whose functions are registered by name.
#include <fmt/format.h>

#include <atomic>

#include "base/elsewhere.h"
#include "base/function.h"
#include "cluster/cluster_executor.h"
#include "cluster/remote_value.h"
#include "cluster/start.h"
#include "cluster/token_file.h"
#include "plait/cluster.h"
#include "runtime/objects.h"

namespace plait {
namespace detail {

class ClusterKey {
 public:
  ClusterKey(cluster::ClientPtr client, std::string key)
      : handle(std::make_shared<cluster::KeyHandle>(std::move(client), std::move(key))) {}

  cluster::ClientCore& client() const { return *handle->client(); }

  const std::shared_ptr<cluster::KeyHandle> handle;
};

std::string cluster_key_state(const ClusterKeyPtr& key) {
  return cluster::status_name(key->client().status(key->handle->key()));
}

void cluster_key_wait(const ClusterKeyPtr& key) {
  key->client().wait({key->handle->key()}, cluster::WaitFor::all, std::nullopt, nullptr);
}

void cluster_key_cancel(const ClusterKeyPtr& key) {
  key->client().cancel_now({key->handle->key()}, false, {}, nullptr);
}

const std::string& cluster_key_text(const ClusterKeyPtr& key) { return key->handle->key(); }

std::shared_ptr<const void> cluster_key_value(const ClusterKeyPtr& key, const ObjectOps* type) {
  cluster_key_wait(key);
  if (const auto fault = key->client().fault(key->handle->key())) throw TaskError(*fault);
  const Value value = opened(key->handle->parcel().value());
  if (type) return {std::make_shared<Value>(value), object_in(value, *type)};
  return {std::make_shared<Value>(value), value.data()};
}

}  // namespace detail

struct Client::Impl {
  Impl(const std::string& address, double timeout_s) {
    cluster::start_cluster();
    register_object_types();
    register_function_kernel();
    core = cluster::ClientCore::connect(address, cluster::user_token(), "",
                                        std::chrono::milliseconds(static_cast<std::int64_t>(timeout_s * 1000)));
    cluster::make_default(core);
  }

  cluster::ClientPtr core;
  std::atomic<std::uint64_t> last_call = 0;
};

Client::Client(const LocalCluster& cluster) : Client(cluster.address()) {}
Client::Client(const std::string& address, double timeout_s) : impl_(std::make_shared<Impl>(address, timeout_s)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() { close(); }

const std::string& Client::address() const { return impl_->core->address(); }
bool Client::is_connected() const { return impl_ && impl_->core->is_connected(); }
void Client::close() {
  if (impl_) impl_->core->close();
}

std::vector<detail::ClusterKeyPtr> Client::submit_calls(
    const std::string& function, const std::vector<std::vector<detail::ClusterArgument>>& calls) {
  Graph graph;
  const LayerId layer = graph.add_layer(
      {.name = function, .op = function, .grid = {static_cast<std::int64_t>(calls.size())}, .source = "", .keys = {}});
  const LayerId given = graph.add_layer({.name = "given", .op = "given", .grid = {}, .source = "", .keys = {}});
  const CallId call = graph.add_call(call_kernel(Function::named(function)));
  std::vector<message::NamedTask> outputs;
  std::vector<std::string> keys;
  for (const auto& arguments : calls) {
    std::vector<TaskId> inputs;
    for (const detail::ClusterArgument& argument : arguments) {
      Value value;
      if (argument.future) {
        const auto& handle = argument.future->handle;
        if (handle->client()->scheduler_id() != impl_->core->scheduler_id())
          throw value_error(
              fmt::format("the future '{}' belongs to another cluster: bring its value here first, with "
                          "result()",
                          handle->key()));
        value = Value::of(cluster::RemoteValue(handle));
      } else if (argument.ops) {
        value = Value::of(Object{argument.value, argument.ops});
      } else {
        value = Value::of(*static_cast<const NdArray*>(argument.value.get()));
      }
      inputs.push_back(graph.add_value(std::move(value), given, 0));
    }
    const auto block = static_cast<std::uint32_t>(outputs.size());
    keys.push_back(fmt::format("{}-{}-{}", function, impl_->core->id(), ++impl_->last_call));
    outputs.push_back({graph.add_task(call, inputs, layer, block), keys.back()});
    graph.add_output(outputs.back().index);
  }
  impl_->core->submit(graph, std::move(outputs));
  std::vector<detail::ClusterKeyPtr> held;
  for (std::string& key : keys) held.push_back(std::make_shared<detail::ClusterKey>(impl_->core, std::move(key)));
  return held;
}

void Client::bring(const std::vector<detail::ClusterKeyPtr>& keys) {
  if (keys.empty()) return;
  std::vector<std::string> names;
  for (const auto& key : keys) names.push_back(key->handle->key());
  std::vector<Parcel> parcels = keys.front()->client().gather(names, nullptr);
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i]->handle->bring(std::move(parcels[i]));
}

}  // namespace plait
