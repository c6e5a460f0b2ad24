// Worker processes: their threads, memory and disks, and how they end.
#include <algorithm>

#include "simulation_parts.h"

namespace plait::sim {

// --- Processes ---

void Simulation::start_process(std::size_t place) {
  const SimWorker& worker = scenario_.workers[place % scenario_.workers.size()];
  WorkerOptions options{.nthreads = worker.nthreads, .memory_limit_bytes = worker.memory_limit_bytes};
  processes_.push_back(std::make_unique<Process>(place, "worker-" + std::to_string(place), options));
  open_session(*processes_.back());
}

void Simulation::open_session(Process& process) {
  auto made = std::make_unique<Session>();
  Session& session = *made;
  session.number = sessions_.size() + 1;
  session.process = &process;
  session.at_scheduler = Link<Frame<ToWorkerPacket>>(session.number);
  session.at_worker = Link<Frame<ToSchedulerPacket>>(session.number);
  session.is_open_at_worker = session.is_open_at_scheduler = true;
  session.heard_by_worker = session.heard_by_scheduler = now_;
  session.joined.name = process.name;
  session.joined.address = process.name;
  session.joined.nthreads = process.nthreads;
  session.joined.memory_limit_bytes = process.memory_limit_bytes;
  session.joined.resources = scenario_.workers[process.place % scenario_.workers.size()].resources;
  session.joined.held = process.state.held();
  process.session = &session;
  sessions_.push_back(std::move(made));
  // The first frame says who joins; its content stands in `joined`.
  auto frame = std::make_shared<const std::vector<ToSchedulerPacket>>();
  to_scheduler(session, session.at_worker.send(frame, now_), frame);
  after(100 * kMilli, [this, &session] { tick_session(session); });
}

void Simulation::kill(Process& process, WorkerEnd how, bool is_replaced) {
  if (!process.is_alive) return;
  process.is_alive = false;
  ++outcome_.num_deaths;
  std::vector<TaskNumber> executing;
  for (const auto& [task, running] : process.running) executing.push_back(task.first);
  std::optional<std::vector<TaskNumber>> known;
  if (dice_.happens(0.7)) known = executing;
  if (process.session) {
    process.session->is_open_at_worker = false;
    after(10 * kMilli, [this, session = process.session, how, known] { lose_session(*session, how, known); });
  }
  const std::size_t place = process.place;
  if (is_replaced) after(300 * kMilli, [this, place] { start_process(place); });
}

void Simulation::close(Process& process) {
  if (!process.is_alive) return;
  process.is_alive = false;
  if (process.session) {
    process.session->is_open_at_worker = false;
    after(kMilli, [this, session = process.session] { lose_session(*session, WorkerEnd::asked, std::nullopt); });
  }
  const bool is_last = std::ranges::none_of(processes_, [](const auto& other) { return other->is_alive; });
  if (is_last) start_process(processes_.size());
}

void Simulation::in_process(Process& process, std::function<void()> what) {
  if (!process.is_alive) return;
  if (process.is_hung)
    process.while_hung.push_back(std::move(what));
  else
    what();
}

void Simulation::wake(Process& process) {
  process.is_hung = false;
  for (auto& what : std::exchange(process.while_hung, {}))
    if (process.is_alive) what();
}

void Simulation::measure_memory(Process& process) {
  if (process.memory_limit_bytes == 0) return;
  std::uint64_t bytes = 0;
  for (const auto& [task, hash] : process.memory) bytes += process.sizes[task];
  if (!is_calm() && dice_.happens(0.2)) bytes += dice_.below(process.memory_limit_bytes);
  happen(process, worker_event::MemoryMeasured{bytes});
}

// --- What a worker's shell does ---

void Simulation::carry_out(Process& process, WorkerActions actions, const Parcel& arrived) {
  for (const WorkerAction& action : actions) {
    if (!process.is_alive) return;
    note(2000 + action.index());
    arrived_ = arrived;
    std::visit([&](const auto& one) { act(process, one); }, action);
  }
}

void Simulation::act(Process& process, const worker_action::Send& send_action) {
  send(process, {send_action.message, {}});
}

void Simulation::send(Process& process, ToSchedulerPacket packet) {
  if (!process.session || !process.session->is_open_at_worker) return;
  Session& session = *process.session;
  auto frame = std::make_shared<const std::vector<ToSchedulerPacket>>(1, std::move(packet));
  to_scheduler(session, session.at_worker.send(frame, now_), frame);
}

void Simulation::act(Process& process, const worker_action::Execute& execute) {
  ++outcome_.num_runs;
  if (!process.graphs.contains(graph_of(execute.task))) fail("a task came before its graph");
  for (TaskNumber input : execute.inputs)
    if (!process.memory.contains(input)) fail("task " + std::to_string(execute.task) + " lacks an input");
  if (!outcome_.failure.empty()) return;
  process.running[{execute.task, execute.attempt}] = {};
  const auto num_beside = std::ranges::count_if(process.running, [](const auto& one) { return one.second.is_beside; });
  if (process.running.size() - static_cast<std::size_t>(num_beside) > process.nthreads)
    fail("more tasks run than there are threads");
  // Found when it is decoded.
  const auto damaged =
      std::ranges::find_if(execute.inputs, [&](TaskNumber one) { return process.damaged.contains(one); });
  if (damaged != execute.inputs.end()) {
    after(dice_.time(kMilli), [this, &process, execute, input = *damaged] {
      in_process(process, [this, &process, execute, input] {
        if (process.running.erase({execute.task, execute.attempt}) > 0)
          happen(process, worker_event::InputDamaged{execute.task, execute.attempt, input});
      });
    });
    return;
  }
  const SimGraph& graph = *sources_.at(graph_of(execute.task));
  const std::uint64_t hash = hash_of(process, execute);
  after(graph.tasks[index_of(execute.task)].duration_ns, [this, &process, execute, hash] {
    in_process(process, [this, &process, execute, hash] { finish(process, execute, hash); });
  });
}

std::uint64_t Simulation::hash_of(Process& process, const worker_action::Execute& execute) {
  const SimGraph& graph = *sources_.at(graph_of(execute.task));
  std::uint64_t hash = mix(graph.salt, index_of(execute.task));
  for (TaskNumber input : execute.inputs) hash = mix(hash, process.memory.at(input));
  return hash;
}

void Simulation::finish(Process& process, const worker_action::Execute& execute, std::uint64_t hash) {
  if (process.running.erase({execute.task, execute.attempt}) == 0) return;  // stopped
  const SimGraph& graph = *sources_.at(graph_of(execute.task));
  const SimTask& task = graph.tasks[index_of(execute.task)];
  if (task.manner == Manner::kills) {
    process.running[{execute.task, execute.attempt}] = {};
    return kill(process, WorkerEnd::died, true);
  }
  const bool is_first = ++num_runs_of_[mix(graph.salt, index_of(execute.task))] == 1;
  if (task.manner == Manner::fails || (task.manner == Manner::fails_at_first && is_first))
    return happen(process, worker_event::Failed{execute.task, execute.attempt, TaskFailure::raised});
  process.memory[execute.task] = hash;
  process.sizes[execute.task] = task.num_bytes;
  happen(process, worker_event::Finished{.task = execute.task,
                                         .attempt = execute.attempt,
                                         .num_bytes = task.num_bytes,
                                         .duration_ns = static_cast<std::uint64_t>(task.duration_ns),
                                         .peak_bytes = task.num_bytes + task.num_bytes / 4,
                                         .type_name = "int"});
}

void Simulation::act(Process& process, const worker_action::Interrupt& interrupt) {
  const Time delay = dice_.happens(scenario_.chances.interrupt_is_slow) ? dice_.time(kSecond) : dice_.time(10 * kMilli);
  after(60 * kMilli, [this, &process, interrupt] {
    in_process(process, [this, &process, interrupt] {
      happen(process, worker_event::DoesNotStop{interrupt.task, interrupt.attempt});
    });
  });
  after(delay, [this, &process, interrupt] {
    in_process(process, [this, &process, interrupt] {
      if (process.running.erase({interrupt.task, interrupt.attempt}) == 0) return;  // it has ended by itself
      happen(process, worker_event::Stopped{interrupt.task, interrupt.attempt});
    });
  });
}

void Simulation::act(Process& process, const worker_action::ReplaceThread& replace) {
  const auto running = process.running.find({replace.task, replace.attempt});
  if (running == process.running.end() || running->second.is_beside) return fail("there is no thread to replace");
  running->second.is_beside = true;
}

void Simulation::act(Process& process, const worker_action::Keep& keep) {
  if (arrived_.is_damaged)
    process.damaged.insert(keep.task);
  else
    process.damaged.erase(keep.task);
  process.memory[keep.task] = arrived_.hash;
}

void Simulation::act(Process& process, const worker_action::Provide& provide) {
  Parcel parcel;
  bool ok = true;
  if (const auto in_memory = process.memory.find(provide.task); in_memory != process.memory.end()) {
    parcel.hash = in_memory->second;
    ok = !process.damaged.contains(provide.task);
  } else if (const auto on_disk = process.disk.find(provide.task); on_disk != process.disk.end()) {
    parcel = on_disk->second;
    ok = !parcel.is_damaged;
  } else {
    fail("a value that is not there is to be provided");
  }
  send(process, {message::Provided{provide.task, provide.transfer, ok}, parcel});
  if (!ok)
    after(0, [this, &process, provide] {
      in_process(process, [this, &process, provide] { happen(process, worker_event::Damaged{provide.task}); });
    });
}

void Simulation::act(Process& process, const worker_action::Drop& drop) {
  process.memory.erase(drop.task);
  process.disk.erase(drop.task);
  process.damaged.erase(drop.task);
}

void Simulation::act(Process& process, const worker_action::Unload& unload) {
  if (!process.disk.contains(unload.task)) fail("a value is unloaded that is not on disk");
  process.memory.erase(unload.task);
}

void Simulation::act(Process& process, const worker_action::DropCopy& drop) { process.disk.erase(drop.task); }

void Simulation::act(Process& process, const worker_action::Spill& spill) {
  after(dice_.time(5 * kMilli), [this, &process, spill] {
    in_process(process, [this, &process, spill] {
      ++outcome_.num_spills;
      const bool ok = !dice_.happens(is_calm() ? 0 : scenario_.chances.spill_fails);
      const auto value = process.memory.find(spill.task);
      if (ok && value != process.memory.end()) {
        const bool is_damaged = dice_.happens(is_calm() ? 0 : scenario_.chances.copy_damaged);
        outcome_.num_damaged += is_damaged;
        process.disk[spill.task] = {value->second, is_damaged || process.damaged.contains(spill.task)};
      }
      happen(process, worker_event::Spilled{spill.task, ok, ok || dice_.happens(0.9)});
    });
  });
}

void Simulation::act(Process& process, const worker_action::Load& load) {
  after(dice_.time(5 * kMilli), [this, &process, load] {
    in_process(process, [this, &process, load] {
      const auto copy = process.disk.find(load.task);
      const bool ok = copy != process.disk.end() && !copy->second.is_damaged;
      if (ok) process.memory[load.task] = copy->second.hash;
      happen(process, worker_event::Loaded{load.task, ok});
    });
  });
}

void Simulation::act(Process& process, const worker_action::TakeGraph& take) { process.graphs.insert(take.graph); }
void Simulation::act(Process& process, const worker_action::ForgetGraph& forget) { process.graphs.erase(forget.graph); }

void Simulation::act(Process& process, const worker_action::Close&) {
  after(0, [this, &process] { in_process(process, [this, &process] { close(process); }); });
}

// What the machine believes to hold is there.
void Simulation::check(Process& process) {
  process.state.validate();
  for (const message::HeldValue& held : process.state.held())
    if (!process.memory.contains(held.task) && !process.disk.contains(held.task))
      fail("value " + std::to_string(held.task) + " is not there");
}

}  // namespace plait::sim
