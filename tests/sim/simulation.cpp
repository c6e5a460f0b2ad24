#include "simulation.h"

#include <algorithm>

#include "simulation_parts.h"

namespace plait::sim {

Simulation::Simulation(const Scenario& scenario)
    : scenario_(scenario),
      dice_(mix(scenario.seed, 0xD1CE)),
      // Values of simulated tasks have some tens of bytes: in half of the runs many of them are large.
      scheduler_(SchedulerOptions{.large_value_bytes = scenario.seed % 2 == 0 ? 1u << 20 : 20u}) {
  for (std::size_t i = 0; i < scenario.num_clients; ++i) {
    clients_.push_back(std::make_unique<Client>());
    clients_.back()->number = scheduler_.add_client(0);
    client_of_[clients_.back()->number] = clients_.back().get();
  }
}

Simulation::~Simulation() = default;

void Outcome::add(const Outcome& other) {
  num_events += other.num_events;
  num_runs += other.num_runs;
  num_deaths += other.num_deaths;
  num_spills += other.num_spills;
  num_damaged += other.num_damaged;
  num_rejoins += other.num_rejoins;
  num_errors += other.num_errors;
  num_transfers += other.num_transfers;
  num_gathered += other.num_gathered;
}

std::string Outcome::text() const {
  auto many = [](std::size_t num, const char* of) { return std::to_string(num) + " " + of; };
  return many(num_events, "events, ") + many(num_runs, "tasks run, ") + many(num_deaths, "deaths, ") +
         many(num_spills, "spills, ") + many(num_damaged, "damaged copies, ") + many(num_rejoins, "rejoins, ") +
         many(num_errors, "errors, ") + many(num_transfers, "transfers, ") + many(num_gathered, "values gathered");
}

// --- Time ---

void Simulation::after(Time delay, std::function<void()> what) {
  events_.emplace(std::pair(now_ + std::max<Time>(delay, 0), sequence_++), std::move(what));
}

void Simulation::fail(const std::string& what) {
  if (outcome_.failure.empty())
    outcome_.failure = what + " at " + std::to_string(static_cast<double>(now_) * 1e-9) + " s";
}

bool Simulation::step() {
  if (events_.empty() || !outcome_.failure.empty()) return false;
  const auto first = events_.begin();
  now_ = first->first.first;
  const auto what = std::move(first->second);
  events_.erase(first);
  ++outcome_.num_events;
  try {
    what();
  } catch (const std::exception& error) {
    fail(error.what());
  }
  return outcome_.failure.empty();
}

Outcome Simulation::run() {
  for (std::size_t i = 0; i < scenario_.workers.size(); ++i) after(dice_.time(kMilli), [this, i] { start_process(i); });
  Time last = 0;
  for (const SimScatter& scattered : scenario_.scatters) after(scattered.when, [&] { scatter(scattered); });
  for (const SimGraph& graph : scenario_.graphs) {
    last = std::max(last, graph.when + kMilli);
    after(graph.when + kMicro, [&] { submit(graph); });
  }
  for (const Fault& fault : scenario_.faults) {
    last = std::max(last, fault.when + fault.duration_ns);
    after(fault.when, [&] { inject(fault); });
  }
  // Ten sessions may have to end and begin again, and all tasks run one after the other.
  Time work = 0;
  for (const SimGraph& graph : scenario_.graphs)
    for (const SimTask& task : graph.tasks) work += task.duration_ns;
  calm_after_ = last + 60 * kSecond;
  const Time deadline = last + 4 * work + 300 * kSecond;
  std::function<void()> tick = [&] {
    at_scheduler([&](SchedulerActions& out) { scheduler_.handle(Tick{}, now_, out); }, {});
    for (auto& process : processes_)
      if (process->is_alive && !process->is_hung) measure_memory(*process);
    after(100 * kMilli, tick);
  };
  after(100 * kMilli, tick);
  while (!(now_ > last && all_settled()) && step()) {
    if (now_ <= deadline) continue;
    std::string why = "nothing goes on:";
    for (const std::string& line : scheduler_.what_blocks()) why += "\n  " + line;
    for (const auto& client : clients_)
      for (const auto& [key, wish] : client->wishes)
        if (client->is_alive && wish.status == KeyStatus::pending) why += "\n  pending " + key;
    for (const auto& [key, wish] : clients_.front()->wishes) {
      const auto info = scheduler_.task(key);
      if (!info || wish.status != KeyStatus::pending) continue;
      why += "\n story of " + key;
      for (const auto& line : scheduler_.story(info->task)) why += "\n    " + line;
    }
    fail(why);
  }
  if (outcome_.failure.empty()) {
    release_all();
    const Time quiet = now_ + 60 * kSecond;
    while (now_ < quiet && step()) {
    }
    if (outcome_.failure.empty()) check_end();
  }
  return outcome_;
}

// --- Clients ---

void Simulation::submit(const SimGraph& graph) {
  Client& client = *clients_[graph.client];
  if (!client.is_alive) return;
  message::SubmitGraph submitted;
  message::Topology& topology = submitted.topology;
  const std::size_t size = graph.tasks.size();
  std::vector<std::uint64_t> hashes;
  std::vector<char> is_fragile;
  for (std::uint32_t i = 0; i < size; ++i) {
    const SimTask& task = graph.tasks[i];
    topology.num_inputs.push_back(static_cast<std::uint32_t>(task.inputs.size()));
    topology.inputs.insert(topology.inputs.end(), task.inputs.begin(), task.inputs.end());
    topology.rank.push_back(i);
    topology.family.push_back(task.family);
    topology.output_bytes.push_back(task.declares_bytes ? task.num_bytes : 0);
    topology.annotation.push_back(0);
    if (task.is_annotated) {
      topology.annotations.push_back(task.annotation);
      topology.annotation.back() = static_cast<std::uint32_t>(topology.annotations.size());
    }
    std::uint64_t hash = mix(graph.salt, i);
    bool fragile = task.manner == Manner::fails || task.manner == Manner::kills ||
                   (task.manner == Manner::fails_at_first && task.annotation.retries == 0);
    for (std::uint32_t input : task.inputs) {
      hash = mix(hash, hashes[input]);
      fragile |= is_fragile[input] != 0;
    }
    if (!task.existing.empty()) {
      submitted.existing.push_back({i, task.existing});
      hash = expected_[task.existing];
      fragile = true;  // it may be released, cancelled or fail meanwhile
    }
    fragile |= !may_fit(graph, task);
    hashes.push_back(hash);
    is_fragile.push_back(fragile);
  }
  for (int i = 0; i < 5; ++i) topology.families.push_back("family-" + std::to_string(i));
  submitted.outputs = graph.outputs;
  submitted.named = graph.named;
  std::vector<std::string> keys;
  for (const auto& [index, key] : graph.named) expected_[key] = hashes[index];
  for (const auto& [index, key] : graph.outputs) {
    expected_[key] = hashes[index];
    if (is_fragile[index]) fragile_.insert(key);
    client.wishes[key] = {};
    keys.push_back(key);
  }
  const SimGraph* source = &graph;
  send_to_scheduler(client, [this, source, &client, submitted = std::move(submitted)] {
    submitted_ = source;
    at_scheduler([&](SchedulerActions& out) { scheduler_.handle_client(client.number, submitted, now_, out); }, {});
    submitted_ = nullptr;
  });
  if (dice_.happens(0.5)) gather(client, keys);
}

// A task whose inputs and value exceed a worker's memory fails there.
bool Simulation::may_fit(const SimGraph& graph, const SimTask& task) const {
  std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
  for (const SimWorker& worker : scenario_.workers)
    if (worker.memory_limit_bytes > 0) limit = std::min(limit, worker.memory_limit_bytes);
  std::uint64_t bytes = task.num_bytes;
  for (std::uint32_t input : std::set<std::uint32_t>(task.inputs.begin(), task.inputs.end()))
    bytes += graph.tasks[input].existing.empty() ? graph.tasks[input].num_bytes : 300;
  return bytes <= limit;
}

void Simulation::scatter(const SimScatter& scattered) {
  Client& client = *clients_[scattered.client];
  if (!client.is_alive) return;
  const std::uint64_t hash = mix(scenario_.seed, scattered.num_bytes);
  expected_[scattered.key] = hash;
  client.wishes[scattered.key] = {};
  from_client(client, message::Scatter{scattered.key, scattered.num_bytes, {}, scattered.num_copies}, {hash, false});
}

// In order, and never lost: what goes wrong on links is tried between the scheduler and workers.
template <class F>
void Simulation::send_to_scheduler(Client& client, F&& what) {
  client.last_sent = std::max(client.last_sent + 1, now_ + 50 * kMicro);
  after(client.last_sent - now_, [&client, what = std::forward<F>(what)] {
    if (client.is_alive) what();
  });
}

void Simulation::from_client(Client& client, message::FromClient message, Parcel parcel) {
  send_to_scheduler(client, [this, &client, message = std::move(message), parcel] {
    at_scheduler([&](SchedulerActions& out) { scheduler_.handle_client(client.number, message, now_, out); }, parcel);
  });
}

void Simulation::gather(Client& client, std::vector<std::string> keys) {
  const std::uint64_t request = client.next_request++;
  for (const std::string& key : keys) client.wishes[key].is_gathering = true;
  client.gathers[request] = keys;
  from_client(client, message::Gather{request, std::move(keys)});
}

void Simulation::at_client(Client& client, const message::ToClient& message, const Parcel& parcel) {
  if (const auto* cancelled = std::get_if<message::KeysCancelled>(&message)) {
    for (const std::string& key : cancelled->keys)
      at_client(client, message::KeyState{.key = key, .status = KeyStatus::cancelled}, parcel);
  } else if (const auto* state = std::get_if<message::KeyState>(&message)) {
    const auto at = client.wishes.find(state->key);
    if (at == client.wishes.end()) return;
    Wish& wish = at->second;
    const bool is_known_good = !fragile_.contains(state->key) && !wish.may_be_cancelled;
    if ((state->status == KeyStatus::error || state->status == KeyStatus::lost) && is_known_good)
      fail("key " + state->key + " failed for no reason: " + std::to_string(static_cast<int>(state->failure)));
    if (state->status == KeyStatus::cancelled && !wish.may_be_cancelled)
      fail("key " + state->key + " was cancelled, and nobody has asked for it");
    wish.status = state->status;
    if (state->status == KeyStatus::error || state->status == KeyStatus::lost) ++outcome_.num_errors;
    if (state->status == KeyStatus::finished && !wish.is_gathering && !wish.has_value) gather(client, {state->key});
  } else if (const auto* gathered = std::get_if<message::Gathered>(&message)) {
    const std::string key = client.gathers[gathered->request].at(gathered->index);
    Wish& wish = client.wishes[key];
    wish.is_gathering = false;
    wish.status = gathered->status;
    if (gathered->status != KeyStatus::finished) return;
    wish.has_value = true;
    ++outcome_.num_gathered;
    if (parcel.hash != expected_[key] || parcel.is_damaged) fail("key " + key + " has a wrong value");
  } else if (const auto* done = std::get_if<message::Done>(&message)) {
    --client.num_requests;
    (void)done;
  } else if (const auto* refused = std::get_if<message::Refused>(&message)) {
    fail("refused: " + refused->text);
  }
}

bool Simulation::all_settled() const {
  for (const auto& client : clients_) {
    if (!client->is_alive) continue;
    if (client->num_requests > 0) return false;
    for (const auto& [key, wish] : client->wishes)
      if (wish.status == KeyStatus::pending || wish.is_gathering ||
          (wish.status == KeyStatus::finished && !wish.has_value))
        return false;
  }
  return now_ > 0;
}

void Simulation::vanish(Client& client) {
  if (!client.is_alive) return;
  client.is_alive = false;
  // What builds on its keys may find them gone.
  for (const auto& other : clients_)
    for (auto& [key, wish] : other->wishes)
      if (fragile_.contains(key)) wish.may_be_cancelled = true;
  at_scheduler([&](SchedulerActions& out) { scheduler_.handle(ClientGone{client.number}, now_, out); }, {});
}

void Simulation::release_all() {
  is_ending_ = true;
  for (auto& client : clients_) {
    if (!client->is_alive) continue;
    std::vector<std::string> keys;
    for (const auto& [key, wish] : client->wishes) keys.push_back(key);
    if (dice_.happens(0.5))
      from_client(*client, message::Release{keys});
    else
      vanish(*client);
  }
}

// Nothing is left of what nobody wants.
void Simulation::check_end() {
  const Counts counts = scheduler_.counts();
  if (counts.num_tasks != 0) fail(std::to_string(counts.num_tasks) + " tasks are left");
  if (!scheduler_.keys().empty()) fail("keys are left");
  if (!kept_.empty() || !faults_.empty() || !graphs_.empty()) fail("the shell keeps parcels that nobody wants");
  for (const auto& process : processes_) {
    if (!process->is_alive) continue;
    if (!process->memory.empty() || !process->disk.empty()) fail("values are left at " + process->name);
    if (!process->state.held().empty()) fail(process->name + " believes to hold values");
    if (!process->running.empty()) fail(process->name + " still runs tasks");
    if (!process->graphs.empty()) fail(process->name + " keeps graphs");
    if (process->state.used_bytes() != 0) fail(process->name + " counts memory that nobody uses");
  }
  for (const WorkerInfo& worker : scheduler_.workers())
    for (const auto& [name, used] : worker.used_resources)
      if (used > 1e-9) fail("a resource was not given back");
}

// --- Faults ---

void Simulation::inject(const Fault& fault) {
  using Kind = Fault::Kind;
  std::vector<Process*> alive;
  for (auto& process : processes_)
    if (process->is_alive) alive.push_back(process.get());
  Client& client = *clients_[fault.target % clients_.size()];
  Process* process = alive.empty() ? nullptr : alive[fault.target % alive.size()];
  const Time end = now_ + fault.duration_ns;
  switch (fault.kind) {
    case Kind::kill:
      if (process) kill(*process, dice_.happens(0.5) ? WorkerEnd::killed : WorkerEnd::asked, true);
      break;
    case Kind::hang:
      if (!process) break;
      process->is_hung = true;
      after(fault.duration_ns, [this, process] { wake(*process); });
      break;
    case Kind::cut:
      if (!process) break;
      (dice_.happens(0.5) ? process->cut_to_worker : process->cut_from_worker) = end;
      if (dice_.happens(0.5)) process->cut_to_worker = process->cut_from_worker = end;
      break;
    case Kind::slow:
      if (process) process->slow_until = end;
      break;
    case Kind::client_gone:
      if (dice_.happens(0.5)) vanish(client);
      break;
    case Kind::cancel:
      if (client.is_alive) cancel_some(client);
      break;
    case Kind::retire:
      if (!process || !client.is_alive) break;
      ++client.num_requests;
      from_client(client, message::Retire{client.next_request++, {process->name}, true});
      start_process(processes_.size());
      break;
    case Kind::leave:
      if (!process || alive.size() < 2) break;
      happen(*process, worker_event::AskedToLeave{});
      break;
    case Kind::restart_tasks:
      if (client.is_alive) retry_failed(client);
      break;
    case Kind::replicate:
      if (!client.is_alive || client.wishes.empty()) break;
      ++client.num_requests;
      from_client(client, message::Replicate{client.next_request++, {client.wishes.begin()->first}, 2, {}});
      break;
    case Kind::rebalance:
      if (!client.is_alive) break;
      ++client.num_requests;
      from_client(client, message::Rebalance{client.next_request++, {}, {}});
      break;
  }
}

void Simulation::cancel_some(Client& client) {
  std::vector<std::string> keys;
  for (auto& [key, wish] : client.wishes)
    if (dice_.happens(0.3)) keys.push_back(key);
  const bool force = dice_.happens(0.5);
  // All that builds on them may be cancelled too.
  for (const auto& other : clients_)
    for (auto& [key, wish] : other->wishes)
      wish.may_be_cancelled |= fragile_.contains(key) || (other.get() == &client && std::ranges::count(keys, key) > 0);
  for (auto& [key, wish] : client.wishes) wish.may_be_cancelled = true;
  from_client(client, message::Cancel{.keys = keys, .force = force, .reason = {}, .text = {}});
}

void Simulation::retry_failed(Client& client) {
  std::vector<std::string> keys;
  for (auto& [key, wish] : client.wishes)
    if (wish.status == KeyStatus::error) keys.push_back(key);
  if (keys.empty()) return;
  for (const std::string& key : keys) client.wishes[key].status = KeyStatus::pending;
  from_client(client, message::Retry{keys});
}

}  // namespace plait::sim
