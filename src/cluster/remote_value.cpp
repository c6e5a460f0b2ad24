#include "cluster/remote_value.h"

#include "base/elsewhere.h"

namespace plait::cluster {
namespace {

Value open_remote(const void* data, std::size_t& new_bytes) {
  Value value = opened(static_cast<const RemoteValue*>(data)->parcel().value());
  new_bytes = value.num_bytes();
  return value;
}

}  // namespace

void KeyHandle::bring(Parcel parcel) {
  std::lock_guard lock(mutex_);
  parcel_ = std::move(parcel);
}

Parcel KeyHandle::parcel(const Poll& poll) const {
  {
    std::lock_guard lock(mutex_);
    if (parcel_) return *parcel_;
  }
  return client_->gather({key_}, poll).at(0);
}

Parcel RemoteValue::parcel() const {
  if (handle_) return handle_->parcel();
  return client_for(address_)->gather({key_}, nullptr).at(0);
}

std::vector<message::NamedTask> existing_in(const Graph& graph, const ClientCore& client) {
  std::vector<message::NamedTask> existing;
  for (TaskId id = 0; id < graph.size(); ++id) {
    const Value* held = graph.value_of(id);
    const auto* remote = held ? held->get_if<RemoteValue>() : nullptr;
    if (remote && remote->address() == client.address()) existing.push_back({id, remote->key()});
  }
  return existing;
}

void register_remote_values() {
  register_value_type(value_type<RemoteValue>());
  register_elsewhere(value_type<RemoteValue>(), open_remote);
}

}  // namespace plait::cluster

namespace plait {

using cluster::RemoteValue;

template <>
const ValueType& value_type<RemoteValue>() {
  static const ValueType type = {.name = "value on a cluster",
                                 .num_bytes = [](const void*) { return sizeof(RemoteValue); },
                                 .describe =
                                     [](const void* data) {
                                       const auto& remote = *static_cast<const RemoteValue*>(data);
                                       return "'" + remote.key() + "' on the cluster at " + remote.address();
                                     },
                                 .encode =
                                     [](Encoder& to, const void* data) {
                                       const auto& remote = *static_cast<const RemoteValue*>(data);
                                       encode(to, remote.address());
                                       encode(to, remote.key());
                                     },
                                 .decode = [](Decoder& from) -> std::shared_ptr<const void> {
                                   auto address = decode<std::string>(from);
                                   auto key = decode<std::string>(from);
                                   return std::make_shared<const RemoteValue>(std::move(address), std::move(key));
                                 }};
  return type;
}

}  // namespace plait
