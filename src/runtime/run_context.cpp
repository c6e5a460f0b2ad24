#include "runtime/run_context.h"

#include <algorithm>

#include "base/elsewhere.h"
#include "base/row_count.h"
#include "base/settings.h"
#include "runtime/machine.h"
#include "runtime/take_back.h"
#include "runtime/task_errors.h"

namespace plait {
namespace {

constexpr std::uint64_t kMaxPoolBytes = std::uint64_t{1} << 30;

// Values of the graph that the run must copy.
std::vector<TaskId> copied_tasks(const Graph& graph, bool are_values_elsewhere) {
  std::vector<TaskId> copied;
  for (TaskId id = 0; id < graph.size(); ++id) {
    const Value* value = graph.value_of(id);
    if (value && is_elsewhere(*value) != are_values_elsewhere) copied.push_back(id);
  }
  return copied;
}

std::span<const TaskId> placed_tasks(const Graph& graph, const RunOptions& options) {
  if (options.destinations.empty()) return {};
  PLAIT_CHECK(options.destinations.size() == graph.outputs().size());
  return graph.outputs();
}

}  // namespace

std::uint64_t prepare_memory_budget(const RunOptions& options) {
  const std::uint64_t budget = options.memory_budget_bytes > 0 ? options.memory_budget_bytes : memory_budget_bytes();
  set_pool_limit(std::min(kMaxPoolBytes, budget / 4));
  return budget;
}

int num_workers_of(const RunOptions& options) {
  if (options.num_workers > 0) return options.num_workers;
  return static_cast<int>(
      std::max<std::int64_t>(1, config::get_int(config::setting::num_workers.name, num_usable_cores())));
}

RunContext::RunContext(std::shared_ptr<const Graph> shared_graph, RunOptions given, bool are_values_elsewhere)
    : kept_graph(std::move(shared_graph)),
      graph(*kept_graph),
      options(std::move(given)),
      observers(options),
      state(graph, prepare_memory_budget(options), placed_tasks(graph, options),
            copied_tasks(graph, are_values_elsewhere)),
      memory(state.budget_bytes()),
      store(graph.size(), options.spill_directory) {
  state.allow_retries(options.retries);
  if (options.destinations.empty()) return;
  destination_index_.assign(graph.size(), -1);
  for (std::size_t i = 0; i < options.destinations.size(); ++i)
    destination_index_[graph.outputs()[i]] = static_cast<std::int32_t>(i);
}

RunContext::~RunContext() {
  if (!state.finished()) take_back(graph);
}

void RunContext::apply(const Actions& actions, std::vector<DiskJob>& disk_jobs, Garbage& garbage) {
  auto let_go = [&](TaskId task) {
    if (store[task]) garbage.values.push_back(std::exchange(store[task], Value()));
  };
  auto drop_copy = [&](TaskId task) {
    if (auto copy = store.take_copy(task)) garbage.copies.push_back(std::move(*copy));
  };
  for (TaskId task : actions.release) {
    let_go(task);
    drop_copy(task);
  }
  for (TaskId task : actions.unload) let_go(task);
  for (TaskId task : actions.drop_copy) drop_copy(task);
  for (TaskId task : actions.load) disk_jobs.push_back({.task = task, .is_load = true});
  for (TaskId task : actions.spill) disk_jobs.push_back({.task = task, .value = store[task]});
}

void RunContext::divide(TaskId task, Actions& out) {
  const auto* whole = store[task].get_if<Sequence>();
  if (!whole) return;
  std::vector<FinishedTask> items;
  for (TaskId item : state.wanted_items(task)) {
    store[item] = whole->items.at(*item_of(graph, item));
    items.push_back({.task = item, .num_bytes = store[item].num_bytes()});
  }
  state.handle(Divided{task, items}, out);
  for (const FinishedTask& item : items) observers.tell_value(graph, item.task, store[item.task]);
  const auto now = Observer::Clock::now();
  observers.tell([&](Observer& observer) {
    for (const FinishedTask& item : items) {
      observer.task_started(graph, item.task, 0, now);
      observer.task_finished(graph, item.task, 0, now, {item.num_bytes, row_count(store[item.task])});
    }
  });
}

RunContext::DiskDone RunContext::do_disk_job(const DiskJob& job) {
  DiskDone done{.task = job.task, .is_load = job.is_load};
  try {
    if (job.is_load)
      done.value = store.read_copy(job.task);
    else
      store.write_copy(job.task, job.value);
  } catch (...) {
    done.ok = false;
    done.error = std::current_exception();
    done.is_disk_at_fault = fault_of(done.error).kind == ErrorKind::io;
  }
  return done;
}

void RunContext::handle(DiskDone done, Actions& out) {
  if (!done.is_load) {
    if (!done.ok) spill_error = done.error;
    state.handle(Spilled{done.task, done.ok, !done.is_disk_at_fault}, out);
    if (done.ok)
      observers.tell(
          [&](Observer& observer) { observer.value_spilled(graph, done.task, state.value_bytes(done.task)); });
    return;
  }
  store[done.task] = std::move(done.value);
  state.handle(Loaded{done.task, done.ok}, out);
  if (done.ok)
    observers.tell([&](Observer& observer) { observer.value_loaded(graph, done.task, state.value_bytes(done.task)); });
}

void RunContext::discard(Garbage& garbage) {
  garbage.values.clear();
  for (const DiskCopy& copy : garbage.copies) store.forget(copy);
  garbage.copies.clear();
}

void RunContext::abandon(Garbage& garbage, bool with_outputs) {
  for (TaskId task = 0; task < graph.size(); ++task) {
    if (state.state(task) != TaskState::in_memory || state.is_pinned(task)) continue;
    if (with_outputs || !state.is_output(task)) garbage.values.push_back(std::exchange(store[task], Value()));
  }
}

std::exception_ptr RunContext::failure_error() const {
  switch (state.failure()) {
    case RunFailure::never_fits:
      return std::make_exception_ptr(never_fits_error(graph, state.failed_task(), state));
    case RunFailure::spill_failed:
      return std::make_exception_ptr(task_error(graph, state.failed_task(), spill_error, ""));
    default:
      return std::make_exception_ptr(Error(ErrorKind::cancelled, "the run was cancelled"));
  }
}

}  // namespace plait
