// What a client waits for: keys, values, answers.
#include <array>

#include "cluster/client_impl.h"

namespace plait::cluster {

bool ClientCore::wait(const Keys& keys, WaitFor what, Timeout timeout, const Poll& poll) const {
  std::unique_lock lock(impl_->mutex);
  std::size_t num_done = 0;  // from the first on
  std::optional<std::uint64_t> failures_seen;
  const auto has_come = [&] {
    if (what == WaitFor::any) {
      for (const std::string& key : keys) {
        if (is_done(impl_->status_of(key))) return true;
      }
      return keys.empty();
    }
    while (num_done < keys.size() && is_done(impl_->status_of(keys[num_done]))) ++num_done;
    if (num_done == keys.size()) return true;
    if (what == WaitFor::all || failures_seen == impl_->num_failures) return false;
    failures_seen = impl_->num_failures;
    for (const std::string& key : keys) {
      if (is_failed(impl_->status_of(key))) return true;
    }
    return false;
  };
  return impl_->wait_until(lock, timeout, poll, has_come);
}

std::vector<Parcel> ClientCore::gather(const Keys& keys, const Poll& poll) {
  std::vector<Parcel> parcels;
  if (keys.empty()) return parcels;
  std::unique_lock lock(impl_->mutex);
  impl_->require_connection();
  const std::uint64_t request = ++impl_->last_request;
  Gathering& gathering = impl_->gatherings[request];
  gathering.keys = keys;
  gathering.parcels.resize(keys.size());
  gathering.num_left = keys.size();
  lock.unlock();
  impl_->send_message(message::Gather{request, keys});
  lock.lock();
  const auto forget = [&] { impl_->gatherings.erase(request); };
  try {
    impl_->wait_until(lock, std::nullopt, poll, [&] { return gathering.fault || gathering.num_left == 0; });
  } catch (...) {
    if (!lock.owns_lock()) lock.lock();
    forget();
    throw;
  }
  if (gathering.fault) {
    Fault fault = *gathering.fault;
    forget();
    throw TaskError(std::move(fault));
  }
  for (std::optional<Parcel>& parcel : gathering.parcels) parcels.push_back(std::move(*parcel));
  forget();
  return parcels;
}

PlainData ClientCore::ask(const std::string& what, const PlainData& arguments, const Poll& poll) {
  return impl_->asked(what, arguments, std::nullopt, poll).answer.data;
}

Graph ClientCore::recipe(const std::string& key, const Poll& poll) {
  const Answered answered = impl_->asked("recipe", PlainData::Dict{{"key", key}}, std::nullopt, poll);
  const Record record = answered.parcel.value().unpack();
  Decoder from(record);
  const auto whole = decode<Graph>(from);
  const auto task = static_cast<TaskId>(std::get<std::int64_t>(answered.answer.data.held));
  return cull(whole, std::array{task});
}

void ClientCore::greet(const std::string& name, const std::optional<KernelCall>& call, const Poll& poll) {
  std::optional<Parcel> function;
  if (call) {
    Encoder to;
    encode(to, *call);
    function = Parcel::pack(to.take(), 0);
  }
  impl_->asked("greet", PlainData::Dict{{"name", name}}, std::move(function), poll);
}

std::vector<WorkerAnswer> ClientCore::call(const KernelCall& call,
                                           const std::optional<std::vector<std::string>>& workers, const Poll& poll) {
  Encoder to;
  encode(to, call);
  PlainData::Dict arguments;
  if (workers) arguments["workers"] = list_of(*workers);
  std::unique_lock lock(impl_->mutex);
  impl_->require_connection();
  const std::uint64_t request = ++impl_->last_request;
  Calling& calling = impl_->callings[request];
  impl_->send(Ask{request, "call", arguments}, Parcel::pack(to.take(), 0));
  impl_->wait_until(lock, std::nullopt, poll, [&] { return calling.num_expected == calling.answers.size(); });
  return std::move(impl_->callings.extract(request).mapped().answers);
}

template <class Message>
static std::uint64_t numbered(Message& message, std::uint64_t request) {
  std::visit(
      [&](auto& one) {
        if constexpr (requires { one.request = request; }) one.request = request;
      },
      message);
  return request;
}

message::Done ClientCore::request(message::FromClient message, const Poll& poll) {
  std::unique_lock lock(impl_->mutex);
  impl_->require_connection();
  const std::uint64_t request = numbered(message, ++impl_->last_request);
  impl_->send_message(std::move(message));
  impl_->wait_until(lock, std::nullopt, poll, [&] { return impl_->dones.contains(request); });
  return std::move(impl_->dones.extract(request).mapped());
}

message::ObjectReply ClientCore::request_object(message::ObjectRequest message, const Poll& poll) {
  std::unique_lock lock(impl_->mutex);
  impl_->require_connection();
  message.request = ++impl_->last_request;
  const std::uint64_t request = message.request;
  impl_->send_message(std::move(message));
  impl_->wait_until(lock, std::nullopt, poll, [&] { return impl_->replies.contains(request); });
  return std::move(impl_->replies.extract(request).mapped());
}

}  // namespace plait::cluster
