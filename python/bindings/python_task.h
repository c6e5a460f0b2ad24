// Kernels that call Python: functions over blocks, and the tasks of raw task graphs.
#pragma once

#include <memory>
#include <vector>

#include "base/kernel.h"
#include "base/shared.h"
#include "errors.h"
#include "gil.h"
#include "interrupt.h"
#include "python_object.h"

namespace plait::python {

// A raw graph's computation as data: what `(add, 'x', [1, (inc, 'y')])` says, with keys replaced by input numbers.
struct Computation {
  enum class Kind : std::uint8_t { literal, input, list, call };

  Kind kind = Kind::literal;
  Shared<PyRef> object;   // the literal, or the function of a call
  bool is_small = false;  // the object is written where it stands, rather than once for all tasks
  std::uint32_t input = 0;
  std::vector<Computation> arguments;  // of a call, or a list's items
};

inline constinit KernelId<Computation> python_task{"python_task"};
// A call of a function without arguments. Needs the GIL.
KernelCall python_call(nb::handle function);
Value run_python_task(Inputs inputs, const Computation& computation, const TaskContext& context);

// What `body`, a kernel, does with Python's objects; its exceptions become Plait's.
template <class F>
Value in_python(const TaskContext& context, const F& body) {
  const Gil gil;
  const RunningPython running(context);
  try {
    return body();
  } catch (nb::python_error& error) {
    throw to_plait_error(error);
  }
}

// Its first input, once the others are there, too.
inline constinit KernelId<> first_value{"first_value"};
// A call of the first `num_inputs` inputs, once the others are there, too.
struct LaterCall {
  KernelCall call;
  std::uint32_t num_inputs = 0;
  static constexpr auto fields = std::tuple{&LaterCall::call, &LaterCall::num_inputs};
};
inline constinit KernelId<LaterCall> later_call{"later_call"};
// Defines python_task, and the kernels of collections that call Python: call_python and call_python_on_block, whose
// functions get blocks as NumPy arrays and partitions as pandas frames.
void register_python_kernels();

}  // namespace plait::python

namespace plait {

template <>
struct Codec<python::Computation> {
  static void encode(Encoder& to, const python::Computation& computation);
  static python::Computation decode(Decoder& from);
};

}  // namespace plait
