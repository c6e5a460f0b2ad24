// What is said to a scheduler, and what its state machine has it say and keep.
#include "cluster/scheduler_shell.h"

namespace plait::cluster {
namespace {

double clock_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

template <class Map>
const Parcel* find_in(const Map& map, std::uint64_t number) {
  const auto found = map.find(number);
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace

void Scheduler::Impl::receive(Peer& peer, MailReader mail) {
  if (!peer.is_admitted) {
    admit(peer, mail);
    if (!peer.is_admitted) return;
  }
  SchedulerActions actions;
  while (mail.has_more()) {
    actions.clear();
    switch (peer.role) {
      case PeerRole::client:
        receive_of_client(peer, mail, actions);
        break;
      case PeerRole::worker:
        receive_of_worker(peer, mail, actions);
        break;
      case PeerRole::heartbeat:
        mail.next<Heartbeat>();
        if (const auto heard = last_heard.find(peer.number); heard != last_heard.end()) heard->second = Clock::now();
    }
  }
}

void Scheduler::Impl::receive_of_client(Peer& peer, MailReader& mail, SchedulerActions& actions) {
  auto [letter, parcel] = mail.next<LetterOfClient>();
  if (const auto* message = std::get_if<message::FromClient>(&letter)) {
    state.handle_client(peer.number, *message, now(), actions);
    if (std::holds_alternative<message::Restart>(*message)) start_processes_anew();
    if (peer.watch && std::holds_alternative<message::SubmitGraph>(*message)) watch_graph_of(peer, actions);
  } else if (const auto* ask = std::get_if<Ask>(&letter)) {
    answer(peer, *ask, parcel);
  } else {
    peer.watch = std::get<Watch>(letter).request;
  }
  carry_out(actions, parcel ? &*parcel : nullptr);
}

// Whoever watches over the workers that are processes of their own starts them again.
void Scheduler::Impl::start_processes_anew() {
  for (const auto& [number, worker] : workers) {
    if (worker->process == 0) continue;
    worker->is_closing = true;
    worker->mail.send(WorkerLetter(message::ToWorker(message::Close{.comes_back = true})));
  }
}

void Scheduler::Impl::receive_of_worker(Peer& peer, MailReader& mail, SchedulerActions& actions) {
  auto [letter, parcel] = mail.next<LetterOfWorker>();
  if (const auto* message = std::get_if<message::ToScheduler>(&letter)) {
    note(peer.number, *message, parcel ? parcel->frame_bytes() : 0);
    if (!watched.empty()) tell_watcher(peer, *message);
    state.handle_worker(peer.number, *message, now(), actions);
  } else if (const auto* called = std::get_if<Called>(&letter)) {
    pass_on(peer, *called, parcel);
  }
  carry_out(actions, parcel ? &*parcel : nullptr);
}

// --- What the state machine wants done ---

void Scheduler::Impl::carry_out(const SchedulerActions& actions, const Parcel* arrived) {
  for (const SchedulerAction& action : actions)
    std::visit([&](const auto& one) { carry_out_one(one, arrived); }, action);
}

void Scheduler::Impl::carry_out_one(const scheduler_action::ToWorker& action, const Parcel* arrived) {
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

void Scheduler::Impl::carry_out_one(const scheduler_action::ToClient& action, const Parcel* arrived) {
  const auto found = clients.find(action.to);
  if (found == clients.end()) return;  // gone, or this scheduler itself, which waits for no answer
  const Parcel* parcel = nullptr;
  if (action.attached == Attached::arrived) parcel = arrived;
  if (action.attached == Attached::kept) parcel = find_in(values, action.of);
  if (action.attached == Attached::fault) {
    const auto* key_state = std::get_if<message::KeyState>(&action.message);
    parcel = find_in(faults, key_state ? key_state->cause : action.of);
  }
  found->second->mail.send(ClientLetter(action.message), parcel);
}

// --- What is kept for others ---

void Scheduler::Impl::carry_out_one(const scheduler_action::KeepGraph& action, const Parcel* arrived) {
  if (arrived) graphs.insert_or_assign(action.graph, *arrived);
}
void Scheduler::Impl::carry_out_one(const scheduler_action::DropGraph& action, const Parcel*) {
  graphs.erase(action.graph);
  watched.erase(action.graph);
}
void Scheduler::Impl::carry_out_one(const scheduler_action::KeepValue& action, const Parcel* arrived) {
  if (arrived) values.insert_or_assign(action.task, *arrived);
}
void Scheduler::Impl::carry_out_one(const scheduler_action::KeepFault& action, const Parcel* arrived) {
  if (arrived) faults.insert_or_assign(action.task, *arrived);
}

// --- Notes ---

// For those who ask later what has run and what has moved.
void Scheduler::Impl::note(WorkerNumber worker, const message::ToScheduler& said, std::uint64_t num_bytes) {
  if (const auto* done = std::get_if<message::TaskDone>(&said)) {
    const double clock_s = clock_time();
    stream.done(worker, *done, clock_s);
    transfers.done(done->task, clock_s);
  } else if (const auto* provided = std::get_if<message::Provided>(&said); provided && provided->ok) {
    transfers.came(worker, provided->transfer, num_bytes, clock_time());
  }
}

void Scheduler::Impl::note_order(const message::ToWorker& order) {
  if (const auto* compute = std::get_if<message::Compute>(&order)) {
    stream.given(compute->task, compute->family);
    transfers.given(*compute);
  } else if (const auto* provide = std::get_if<message::Provide>(&order)) {
    transfers.asked(provide->transfer, clock_time());
  }
}

// --- Clients that follow a graph's tasks ---

void Scheduler::Impl::watch_graph_of(Peer& peer, const SchedulerActions& actions) {
  const std::uint64_t request = *std::exchange(peer.watch, std::nullopt);
  for (const SchedulerAction& action : actions)
    if (const auto* keep = std::get_if<scheduler_action::KeepGraph>(&action))
      watched[keep->graph] = {peer.number, request};
}

void Scheduler::Impl::tell_watcher(const Peer& worker, const message::ToScheduler& message) {
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

}  // namespace plait::cluster
