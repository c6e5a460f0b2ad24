// Who is connected to a scheduler: who may come in, and who goes.
#include <sys/epoll.h>
#include <sys/socket.h>

#include "cluster/scheduler_shell.h"

namespace plait::cluster {
namespace {

// A worker's connection ends a moment before its nanny hears of it.
constexpr auto kTimeToHearHow = std::chrono::milliseconds(100);

}  // namespace

void Scheduler::Impl::accept_from(const FileDescriptor& socket, bool is_local) {
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

void Scheduler::Impl::cut_off(Peer& peer) {
  peer.mail.connection().close();
  peers.erase(&peer);
}

void Scheduler::Impl::lost(const PeerPtr& peer) {
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

void Scheduler::Impl::worker_gone(WorkerNumber number, WorkerEnd how,
                                  const std::optional<std::vector<TaskNumber>>& executing) {
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

void Scheduler::Impl::admit(Peer& peer, MailReader& mail) {
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

}  // namespace plait::cluster
