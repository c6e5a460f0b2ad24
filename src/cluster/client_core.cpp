#include "cluster/client_core.h"

#include <fmt/format.h>
#include <unistd.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "cluster/failures.h"
#include "cluster/handshake.h"
#include "cluster/mail.h"
#include "cluster/remote_value.h"
#include "cluster/token_file.h"
#include "cluster/topology.h"
#include "runtime/open_files.h"

namespace plait::cluster {
namespace {

using Clock = EventLoop::Clock;
using Keys = ClientCore::Keys;

constexpr auto kLook = std::chrono::milliseconds(20);
constexpr auto kTimeToConnect = std::chrono::seconds(10);

struct KeyEntry {
  message::KeyState state;
  std::optional<Parcel> fault;
  int num_holders = 0;
};

// What somebody waits for.
struct Gathering {
  std::vector<std::optional<Parcel>> parcels;
  std::size_t num_left = 0;
  std::optional<Fault> fault;
};
struct Calling {
  std::optional<std::size_t> num_expected;
  std::vector<WorkerAnswer> answers;
};

bool is_done(KeyStatus status) { return status != KeyStatus::pending; }
bool is_failed(KeyStatus status) { return is_done(status) && status != KeyStatus::finished; }

struct OpenClients {
  std::mutex mutex;
  std::map<std::string, std::weak_ptr<ClientCore>> by_address;
};
OpenClients& open_clients() {
  static auto* instance = new OpenClients;
  return *instance;
}

}  // namespace

struct ClientCore::Impl : std::enable_shared_from_this<ClientCore::Impl> {
  using Lock = std::unique_lock<std::mutex>;

  // --- The thread of the connection ---

  void start(Admitted admitted) {
    const auto connection =
        std::make_shared<Connection>(loop, std::move(admitted.connected.socket), admitted.connected.passes_memory);
    connection->trust();
    mail = std::make_unique<Mail>(connection);
    connection->start(
        [this](Frame frame, std::vector<FileDescriptor> memory) {
          receive(MailReader(std::move(frame), std::move(memory)));
        },
        [this](const std::string& why) { lose(why); });
    loop.when_idle([this] {
      mail->flush();
      tell_changes();
    });
    thread = std::thread([self = shared_from_this()] { self->loop.run(); });
  }

  void receive(MailReader letters) {
    std::lock_guard lock(mutex);
    while (letters.has_more()) {
      auto [letter, parcel] = letters.next<ClientLetter>();
      if (const auto* message = std::get_if<message::ToClient>(&letter))
        std::visit([&](const auto& one) { take(one, parcel); }, *message);
      else
        std::visit([&](const auto& one) { take(one, parcel); }, letter);
    }
    changed.notify_all();
  }

  // Under the lock, all of them.
  void take(const message::ToClient&, const std::optional<Parcel>&) {}
  void take(const message::KeyState& state, std::optional<Parcel>& parcel) {
    const auto found = keys.find(state.key);
    if (found == keys.end()) return;
    found->second.state = state;
    found->second.fault = std::move(parcel);
    if (is_failed(state.status)) ++num_failures;
    if (told) changes.push_back({state.key, state.status});
  }
  void take(const message::Gathered& gathered, std::optional<Parcel>& parcel) {
    const auto found = gatherings.find(gathered.request);
    if (found == gatherings.end() || gathered.index >= found->second.parcels.size()) return;
    Gathering& gathering = found->second;
    if (gathering.num_left > 0) --gathering.num_left;
    if (gathered.status == KeyStatus::finished && parcel)
      gathering.parcels[gathered.index] = std::move(*parcel);
    else if (!gathering.fault)
      gathering.fault = fault_of_failure(gathered.status, gathered.failure, "", parcel);
  }
  void take(const message::Done& done, std::optional<Parcel>&) { dones[done.request] = done; }
  void take(const message::ObjectReply& reply, std::optional<Parcel>&) { replies[reply.request] = reply; }
  // A bug of this program: nothing that it waits for can be trusted to come.
  void take(const message::Refused& refused, std::optional<Parcel>&) {
    is_lost = true;
    lost_because = fmt::format("the scheduler at {} did not understand this client: {}", address, refused.text);
  }
  void take(const Answer& answer, std::optional<Parcel>&) {
    const auto calling = callings.find(answer.request);
    if (calling == callings.end()) {
      answers[answer.request] = answer;
    } else {
      const auto* called = std::get_if<PlainData::List>(&answer.data.held);
      calling->second.num_expected = called ? called->size() : 0;
    }
  }
  void take(const CalledOn& called, std::optional<Parcel>& parcel) {
    const auto calling = callings.find(called.request);
    if (calling != callings.end() && parcel)
      calling->second.answers.push_back({called.worker, called.ok, std::move(*parcel)});
  }

  void lose(const std::string& why) {
    std::lock_guard lock(mutex);
    if (is_lost) return;
    is_lost = true;
    if (lost_because.empty())
      lost_because = fmt::format("the connection to the scheduler at {} is lost{}{}: what was on the cluster is gone",
                                 address, why.empty() ? "" : ", ", why);
    for (auto& [key, entry] : keys) {
      if (entry.state.status != KeyStatus::pending && entry.state.status != KeyStatus::finished) continue;
      entry.state.status = KeyStatus::cancelled;
      if (told) changes.push_back({key, KeyStatus::cancelled});
    }
    ++num_failures;
    changed.notify_all();
  }

  void tell_changes() {
    std::vector<KeyChange> news;
    std::function<void(std::vector<KeyChange>)> whom;
    {
      std::lock_guard lock(mutex);
      if (changes.empty()) return;
      news.swap(changes);
      whom = told;
    }
    if (whom) whom(std::move(news));
  }

  // --- Other threads ---

  template <class Letter>
  void send(Letter letter, std::optional<Parcel> parcel = std::nullopt) {
    loop.post([impl = shared_from_this(), letter = std::move(letter), parcel = std::move(parcel)] {
      impl->mail->send(LetterOfClient(letter), parcel ? &*parcel : nullptr);
    });
  }
  void send_message(message::FromClient message, std::optional<Parcel> parcel = std::nullopt) {
    send(LetterOfClient(std::move(message)), std::move(parcel));
  }

  // Under the lock.
  void require_connection() const {
    if (is_lost) throw Error(ErrorKind::runtime, lost_because);
  }

  // Waits until `look`, under the lock, says that it has come. False if the time was up.
  template <class Look>
  bool wait_until(Lock& lock, Timeout timeout, const Poll& poll, const Look& look) {
    const auto deadline = Clock::now() + timeout.value_or(std::chrono::hours(24 * 365));
    while (!look()) {
      require_connection();
      const auto left = deadline - Clock::now();
      if (left <= Clock::duration::zero()) return false;
      changed.wait_for(lock, std::min<Clock::duration>(left, kLook));
      if (!poll) continue;
      lock.unlock();
      poll();
      lock.lock();
    }
    return true;
  }

  // Under the lock.
  KeyStatus status_of(const std::string& key) const {
    const auto found = keys.find(key);
    return found == keys.end() ? KeyStatus::cancelled : found->second.state.status;
  }

  // Under the lock. True for those that nobody had.
  bool hold(const std::string& key) {
    KeyEntry& entry = keys[key];
    entry.state.key = key;
    return ++entry.num_holders == 1;
  }

  void close() {
    {
      std::lock_guard lock(mutex);
      if (!is_lost && lost_because.empty())
        lost_because = fmt::format("the client of the scheduler at {} has been closed", address);
    }
    lose("");
    if (!thread.joinable()) return;
    loop.post([impl = this] {
      impl->mail->flush();
      impl->mail->connection().close_when_sent();
    });
    loop.stop();
    if (thread.get_id() == std::this_thread::get_id())
      thread.detach();
    else
      thread.join();
  }

  std::string address;
  std::string id;
  std::string scheduler_id;
  EventLoop loop;
  std::thread thread;
  std::unique_ptr<Mail> mail;  // of the thread

  mutable std::mutex mutex;
  std::condition_variable changed;
  bool is_lost = false;
  std::string lost_because;
  std::unordered_map<std::string, KeyEntry> keys;
  std::uint64_t num_failures = 0;  // changes whenever a key has failed
  Keys released;                   // to be told
  std::uint64_t last_request = 0;
  std::map<std::uint64_t, Gathering> gatherings;
  std::map<std::uint64_t, Calling> callings;
  std::map<std::uint64_t, Answer> answers;
  std::map<std::uint64_t, message::Done> dones;
  std::map<std::uint64_t, message::ObjectReply> replies;
  std::function<void(std::vector<KeyChange>)> told;
  std::vector<KeyChange> changes;
};

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
  if (graph.size() == 0) return;
  message::SubmitGraph submitted{topology_of(graph, annotation), std::move(outputs), {}, existing_in(graph, *this)};
  Encoder to;
  encode(to, graph);
  Parcel parcel = Parcel::pack(to.take(), 0);
  {
    std::lock_guard lock(impl_->mutex);
    impl_->require_connection();
    for (const message::NamedTask& output : submitted.outputs) impl_->hold(output.key);
  }
  impl_->send_message(std::move(submitted), std::move(parcel));
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

// Told together: a list of futures goes one by one.
void ClientCore::release(const Keys& keys) {
  std::lock_guard lock(impl_->mutex);
  const bool is_told = !impl_->released.empty();
  for (const std::string& key : keys) {
    const auto found = impl_->keys.find(key);
    if (found == impl_->keys.end() || --found->second.num_holders > 0) continue;
    impl_->keys.erase(found);
    impl_->released.push_back(key);
  }
  if (is_told || impl_->released.empty() || impl_->is_lost) return;
  impl_->loop.post([impl = impl_] {
    Keys released;
    {
      std::lock_guard inner(impl->mutex);
      released.swap(impl->released);
      // Wanted again meanwhile.
      std::erase_if(released, [&](const std::string& key) { return impl->keys.contains(key); });
    }
    if (!released.empty()) impl->mail->send(LetterOfClient(message::FromClient(message::Release{released})));
  });
}

void ClientCore::cancel(const Keys& keys, bool force) { impl_->send_message(message::Cancel{keys, force}); }

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
  std::unique_lock lock(impl_->mutex);
  impl_->require_connection();
  const std::uint64_t request = ++impl_->last_request;
  impl_->send(Ask{request, what, arguments});
  impl_->wait_until(lock, std::nullopt, poll, [&] { return impl_->answers.contains(request); });
  const Answer answer = std::move(impl_->answers.extract(request).mapped());
  if (answer.ok) return answer.data;
  const std::vector<std::string> why = texts_of(answer.data);
  throw value_error(why.empty() ? "the scheduler cannot answer this" : why[0]);
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
