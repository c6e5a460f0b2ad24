// Questions that a scheduler answers, and functions that workers call outside of all tasks.
#include "cluster/scheduler_shell.h"

namespace plait::cluster {

void Scheduler::Impl::answer(Peer& peer, const Ask& ask, const std::optional<Parcel>& parcel) {
  if (ask.what == "call") return call(peer, ask, parcel);
  if (ask.what == "greet") return greet(peer, ask, parcel);
  if (ask.what == "recipe") return tell_recipe(peer, ask);
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

// How a task is run: the graph, and its place there. Of a task that failed that of the task which was the cause.
void Scheduler::Impl::tell_recipe(Peer& peer, const Ask& ask) {
  const std::vector<std::string> keys = texts_of(entry(ask.arguments, "key"));
  const std::optional<TaskInfo> task = keys.empty() ? std::nullopt : state.task(keys[0]);
  if (!task)
    return peer.mail.send(
        ClientLetter(Answer{ask.request, false, "there is no such task: it was cancelled or released"}));
  const TaskNumber number = task->cause != 0 ? task->cause : task->task;
  const auto graph = graphs.find(graph_of(number));
  if (graph == graphs.end())
    return peer.mail.send(ClientLetter(Answer{ask.request, false, "it is data: no task makes it"}));
  peer.mail.send(ClientLetter(Answer{ask.request, true, static_cast<std::int64_t>(index_of(number))}), &graph->second);
}

// What every worker calls that comes from now on, before its first task; without a function, none of that name.
void Scheduler::Impl::greet(Peer& peer, const Ask& ask, const std::optional<Parcel>& parcel) {
  for (const std::string& name : texts_of(entry(ask.arguments, "name"))) {
    std::erase_if(greetings, [&](const auto& one) { return one.first == name; });
    if (parcel) greetings.emplace_back(name, *parcel);
  }
  peer.mail.send(ClientLetter(Answer{ask.request, true, {}}));
}

// The client is told whom to wait for; each worker's answer follows.
void Scheduler::Impl::call(Peer& peer, const Ask& ask, const std::optional<Parcel>& parcel) {
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

void Scheduler::Impl::pass_on(Peer& worker, const Called& called, const std::optional<Parcel>& parcel) {
  const auto found = calls.find(called.call);
  if (found == calls.end()) return;
  const auto client = clients.find(found->second.client);
  if (client != clients.end()) {
    client->second->mail.send(ClientLetter(CalledOn{found->second.request, worker.name, called.ok}),
                              parcel ? &*parcel : nullptr);
  }
  calls.erase(found);
}

}  // namespace plait::cluster
