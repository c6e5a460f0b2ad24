// What a client's connection keeps: the keys that it holds, and what its threads wait for. All of it belongs to its
// mutex, apart from `mail`, which belongs to the loop's thread.
#pragma once

#include <fmt/format.h>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "cluster/client_core.h"
#include "cluster/failures.h"
#include "cluster/handshake.h"
#include "cluster/mail.h"

namespace plait::cluster {

struct KeyEntry {
  message::KeyState state;
  std::optional<Parcel> fault;
  CancelReason why_cancelled;
  int num_holders = 0;
};

// What somebody waits for.
struct Gathering {
  std::vector<std::string> keys;
  std::vector<std::optional<Parcel>> parcels;
  std::size_t num_left = 0;
  std::optional<Fault> fault;
};
struct Answered {
  Answer answer;
  std::optional<Parcel> parcel;
};
struct Calling {
  std::optional<std::size_t> num_expected;
  std::vector<WorkerAnswer> answers;
};

inline bool is_done(KeyStatus status) { return status != KeyStatus::pending; }
inline bool is_failed(KeyStatus status) { return is_done(status) && status != KeyStatus::finished; }

struct ClientCore::Impl : std::enable_shared_from_this<ClientCore::Impl> {
  using Clock = EventLoop::Clock;
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
  void take(const message::KeysCancelled& cancelled, std::optional<Parcel>&) {
    for (const std::string& key : cancelled.keys) {
      const auto found = keys.find(key);
      if (found == keys.end()) continue;
      found->second.why_cancelled = {cancelled.reason, cancelled.text};
      std::optional<Parcel> no_fault;
      take(message::KeyState{.key = key, .status = KeyStatus::cancelled}, no_fault);
    }
  }
  void take(const message::Gathered& gathered, std::optional<Parcel>& parcel) {
    const auto found = gatherings.find(gathered.request);
    if (found == gatherings.end() || gathered.index >= found->second.parcels.size()) return;
    Gathering& gathering = found->second;
    if (gathering.num_left > 0) --gathering.num_left;
    if (gathered.status == KeyStatus::finished && parcel)
      gathering.parcels[gathered.index] = std::move(*parcel);
    else if (!gathering.fault)
      gathering.fault = fault_of_failure(gathered.status, gathered.failure, gathering.keys[gathered.index], parcel);
  }
  void take(const message::Done& done, std::optional<Parcel>&) { dones[done.request] = done; }
  void take(const message::ObjectReply& reply, std::optional<Parcel>&) { replies[reply.request] = reply; }
  // A bug of this program: nothing that it waits for can be trusted to come.
  void take(const message::Refused& refused, std::optional<Parcel>&) {
    is_lost = true;
    lost_because = fmt::format("the scheduler at {} did not understand this client: {}", address, refused.text);
  }
  void take(const Answer& answer, std::optional<Parcel>& parcel) {
    const auto calling = callings.find(answer.request);
    if (calling == callings.end()) {
      answers[answer.request] = {answer, std::move(parcel)};
    } else {
      const auto* called = std::get_if<PlainData::List>(&answer.data.held);
      calling->second.num_expected = called ? called->size() : 0;
    }
  }
  void take(const TaskRan& ran, std::optional<Parcel>&) {
    const auto found = watching.find(ran.request);
    if (found != watching.end()) found->second(ran);
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

  void send(LetterOfClient letter, std::optional<Parcel> parcel = std::nullopt) {
    std::vector<LetterOfClient> letters;
    letters.push_back(std::move(letter));
    send_together(std::move(letters), std::move(parcel));
  }
  // Nothing comes between them; the parcel goes with the last one.
  void send_together(std::vector<LetterOfClient> letters, std::optional<Parcel> parcel) {
    ++num_sent;
    loop.post([impl = shared_from_this(), letters = std::move(letters), parcel = std::move(parcel)] {
      for (const LetterOfClient& letter : letters)
        impl->mail->send(letter, parcel && &letter == &letters.back() ? &*parcel : nullptr);
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
  static constexpr auto kLook = std::chrono::milliseconds(20);
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

  // The scheduler's answer. Throws Error(value) with its words.
  Answered asked(const std::string& what, const PlainData& arguments, std::optional<Parcel> parcel, const Poll& poll) {
    Lock lock(mutex);
    require_connection();
    const std::uint64_t request = ++last_request;
    send(Ask{request, what, arguments}, std::move(parcel));
    wait_until(lock, std::nullopt, poll, [&] { return answers.contains(request); });
    Answered answered = std::move(answers.extract(request).mapped());
    if (answered.answer.ok) return answered;
    const std::vector<std::string> why = texts_of(answered.answer.data);
    throw value_error(why.empty() ? "the scheduler cannot answer this" : why[0]);
  }

  // Under the lock.
  KeyStatus status_of(const std::string& key) const {
    const auto found = keys.find(key);
    return found == keys.end() ? KeyStatus::cancelled : found->second.state.status;
  }

  // Under the lock. True for those that nobody had, or that were cancelled: they are begun anew.
  bool hold(const std::string& key) {
    KeyEntry& entry = keys[key];
    const bool is_new = entry.num_holders == 0 || entry.state.status == KeyStatus::cancelled;
    if (is_new) entry = {.state = {.key = key}, .fault = {}, .why_cancelled = {}, .num_holders = entry.num_holders};
    ++entry.num_holders;
    return is_new;
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
  std::unique_ptr<Mail> mail;               // of the thread
  std::atomic<std::uint64_t> num_sent = 0;  // letters that other threads have given to it

  mutable std::mutex mutex;
  std::condition_variable changed;
  bool is_lost = false;
  std::string lost_because;
  std::unordered_map<std::string, KeyEntry> keys;
  std::uint64_t num_failures = 0;     // changes whenever a key has failed
  std::shared_ptr<Keys> releasing;    // keys whose release is under way, and may take more with it ...
  std::uint64_t releasing_after = 0;  // ... as long as no more than this was sent
  std::uint64_t last_request = 0;
  std::map<std::uint64_t, OnTaskRan> watching;
  std::map<std::uint64_t, Gathering> gatherings;
  std::map<std::uint64_t, Calling> callings;
  std::map<std::uint64_t, Answered> answers;
  std::map<std::uint64_t, message::Done> dones;
  std::map<std::uint64_t, message::ObjectReply> replies;
  std::function<void(std::vector<KeyChange>)> told;
  std::vector<KeyChange> changes;
};

}  // namespace plait::cluster
