#include "cluster/client_core.h"

#include <fmt/format.h>
#include <unistd.h>

#include "cluster/client_impl.h"
#include "cluster/remote_value.h"
#include "cluster/token_file.h"
#include "cluster/topology.h"
#include "runtime/open_files.h"

namespace plait::cluster {
namespace {

using Keys = ClientCore::Keys;

constexpr auto kTimeToConnect = std::chrono::seconds(10);

struct OpenClients {
  std::mutex mutex;
  std::map<std::string, std::weak_ptr<ClientCore>> by_address;
};
OpenClients& open_clients() {
  static auto* instance = new OpenClients;
  return *instance;
}

}  // namespace

const char* status_name(KeyStatus status) {
  switch (status) {
    case KeyStatus::pending:
      return "pending";
    case KeyStatus::finished:
      return "finished";
    case KeyStatus::error:
      return "error";
    case KeyStatus::lost:
      return "lost";
    case KeyStatus::cancelled:
      return "cancelled";
  }
  return "";
}

ClientPtr ClientCore::connect(const std::string& address, const std::string& token, const std::string& name,
                              std::chrono::milliseconds timeout) {
  allow_many_open_files();
  const Address where = parse_address(address);
  Admitted admitted =
      knock(where, Hello{token, PeerRole::client, name, 0, static_cast<std::uint64_t>(::getpid())}, timeout);
  auto impl = std::make_shared<Impl>();
  impl->address = where.text();
  impl->id = fmt::format("{}-{}-{}", name.empty() ? "Client" : name, ::getpid(), admitted.welcome.number);
  impl->scheduler_id = admitted.welcome.scheduler_id;
  impl->start(std::move(admitted));
  ClientPtr client(new ClientCore(std::move(impl)));
  std::lock_guard lock(open_clients().mutex);
  open_clients().by_address[client->address()] = client;
  return client;
}

ClientPtr client_for(const std::string& address) {
  {
    std::lock_guard lock(open_clients().mutex);
    const auto found = open_clients().by_address.find(parse_address(address).text());
    if (found != open_clients().by_address.end()) {
      if (ClientPtr client = found->second.lock(); client && client->is_connected()) return client;
    }
  }
  // Kept for the program: what it brings here may be asked for again and again.
  static auto* kept = new std::vector<ClientPtr>;
  ClientPtr client = ClientCore::connect(address, user_token(), "", kTimeToConnect);
  std::lock_guard lock(open_clients().mutex);
  kept->push_back(client);
  return client;
}

ClientCore::~ClientCore() { close(); }
void ClientCore::close() { impl_->close(); }

const std::string& ClientCore::address() const { return impl_->address; }
const std::string& ClientCore::id() const { return impl_->id; }
const std::string& ClientCore::scheduler_id() const { return impl_->scheduler_id; }

bool ClientCore::is_connected() const {
  std::lock_guard lock(impl_->mutex);
  return !impl_->is_lost;
}

void ClientCore::submit(const Graph& graph, std::vector<message::NamedTask> outputs,
                        const std::optional<message::Annotation>& annotation) {
  submit_and_watch(graph, std::move(outputs), annotation, nullptr);
}

std::uint64_t ClientCore::submit_and_watch(const Graph& graph, std::vector<message::NamedTask> outputs,
                                           const std::optional<message::Annotation>& annotation, OnTaskRan on_ran) {
  if (graph.size() == 0) return 0;
  message::SubmitGraph submitted{topology_of(graph, annotation), std::move(outputs), {}, existing_in(graph, *this)};
  Encoder to;
  encode(to, graph);
  Parcel parcel = Parcel::pack(to.take(), 0);
  std::vector<LetterOfClient> letters;
  std::uint64_t watch = 0;
  {
    std::lock_guard lock(impl_->mutex);
    impl_->require_connection();
    for (const message::NamedTask& output : submitted.outputs) impl_->hold(output.key);
    if (on_ran) {
      watch = ++impl_->last_request;
      impl_->watching[watch] = std::move(on_ran);
      letters.emplace_back(Watch{watch});
    }
  }
  letters.emplace_back(message::FromClient(std::move(submitted)));
  impl_->send_together(std::move(letters), std::move(parcel));
  return watch;
}

void ClientCore::unwatch(std::uint64_t watch) {
  std::lock_guard lock(impl_->mutex);
  impl_->watching.erase(watch);
}

void ClientCore::scatter(const std::string& key, const Value& value, const std::vector<std::string>& workers,
                         std::uint32_t num_copies) {
  Parcel parcel = Parcel::of_value(value);
  {
    std::lock_guard lock(impl_->mutex);
    impl_->require_connection();
    impl_->hold(key);
  }
  impl_->send_message(message::Scatter{key, value.num_bytes(), workers, num_copies}, std::move(parcel));
}

void ClientCore::want(const Keys& keys) {
  Keys news;
  {
    std::lock_guard lock(impl_->mutex);
    impl_->require_connection();
    for (const std::string& key : keys) {
      if (impl_->hold(key)) news.push_back(key);
    }
  }
  if (!news.empty()) impl_->send_message(message::Want{std::move(news)});
}

// Told together: a list of futures goes one by one. But what was sent before, which may build on the keys, goes before.
void ClientCore::release(const Keys& keys) {
  std::lock_guard lock(impl_->mutex);
  Keys released;
  for (const std::string& key : keys) {
    const auto found = impl_->keys.find(key);
    if (found == impl_->keys.end() || --found->second.num_holders > 0) continue;
    impl_->keys.erase(found);
    released.push_back(key);
  }
  if (released.empty() || impl_->is_lost) return;
  const std::uint64_t num_sent = impl_->num_sent;
  if (impl_->releasing && impl_->releasing_after == num_sent) {
    impl_->releasing->insert(impl_->releasing->end(), released.begin(), released.end());
    return;
  }
  impl_->releasing = std::make_shared<Keys>(std::move(released));
  impl_->releasing_after = num_sent;
  impl_->loop.post([impl = impl_, told = impl_->releasing] {
    {
      std::lock_guard inner(impl->mutex);
      if (impl->releasing == told) impl->releasing.reset();
      // Wanted again meanwhile.
      std::erase_if(*told, [&](const std::string& key) { return impl->keys.contains(key); });
    }
    if (!told->empty()) impl->mail->send(LetterOfClient(message::FromClient(message::Release{std::move(*told)})));
  });
}

void ClientCore::cancel(const Keys& keys, bool force, const CancelReason& why) {
  impl_->send_message(message::Cancel{keys, force, why.reason, why.text});
}

void ClientCore::cancel_now(const Keys& keys, bool force, const CancelReason& why, const Poll& poll) {
  std::unique_lock lock(impl_->mutex);
  if (impl_->is_lost) return;  // with the connection they were cancelled
  const std::uint64_t request = ++impl_->last_request;
  impl_->send_message(message::Cancel{keys, force, why.reason, why.text, request});
  impl_->wait_until(lock, std::nullopt, poll, [&] { return impl_->is_lost || impl_->dones.erase(request) > 0; });
}

CancelReason ClientCore::why_cancelled(const std::string& key) const {
  std::lock_guard lock(impl_->mutex);
  const auto found = impl_->keys.find(key);
  return found == impl_->keys.end() ? CancelReason() : found->second.why_cancelled;
}

void ClientCore::fire_and_forget(const Keys& keys) { impl_->send_message(message::FireAndForget{keys}); }

void ClientCore::retry(const Keys& keys) {
  {
    std::lock_guard lock(impl_->mutex);
    for (const std::string& key : keys) {
      const auto found = impl_->keys.find(key);
      if (found != impl_->keys.end() && is_failed(found->second.state.status))
        found->second.state.status = KeyStatus::pending;
    }
  }
  impl_->send_message(message::Retry{keys});
}

KeyStatus ClientCore::status(const std::string& key) const {
  std::lock_guard lock(impl_->mutex);
  return impl_->status_of(key);
}

std::vector<KeyStatus> ClientCore::statuses(const Keys& keys) const {
  std::lock_guard lock(impl_->mutex);
  std::vector<KeyStatus> all;
  all.reserve(keys.size());
  for (const std::string& key : keys) all.push_back(impl_->status_of(key));
  return all;
}

std::uint64_t ClientCore::num_bytes(const std::string& key) const {
  std::lock_guard lock(impl_->mutex);
  const auto found = impl_->keys.find(key);
  return found == impl_->keys.end() ? 0 : found->second.state.num_bytes;
}

std::optional<Fault> ClientCore::fault(const std::string& key) const {
  KeyEntry entry;
  {
    std::lock_guard lock(impl_->mutex);
    if (impl_->is_lost) return Fault{.kind = ErrorKind::runtime, .message = impl_->lost_because};
    const auto found = impl_->keys.find(key);
    if (found == impl_->keys.end()) return fault_of_failure(KeyStatus::cancelled, TaskFailure::none, key, std::nullopt);
    entry = found->second;
  }
  if (!is_failed(entry.state.status)) return std::nullopt;
  return fault_of_failure(entry.state.status, entry.state.failure, key, entry.fault);
}

void ClientCore::on_change(std::function<void(std::vector<KeyChange>)> told) {
  std::lock_guard lock(impl_->mutex);
  impl_->told = std::move(told);
}

}  // namespace plait::cluster
