// What a scheduler's thread keeps and does: who is connected, the parcels that it holds for others, and how the actions
// of the state machine are carried out. Everything belongs to the loop's thread, apart from `workers`.
#pragma once

#include <errno.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>

#include <algorithm>
#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>

#include "cluster/address.h"
#include "cluster/letters.h"
#include "cluster/mail.h"
#include "cluster/scheduler.h"
#include "cluster/scheduler_answers.h"
#include "cluster/task_stream.h"
#include "cluster/token_file.h"
#include "cluster/transfer_stream.h"

namespace plait::cluster {

inline Time time_of(EventLoop::Clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

inline double clock_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

inline std::string random_id() {
  unsigned char bytes[8] = {};
  [[maybe_unused]] const ssize_t got = ::getrandom(bytes, sizeof(bytes), 0);
  std::string text = "Scheduler-";
  for (unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

// Somebody who is connected.
struct Peer {
  explicit Peer(std::shared_ptr<Connection> connection) : mail(std::move(connection)) {}

  Mail mail;
  bool is_admitted = false;
  PeerRole role = PeerRole::client;
  std::uint32_t number = 0;
  std::string name;
  pid_t process = 0;
  bool is_closing = false;             // was told to
  std::optional<std::uint64_t> watch;  // the number under which its next graph is told of
};

struct Scheduler::Impl {
  using Clock = EventLoop::Clock;
  using PeerPtr = std::shared_ptr<Peer>;

  static constexpr auto kTick = std::chrono::milliseconds(100);
  // Heartbeats come five times in it.
  static constexpr auto kSilence = std::chrono::seconds(3);
  // A worker's connection ends a moment before its nanny hears of it.
  static constexpr auto kTimeToHearHow = std::chrono::milliseconds(100);

  explicit Impl(const SchedulerSettings& given)
      : settings(given), listening(listen_at(given.host, given.port)), state(given.options) {
    address = listening.address.text();
    own_client = state.add_client(now());
    accept_from(listening.local, true);
    accept_from(listening.tcp, false);
    loop.when_idle([this] {
      for (const auto& [peer, kept] : peers) peer->mail.flush();
    });
    tick();
    thread = std::thread([this] { loop.run(); });
  }

  static Time now() { return time_of(Clock::now()); }

  // --- Who comes and goes ---

  void accept_from(const FileDescriptor& socket, bool is_local) {
    loop.watch(socket.number(), EPOLLIN, [this, &socket, is_local](std::uint32_t) {
      FileDescriptor accepted(::accept4(socket.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
      if (!accepted || (is_local && !is_same_user(accepted.number()))) return;
      const auto connection = std::make_shared<Connection>(loop, std::move(accepted), is_local);
      const auto peer = std::make_shared<Peer>(connection);
      peers.emplace(peer.get(), peer);
      const std::weak_ptr<Peer> weak = peer;
      connection->start(
          [this, weak](Frame frame, std::vector<FileDescriptor> memory) {
            if (const PeerPtr known = weak.lock()) receive(*known, MailReader(std::move(frame), std::move(memory)));
          },
          [this, weak](const std::string&) {
            if (const PeerPtr known = weak.lock()) lost(known);
          });
      loop.after(settings.time_to_knock, [this, weak] {
        if (const PeerPtr known = weak.lock(); known && !known->is_admitted) cut_off(*known);
      });
    });
  }

  void cut_off(Peer& peer) {
    peer.mail.connection().close();
    peers.erase(&peer);
  }

  void lost(const PeerPtr& peer) {
    peers.erase(peer.get());
    if (!peer->is_admitted) return;
    if (peer->role == PeerRole::client) {
      clients.erase(peer->number);
      SchedulerActions actions;
      state.handle(ClientGone{peer->number}, now(), actions);
      carry_out(actions, nullptr);
    } else if (peer->role == PeerRole::worker) {
      if (peer->is_closing) return worker_gone(peer->number, WorkerEnd::asked, std::nullopt);
      loop.after(kTimeToHearHow, [this, number = peer->number] { worker_gone(number, WorkerEnd::died, std::nullopt); });
    }
  }

  void worker_gone(WorkerNumber number, WorkerEnd how, const std::optional<std::vector<TaskNumber>>& executing) {
    {
      std::lock_guard lock(mutex);
      if (workers.erase(number) == 0) return;
      workers_changed.notify_all();
    }
    last_heard.erase(number);
    SchedulerActions actions;
    state.handle(WorkerGone{number, how, executing}, now(), actions);
    carry_out(actions, nullptr);
  }

  void admit(Peer& peer, MailReader& mail) {
    const Hello hello = mail.next<Hello>().first;
    if (!is_same_token(hello.token, settings.token)) {
      peer.mail.send(
          Welcome{false, "the token is not the one of this scheduler (see the setting cluster.token-file)", "", 0});
      peer.mail.flush();
      peer.mail.connection().close_when_sent();
      return;
    }
    peer.role = hello.role;
    peer.name = hello.name;
    peer.process = static_cast<pid_t>(hello.process_id);
    peer.number = hello.worker;
    const PeerPtr kept = peers.at(&peer);
    SchedulerActions actions;
    if (peer.role == PeerRole::client) {
      peer.number = state.add_client(now());
      clients[peer.number] = kept;
    } else if (peer.role == PeerRole::worker) {
      const LetterOfWorker letter = mail.next<LetterOfWorker>().first;
      const auto* joined = std::get_if<message::WorkerJoined>(&letter);
      if (!joined) throw io_error("a worker has not said what it is");
      peer.name = joined->name;
      peer.number = state.add_worker(*joined, now(), actions);
      last_heard[peer.number] = Clock::now();
      std::lock_guard lock(mutex);
      workers[peer.number] = kept;
      workers_changed.notify_all();
    }
    peer.is_admitted = true;
    peer.mail.connection().trust();
    peer.mail.send(Welcome{true, "", id, peer.number});
    // Alone in its frame: only then does the peer's loop take over.
    peer.mail.flush();
    if (peer.role == PeerRole::worker)
      for (const auto& [name, function] : greetings) peer.mail.send(WorkerLetter(Call{0, true}), &function);
    carry_out(actions, nullptr);
  }

  // --- What is said ---

  void receive(Peer& peer, MailReader mail) {
    if (!peer.is_admitted) {
      admit(peer, mail);
      if (!peer.is_admitted) return;
    }
    const Time time = now();
    SchedulerActions actions;
    while (mail.has_more()) {
      actions.clear();
      switch (peer.role) {
        case PeerRole::client: {
          auto [letter, parcel] = mail.next<LetterOfClient>();
          if (const auto* message = std::get_if<message::FromClient>(&letter)) {
            state.handle_client(peer.number, *message, time, actions);
            if (peer.watch && std::holds_alternative<message::SubmitGraph>(*message)) watch_graph_of(peer, actions);
          } else if (const auto* ask = std::get_if<Ask>(&letter)) {
            answer(peer, *ask, parcel);
          } else {
            peer.watch = std::get<Watch>(letter).request;
          }
          carry_out(actions, parcel ? &*parcel : nullptr);
          break;
        }
        case PeerRole::worker: {
          auto [letter, parcel] = mail.next<LetterOfWorker>();
          if (const auto* message = std::get_if<message::ToScheduler>(&letter)) {
            note(peer.number, *message, parcel ? parcel->frame_bytes() : 0);
            if (!watched.empty()) tell_watcher(peer, *message);
            state.handle_worker(peer.number, *message, time, actions);
          } else if (const auto* called = std::get_if<Called>(&letter))
            pass_on(peer, *called, parcel);
          carry_out(actions, parcel ? &*parcel : nullptr);
          break;
        }
        case PeerRole::heartbeat:
          mail.next<Heartbeat>();
          if (const auto heard = last_heard.find(peer.number); heard != last_heard.end()) heard->second = Clock::now();
      }
    }
  }

  // For those who ask later what has run and what has moved.
  void note(WorkerNumber worker, const message::ToScheduler& said, std::uint64_t num_bytes) {
    if (const auto* done = std::get_if<message::TaskDone>(&said)) {
      const double clock_s = clock_time();
      stream.done(worker, *done, clock_s);
      transfers.done(done->task, clock_s);
    } else if (const auto* provided = std::get_if<message::Provided>(&said); provided && provided->ok) {
      transfers.came(worker, provided->transfer, num_bytes, clock_time());
    }
  }

  void note_order(const message::ToWorker& order) {
    if (const auto* compute = std::get_if<message::Compute>(&order)) {
      stream.given(compute->task, compute->family);
      transfers.given(*compute);
    } else if (const auto* provide = std::get_if<message::Provide>(&order)) {
      transfers.asked(provide->transfer, clock_time());
    }
  }

  void carry_out(const SchedulerActions& actions, const Parcel* arrived) {
    for (const SchedulerAction& action : actions)
      std::visit([&](const auto& one) { carry_out_one(one, arrived); }, action);
  }

  template <class Map>
  static const Parcel* find_in(const Map& map, std::uint64_t number) {
    const auto found = map.find(number);
    return found == map.end() ? nullptr : &found->second;
  }

  void carry_out_one(const scheduler_action::ToWorker& action, const Parcel* arrived) {
    note_order(action.message);
    const auto found = workers.find(action.to);
    if (found == workers.end()) return;
    const Parcel* parcel = nullptr;
    if (action.attached == Attached::arrived) {
      parcel = arrived;
    } else if (action.attached == Attached::graph) {
      parcel = find_in(graphs, std::get<message::TakeGraph>(action.message).graph);
    } else if (action.attached == Attached::kept) {
      parcel = find_in(values, std::get<message::Deliver>(action.message).task);
    }
    if (std::holds_alternative<message::Close>(action.message)) found->second->is_closing = true;
    found->second->mail.send(WorkerLetter(action.message), parcel);
  }

  void carry_out_one(const scheduler_action::ToClient& action, const Parcel* arrived) {
    if (action.to == own_client) {
      if (const auto* done = std::get_if<message::Done>(&action.message)) own_request_done(*done);
      return;
    }
    const auto found = clients.find(action.to);
    if (found == clients.end()) return;
    const Parcel* parcel = nullptr;
    if (action.attached == Attached::arrived) parcel = arrived;
    if (action.attached == Attached::kept) parcel = find_in(values, action.of);
    if (action.attached == Attached::fault) {
      const auto* key_state = std::get_if<message::KeyState>(&action.message);
      parcel = find_in(faults, key_state ? key_state->cause : action.of);
    }
    found->second->mail.send(ClientLetter(action.message), parcel);
  }

  void carry_out_one(const scheduler_action::KeepGraph& action, const Parcel* arrived) {
    if (arrived) graphs.insert_or_assign(action.graph, *arrived);
  }
  void carry_out_one(const scheduler_action::DropGraph& action, const Parcel*) {
    graphs.erase(action.graph);
    watched.erase(action.graph);
  }
  void carry_out_one(const scheduler_action::KeepValue& action, const Parcel* arrived) {
    if (arrived) values.insert_or_assign(action.task, *arrived);
  }
  void carry_out_one(const scheduler_action::DropValue& action, const Parcel*) { values.erase(action.task); }
  void carry_out_one(const scheduler_action::KeepFault& action, const Parcel* arrived) {
    if (arrived) faults.insert_or_assign(action.task, *arrived);
  }
  void carry_out_one(const scheduler_action::DropFault& action, const Parcel*) { faults.erase(action.task); }

  // --- Clients that follow a graph's tasks ---

  struct Watcher {
    ClientNumber client = 0;
    std::uint64_t request = 0;
  };

  void watch_graph_of(Peer& peer, const SchedulerActions& actions) {
    const std::uint64_t request = *std::exchange(peer.watch, std::nullopt);
    for (const SchedulerAction& action : actions)
      if (const auto* keep = std::get_if<scheduler_action::KeepGraph>(&action))
        watched[keep->graph] = {peer.number, request};
  }

  void tell_watcher(const Peer& worker, const message::ToScheduler& message) {
    TaskRan ran{.worker = worker.number};
    TaskNumber task = 0;
    if (const auto* done = std::get_if<message::TaskDone>(&message)) {
      task = done->task;
      ran.duration_ns = done->duration_ns;
      ran.num_bytes = done->num_bytes;
    } else if (const auto* erred = std::get_if<message::TaskErred>(&message)) {
      task = erred->task;
      ran.ok = false;
    } else {
      return;
    }
    const auto found = watched.find(graph_of(task));
    if (found == watched.end()) return;
    const auto client = clients.find(found->second.client);
    if (client == clients.end()) return;
    ran.request = found->second.request;
    ran.index = index_of(task);
    client->second->mail.send(ClientLetter(ran));
  }

  // --- Questions, and functions that workers call outside of all tasks ---

  void answer(Peer& peer, const Ask& ask, const std::optional<Parcel>& parcel) {
    if (ask.what == "call") return call(peer, ask, parcel);
    if (ask.what == "greet") return greet(peer, ask, parcel);
    Answer reply{ask.request, true, {}};
    try {
      reply.data = ask.what == "task_stream" ? stream.answer(state, ask.arguments)
                   : ask.what == "transfers" ? transfers.answer(state, ask.arguments)
                                             : answers.answer(state, {id, address, now()}, ask.what, ask.arguments);
    } catch (const Error& error) {
      reply.ok = false;
      reply.data = error.what();
    }
    peer.mail.send(ClientLetter(reply));
  }

  // What every worker calls that comes from now on, before its first task; without a function, none of that name.
  void greet(Peer& peer, const Ask& ask, const std::optional<Parcel>& parcel) {
    for (const std::string& name : texts_of(entry(ask.arguments, "name"))) {
      std::erase_if(greetings, [&](const auto& one) { return one.first == name; });
      if (parcel) greetings.emplace_back(name, *parcel);
    }
    peer.mail.send(ClientLetter(Answer{ask.request, true, {}}));
  }

  struct CallUnderWay {
    std::uint32_t client = 0;
    std::uint64_t request = 0;
  };

  // The client is told whom to wait for; each worker's answer follows.
  void call(Peer& peer, const Ask& ask, const std::optional<Parcel>& parcel) {
    const std::vector<std::string> asked = texts_of(entry(ask.arguments, "workers"));
    const bool all = std::holds_alternative<std::monostate>(entry(ask.arguments, "workers").held);
    PlainData::List called;
    for (const auto& [number, worker] : workers) {
      if (!all && std::find(asked.begin(), asked.end(), worker->name) == asked.end()) continue;
      calls[++last_call] = {peer.number, ask.request};
      worker->mail.send(WorkerLetter(Call{last_call}), parcel ? &*parcel : nullptr);
      called.emplace_back(worker->name);
    }
    peer.mail.send(ClientLetter(Answer{ask.request, true, called}));
  }

  void pass_on(Peer& worker, const Called& called, const std::optional<Parcel>& parcel) {
    const auto found = calls.find(called.call);
    if (found == calls.end()) return;
    const auto client = clients.find(found->second.client);
    if (client != clients.end()) {
      client->second->mail.send(ClientLetter(CalledOn{found->second.request, worker.name, called.ok}),
                                parcel ? &*parcel : nullptr);
    }
    calls.erase(found);
  }

  // --- Time ---

  void tick() {
    loop.after(kTick, [this] {
      SchedulerActions actions;
      const auto time = Clock::now();
      for (auto& [worker, heard] : last_heard) {
        const bool is_quiet = time - heard > kSilence;
        if (is_quiet == silent.contains(worker)) continue;
        if (is_quiet)
          silent.insert(worker);
        else
          silent.erase(worker);
        state.handle(WorkerSilent{worker, is_quiet}, time_of(time), actions);
      }
      state.handle(Tick{}, time_of(time), actions);
      carry_out(actions, nullptr);
      tick();
    });
  }

  void own_request_done(const message::Done& done) {
    const auto found = own_requests.find(done.request);
    if (found == own_requests.end()) return;
    const auto then = std::move(found->second);
    own_requests.erase(found);
    then(done);
  }

  // What another thread wants of the state, answered by the loop.
  template <class F>
  auto ask_loop(F question) const {
    using R = decltype(question());
    auto result = std::make_shared<std::promise<R>>();
    std::future<R> answer = result->get_future();
    loop.post([result, question = std::move(question)] { result->set_value(question()); });
    return answer.get();
  }

  void close() {
    if (!thread.joinable()) return;
    loop.post([this] {
      for (const auto& [peer, kept] : peers) {
        peer->mail.flush();
        peer->mail.connection().close();
      }
      peers.clear();
      loop.forget(listening.local.number());
      loop.forget(listening.tcp.number());
      listening.local = FileDescriptor();
      listening.tcp = FileDescriptor();
    });
    loop.stop();
    thread.join();
  }

  const SchedulerSettings settings;
  const std::string id = random_id();
  std::string address;
  Listening listening;
  mutable EventLoop loop;
  std::thread thread;

  // --- Of the loop's thread ---
  SchedulerState state;
  SchedulerAnswers answers;
  TaskStream stream;
  TransferStream transfers;
  std::unordered_map<Peer*, PeerPtr> peers;
  std::map<ClientNumber, PeerPtr> clients;
  std::map<WorkerNumber, Clock::time_point> last_heard;
  std::set<WorkerNumber> silent;
  std::unordered_map<GraphNumber, Parcel> graphs;
  std::unordered_map<GraphNumber, Watcher> watched;
  std::unordered_map<TaskNumber, Parcel> values;
  std::unordered_map<TaskNumber, Parcel> faults;
  std::map<std::uint64_t, CallUnderWay> calls;
  std::uint64_t last_call = 0;
  std::vector<std::pair<std::string, Parcel>> greetings;  // in the order in which they came
  ClientNumber own_client = 0;
  std::map<std::uint64_t, std::function<void(const message::Done&)>> own_requests;

  // Changed by the loop's thread under the mutex; read by it without.
  mutable std::mutex mutex;
  mutable std::condition_variable workers_changed;
  std::map<WorkerNumber, PeerPtr> workers;
};

}  // namespace plait::cluster
