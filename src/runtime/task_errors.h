// The errors of failed runs: the same from every executor.
#pragma once

#include <exception>
#include <span>
#include <string>

#include "runtime/executor.h"
#include "runtime/run_state.h"

namespace plait {

// "float64 array of shape (3, 4), int64 array of shape (4,) and 12 more"; empty for a task without inputs.
std::string describe_inputs(std::span<const Value> inputs);

// The fault of a task, with its place: the task's key and the line that made it. Its inputs are known where it ran.
TaskError task_error(const Graph& graph, TaskId task, Fault fault);
// Of what a kernel has thrown.
TaskError task_error(const Graph& graph, TaskId task, const std::exception_ptr& cause, const std::string& inputs);

// The task's inputs and output exceed the budget: sizes, and chunks that would fit.
TaskError never_fits_error(const Graph& graph, TaskId task, const RunState& state);

// The worker process that ran the task died too often; `was_killed`: by a signal from outside. `how` is "killed by
// signal 9 (Killed)".
TaskError worker_lost_error(const Graph& graph, TaskId task, const std::string& how, bool was_killed);

}  // namespace plait
