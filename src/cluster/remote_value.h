// RemoteValue: a value on a cluster, as a value of this process. It is elsewhere (base/elsewhere.h) until somebody
// opens it, which gathers it. In a graph for the same cluster it stands for the result that is there already. As long
// as a copy of it lives, the key stays wanted. In another process it is a reference that opens by that process's own
// client.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cluster/client_core.h"

namespace plait::cluster {

// Holds a key: it is released when the last copy goes.
class KeyHandle {
 public:
  // The key is wanted already, once for this handle.
  KeyHandle(ClientPtr client, std::string key) : client_(std::move(client)), key_(std::move(key)) {}
  KeyHandle(const KeyHandle&) = delete;
  KeyHandle& operator=(const KeyHandle&) = delete;
  ~KeyHandle() { client_->release({key_}); }

  const ClientPtr& client() const { return client_; }
  const std::string& key() const { return key_; }
  // The value was brought here together with others.
  void bring(Parcel parcel);
  Parcel parcel(const Poll& poll = nullptr) const;

 private:
  const ClientPtr client_;
  const std::string key_;
  mutable std::mutex mutex_;
  mutable std::optional<Parcel> parcel_;
};

class RemoteValue {
 public:
  explicit RemoteValue(std::shared_ptr<KeyHandle> handle)
      : address_(handle->client()->address()), key_(handle->key()), handle_(std::move(handle)) {}
  // From another process.
  RemoteValue(std::string address, std::string key) : address_(std::move(address)), key_(std::move(key)) {}

  const std::string& address() const { return address_; }
  const std::string& key() const { return key_; }
  Parcel parcel() const;

 private:
  std::string address_;
  std::string key_;
  std::shared_ptr<KeyHandle> handle_;  // null in another process
};

// The tasks of the graph that stand for what is on the client's cluster already.
std::vector<message::NamedTask> existing_in(const Graph& graph, const ClientCore& client);

void register_remote_values();

}  // namespace plait::cluster

namespace plait {

template <>
const ValueType& value_type<cluster::RemoteValue>();

}  // namespace plait
