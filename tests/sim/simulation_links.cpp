// Links between the scheduler and workers, and what the scheduler's shell does.
#include <algorithm>

#include "simulation_parts.h"

namespace plait::sim {

namespace {

// Now and then a message goes through its encoding, as all of them do on a real link.
template <class Message>
Message through_codec(const Message& message) {
  Encoder to;
  encode(to, message);
  const Record record = to.take();
  Decoder from(record);
  return decode<Message>(from);
}

}  // namespace

// --- The wire: it loses, doubles and delays frames ---

void Simulation::on_wire(Process& process, Time cut_until, std::function<void()> arrive) {
  const Chances& chances = scenario_.chances;
  const bool is_noisy = !is_calm();
  if (now_ < cut_until || (is_noisy && dice_.happens(chances.frame_lost))) return;
  const int copies = is_noisy && dice_.happens(chances.frame_doubled) ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    Time delay = 30 * kMicro + dice_.time(20 * kMicro);
    if (is_noisy && dice_.happens(chances.frame_late)) delay += dice_.time(20 * kMilli);
    if (now_ < process.slow_until) delay *= 100;
    after(delay, arrive);
  }
}

void Simulation::to_worker(Session& session, FrameHeader header, Frame<ToWorkerPacket> frame) {
  on_wire(*session.process, session.process->cut_to_worker, [this, &session, header, frame] {
    in_process(*session.process, [this, &session, header, frame] { arrive_at_worker(session, header, frame); });
  });
}

void Simulation::to_scheduler(Session& session, FrameHeader header, Frame<ToSchedulerPacket> frame) {
  on_wire(*session.process, session.process->cut_from_worker,
          [this, &session, header, frame] { arrive_at_scheduler(session, header, frame); });
}

void Simulation::arrive_at_worker(Session& session, const FrameHeader& header, const Frame<ToWorkerPacket>& frame) {
  Process& process = *session.process;
  if (!session.is_open_at_worker || process.session != &session) return;
  session.heard_by_worker = now_;
  if (!session.at_worker.receive(header, now_)) return;
  for (const ToWorkerPacket& packet : *frame) {
    note(packet.message.index());
    WorkerActions actions;
    process.state.handle(dice_.happens(0.05) ? through_codec(packet.message) : packet.message, now_, actions);
    carry_out(process, std::move(actions), packet.parcel);
    check(process);
    if (!process.is_alive) return;
  }
}

void Simulation::arrive_at_scheduler(Session& session, const FrameHeader& header,
                                     const Frame<ToSchedulerPacket>& frame) {
  if (!session.is_open_at_scheduler) return;
  session.heard_by_scheduler = now_;
  if (!session.at_scheduler.receive(header, now_)) return;
  if (session.worker == 0) {
    at_scheduler(
        [&](SchedulerActions& out) {
          // What comes out of it goes through the session, so its number must be known first.
          session.worker = static_cast<WorkerNumber>(next_worker_++);
          if (scheduler_.add_worker(session.joined, now_, out) != session.worker)
            fail("a worker has an unexpected number");
        },
        {});
  }
  for (const ToSchedulerPacket& packet : *frame) {
    note(100 + packet.message.index());
    const auto message = dice_.happens(0.05) ? through_codec(packet.message) : packet.message;
    at_scheduler([&](SchedulerActions& out) { scheduler_.handle_worker(session.worker, message, now_, out); },
                 packet.parcel);
    // Once more: it must change nothing.
    if (dice_.happens(0.02))
      at_scheduler([&](SchedulerActions& out) { scheduler_.handle_worker(session.worker, message, now_, out); },
                   packet.parcel);
  }
}

void Simulation::tick_session(Session& session) {
  Process& process = *session.process;
  if (session.is_open_at_worker && process.is_alive && !process.is_hung) {
    if (now_ - session.heard_by_worker > kSessionTime) {
      session.is_open_at_worker = false;
      happen(process, worker_event::SessionEnded{});
      process.session = nullptr;
      ++outcome_.num_rejoins;
      open_session(process);
    } else {
      if (session.at_worker.is_overdue(now_, kPatience))
        for (auto& [header, frame] : session.at_worker.resend(now_)) to_scheduler(session, header, frame);
      else
        to_scheduler(session, session.at_worker.acknowledgement(), nullptr);
    }
  }
  if (session.is_open_at_scheduler) {
    const Time silence = now_ - session.heard_by_scheduler;
    if (silence > kSessionTime) {
      lose_session(session, WorkerEnd::asked, std::nullopt);
    } else {
      if (session.worker != 0)
        at_scheduler(
            [&](SchedulerActions& out) {
              scheduler_.handle(WorkerSilent{session.worker, silence > kSilence}, now_, out);
            },
            {});
      if (session.at_scheduler.is_overdue(now_, kPatience))
        for (auto& [header, frame] : session.at_scheduler.resend(now_)) to_worker(session, header, frame);
      else
        to_worker(session, session.at_scheduler.acknowledgement(), nullptr);
    }
  }
  const bool is_of_interest = session.is_open_at_scheduler || (session.is_open_at_worker && process.is_alive);
  if (is_of_interest) after(100 * kMilli, [this, &session] { tick_session(session); });
}

void Simulation::lose_session(Session& session, WorkerEnd how, std::optional<std::vector<TaskNumber>> executing) {
  if (!session.is_open_at_scheduler) return;
  session.is_open_at_scheduler = false;
  if (session.worker == 0) return;
  at_scheduler(
      [&](SchedulerActions& out) {
        scheduler_.handle(WorkerGone{session.worker, how, std::move(executing)}, now_, out);
      },
      {});
}

// --- The scheduler's shell ---

void Simulation::carry_out(const SchedulerActions& actions, const Parcel& arrived) {
  std::map<WorkerNumber, std::vector<ToWorkerPacket>> for_workers;
  for (const SchedulerAction& action : actions) {
    note(1000 + action.index());
    if (const auto* to = std::get_if<scheduler_action::ToWorker>(&action)) {
      Parcel parcel;
      if (to->attached == Attached::arrived) parcel = arrived;
      if (to->attached == Attached::kept) {
        const TaskNumber task = std::get<message::Deliver>(to->message).task;
        if (!kept_.contains(task)) fail("a value that the shell does not keep is to be sent");
        parcel = kept_[task];
      }
      if (to->attached == Attached::graph && !graphs_.contains(std::get<message::TakeGraph>(to->message).graph))
        fail("a graph that the shell does not keep is to be sent");
      if (parcel.hash != 0 && dice_.happens(is_calm() ? 0 : scenario_.chances.parcel_damaged)) {
        parcel.is_damaged = true;
        ++outcome_.num_damaged;
      }
      if (std::holds_alternative<message::Deliver>(to->message)) ++outcome_.num_transfers;
      for_workers[to->to].push_back({to->message, parcel});
    } else if (const auto* told = std::get_if<scheduler_action::ToClient>(&action)) {
      const auto at = client_of_.find(told->to);
      if (at == client_of_.end()) {
        fail("a message is for a client that does not exist");
        continue;
      }
      Client& client = *at->second;
      Parcel parcel = arrived;
      if (told->attached == Attached::kept) parcel = kept_[told->of];
      if (told->attached == Attached::fault && !faults_.contains(told->of))
        fail("a fault that the shell does not keep is to be sent");
      client.last_received = std::max(client.last_received + 1, now_ + 50 * kMicro);
      after(client.last_received - now_, [this, &client, message = told->message, parcel] {
        if (client.is_alive) at_client(client, message, parcel);
      });
    } else if (const auto* keep_graph = std::get_if<scheduler_action::KeepGraph>(&action)) {
      graphs_.insert(keep_graph->graph);
      sources_[keep_graph->graph] = submitted_;
    } else if (const auto* drop_graph = std::get_if<scheduler_action::DropGraph>(&action)) {
      if (graphs_.erase(drop_graph->graph) == 0) fail("a graph is dropped twice");
    } else if (const auto* keep = std::get_if<scheduler_action::KeepValue>(&action)) {
      kept_[keep->task] = arrived;
    } else if (const auto* drop = std::get_if<scheduler_action::DropValue>(&action)) {
      if (kept_.erase(drop->task) == 0) fail("a kept value is dropped twice");
    } else if (const auto* keep_fault = std::get_if<scheduler_action::KeepFault>(&action)) {
      faults_.insert(keep_fault->task);
    } else if (const auto* drop_fault = std::get_if<scheduler_action::DropFault>(&action)) {
      if (faults_.erase(drop_fault->task) == 0) fail("a fault is dropped twice");
    }
  }
  for (auto& [number, packets] : for_workers) {
    Session* session = session_of(number);
    if (!session) {
      fail("a message is for a worker that is gone");
      continue;
    }
    auto frame = std::make_shared<const std::vector<ToWorkerPacket>>(std::move(packets));
    to_worker(*session, session->at_scheduler.send(frame, now_), frame);
  }
}

Simulation::Session* Simulation::session_of(WorkerNumber worker) {
  for (auto& session : sessions_)
    if (session->worker == worker && session->is_open_at_scheduler) return session.get();
  return nullptr;
}

}  // namespace plait::sim
