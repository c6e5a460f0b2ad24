#include "runtime/task_errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <new>

#include "base/text.h"

namespace plait {
namespace {

constexpr std::size_t kMaxInputsDescribed = 4;

std::string context_of(const Graph& graph, TaskId task, const std::string& inputs) {
  std::string context = "while running " + graph.key(task);
  if (const std::string& source = graph.layer_of(task).source; !source.empty()) context += "\n  made by " + source;
  if (!inputs.empty()) context += "\n  from " + inputs;
  return context;
}

TaskError make_error(ErrorKind kind, const std::string& message, const Graph& graph, TaskId task,
                     const std::string& inputs, std::exception_ptr cause) {
  const std::string context = context_of(graph, task, inputs);
  return {kind, message + "\n  " + context, graph.key(task), context, std::move(cause)};
}

// Two figures are enough: 123456789 becomes 120000000.
double rounded_down(double bytes) {
  if (bytes < 10) return std::max(1.0, std::floor(bytes));
  const double unit = std::pow(10, std::floor(std::log10(bytes)) - 1);
  return std::floor(bytes / unit) * unit;
}

}  // namespace

CauseText cause_text(const std::exception_ptr& cause) {
  try {
    std::rethrow_exception(cause);
  } catch (const Error& error) {
    return {error.kind(), error.what()};
  } catch (const std::bad_alloc&) {
    return {ErrorKind::memory, "the system has no memory left for this task"};
  } catch (const std::exception& error) {
    return {ErrorKind::runtime, error.what()};
  } catch (...) {
    return {ErrorKind::runtime, "the kernel threw something that is not an exception"};
  }
}

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

TaskError task_error(const Graph& graph, TaskId task, std::exception_ptr cause, const std::string& inputs) {
  return task_error(graph, task, cause_text(cause), cause, inputs);
}

TaskError task_error(const Graph& graph, TaskId task, const CauseText& text, std::exception_ptr cause,
                     const std::string& inputs) {
  return make_error(text.kind, text.message, graph, task, inputs, std::move(cause));
}

TaskError never_fits_error(const Graph& graph, TaskId task, const RunState& state) {
  const std::uint64_t inputs = state.input_bytes(task);
  const std::uint64_t output = state.declared_output_bytes(task);
  const std::uint64_t budget = state.budget_bytes();
  std::uint64_t largest = output;
  for (TaskId input : graph.inputs(task)) largest = std::max(largest, state.value_bytes(input));
  const double fitting =
      rounded_down(static_cast<double>(largest) * static_cast<double>(budget) / static_cast<double>(inputs + output));
  const std::string message = fmt::format(
      "'{}' can never fit the memory budget: one task takes {} of inputs and makes {}, together {}, and the budget is "
      "{}. Use chunks of at most {} "
      "(rechunk, or blocksize where the data is read), or raise the setting memory-budget",
      graph.layer_of(task).op, format_bytes(static_cast<double>(inputs)), format_bytes(static_cast<double>(output)),
      format_bytes(static_cast<double>(inputs + output)), format_bytes(static_cast<double>(budget)),
      format_bytes(fitting));
  return make_error(ErrorKind::memory, message, graph, task, "", nullptr);
}

TaskError worker_lost_error(const Graph& graph, TaskId task, const std::string& how) {
  const std::string message = fmt::format(
      "{} was lost twice with its worker process, the last time {}. It may crash, or use more memory than there is; "
      "run it with "
      "scheduler=\"sync\" to see",
      graph.key(task), how);
  return make_error(ErrorKind::runtime, message, graph, task, "", nullptr);
}

}  // namespace plait
