#include "runtime/task_errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "base/text.h"

namespace plait {
namespace {

constexpr std::size_t kMaxInputsDescribed = 4;

// Two figures are enough: 123456789 becomes 120000000.
double rounded_down(double bytes) {
  if (bytes < 10) return std::max(1.0, std::floor(bytes));
  const double unit = std::pow(10, std::floor(std::log10(bytes)) - 1);
  return std::floor(bytes / unit) * unit;
}

// Whether the task takes all there is of something, in several blocks: however small they are, together they are as
// large.
bool brings_all_together(const Graph& graph, TaskId task) {
  std::map<LayerId, std::set<TaskId>> taken;
  for (TaskId input : graph.inputs(task)) taken[graph.task(input).layer].insert(input);
  return std::any_of(taken.begin(), taken.end(), [&](const auto& entry) {
    const auto& grid = graph.layers()[entry.first].grid;
    const auto num_blocks = std::accumulate(grid.begin(), grid.end(), std::size_t{1}, [](std::size_t product, auto n) {
      return product * static_cast<std::size_t>(n);
    });
    return num_blocks > 1 && entry.second.size() == num_blocks;
  });
}

}  // namespace

std::string describe_inputs(std::span<const Value> inputs) {
  std::string text;
  const std::size_t num_described = std::min(inputs.size(), kMaxInputsDescribed);
  for (std::size_t i = 0; i < num_described; ++i) {
    if (i > 0) text += i + 1 == inputs.size() ? " and " : ", ";
    text += inputs[i].describe();
  }
  if (inputs.size() > num_described) text += fmt::format(" and {} more", inputs.size() - num_described);
  return text;
}

TaskError task_error(const Graph& graph, TaskId task, Fault fault) {
  fault.key = graph.key(task);
  fault.source = graph.layer_of(task).source;
  return TaskError(std::move(fault));
}

TaskError task_error(const Graph& graph, TaskId task, const std::exception_ptr& cause, const std::string& inputs) {
  Fault fault = fault_of(cause);
  fault.inputs = inputs;
  return task_error(graph, task, std::move(fault));
}

TaskError never_fits_error(const Graph& graph, TaskId task, const RunState& state) {
  const std::uint64_t inputs = state.input_bytes(task);
  const std::uint64_t output = state.declared_output_bytes(task);
  const std::uint64_t budget = state.budget_bytes();
  std::uint64_t largest = output;
  for (TaskId input : graph.inputs(task)) largest = std::max(largest, state.value_bytes(input));
  const double fitting =
      rounded_down(static_cast<double>(largest) * static_cast<double>(budget) / static_cast<double>(inputs + output));
  const std::string advice =
      brings_all_together(graph, task)
          ? "It brings all blocks together, so that smaller ones do not help: reduce or filter before it, or raise the "
            "setting memory-budget"
          : fmt::format(
                "Use chunks of at most {} (rechunk; partitions by npartitions, or blocksize where the data is "
                "read), or raise the setting memory-budget",
                format_bytes(fitting));
  const std::string message = fmt::format(
      "'{}' can never fit the memory budget: one task takes {} of inputs and makes {}, together {}, and the budget is "
      "{}. {}",
      graph.layer_of(task).op, format_bytes(static_cast<double>(inputs)), format_bytes(static_cast<double>(output)),
      format_bytes(static_cast<double>(inputs + output)), format_bytes(static_cast<double>(budget)), advice);
  return task_error(graph, task, Fault{.kind = ErrorKind::memory, .message = message});
}

TaskError worker_lost_error(const Graph& graph, TaskId task, const std::string& how, bool was_killed) {
  const std::string message = fmt::format(
      "{} was lost {} with its worker process, the last time {}. It may crash, or use more memory than "
      "there is; "
      "run it with "
      "scheduler=\"sync\" to see",
      graph.key(task), was_killed ? fmt::format("{} times", WorkerLost::kMaxKills + 1) : "twice", how);
  return task_error(graph, task, Fault{.kind = ErrorKind::runtime, .message = message});
}

}  // namespace plait
