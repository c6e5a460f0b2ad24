// Delayed calls as a table of tasks: made in one walk when their values are wanted.
#pragma once

#include <memory>
#include <vector>

#include "base/kernel.h"
#include "delayed_object.h"
#include "expr/expr.h"
#include "python_task.h"

namespace plait::python {

struct DelayedRows;

// A delayed call as a task's parameters. Where it was made it is the user's object itself; what has come with a record
// is a computation.
struct DelayedTask {
  const DelayedObject* object = nullptr;
  const DelayedRows* rows = nullptr;
  std::unique_ptr<const Computation> computation;
};

inline constinit KernelId<DelayedTask> delayed_kernel{"delayed"};

// The values of `wanted`, DelayedCore objects, as the blocks of one node.
ExprPtr values_of_delayed(const nb::list& wanted);

}  // namespace plait::python

namespace plait {

template <>
struct Codec<python::DelayedTask> {
  static void encode(Encoder& to, const python::DelayedTask& task);
  static python::DelayedTask decode(Decoder& from);
};

}  // namespace plait
