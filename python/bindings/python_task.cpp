#include "python_task.h"

#include <mutex>

#include "array_arguments.h"
#include "collections/array/map_blocks.h"
#include "collections/array/store_blocks.h"
#include "collections/dataframe/python_call.h"
#include "task_call.h"
#include "values.h"

namespace plait::python {
namespace {

// A new reference; throws nb::python_error.
PyObject* evaluate(const Computation& computation, Inputs inputs) {
  switch (computation.kind) {
    case Computation::Kind::literal:
      return computation.object->get().inc_ref().ptr();
    case Computation::Kind::input:
      return to_python(inputs[computation.input]).release().ptr();
    case Computation::Kind::list: {
      nb::list items;
      for (const Computation& item : computation.arguments) items.append(nb::steal(evaluate(item, inputs)));
      return items.release().ptr();
    }
    case Computation::Kind::call:
      break;
  }
  std::vector<nb::object> arguments;
  for (const Computation& argument : computation.arguments) arguments.push_back(nb::steal(evaluate(argument, inputs)));
  std::vector<PyObject*> pointers;
  for (const nb::object& argument : arguments) pointers.push_back(argument.ptr());
  PyObject* function = computation.object->get().ptr();
  PyObject* result =
      stopping_at_shutdown([&] { return PyObject_Vectorcall(function, pointers.data(), pointers.size(), nullptr); });
  if (!result) throw nb::python_error();
  return result;
}

}  // namespace

KernelCall python_call(nb::handle function) {
  Computation call;
  call.kind = Computation::Kind::call;
  call.object = Shared<PyRef>(PyRef(function));
  call.is_small = true;
  return python_task(std::move(call));
}

// Values of raw graphs stay the Python objects that they are.
Value run_python_task(Inputs inputs, const Computation& computation, const TaskContext& context) {
  return in_python(context, [&] {
    const nb::object result = nb::steal(evaluate(computation, inputs));
    // A collection's task that was called inside another one.
    return nb::isinstance<TaskValue>(result) ? unwrap(result) : Value::of(PyRef(result));
  });
}

namespace {

nb::object called(const Shared<Value>& function, const nb::list& arguments) {
  return stopping_at_shutdown([&] { return function->as<PyRef>().get()(*arguments); });
}

Value run_call_python(Inputs inputs, const Shared<Value>& function, const TaskContext& context) {
  return in_python(context, [&] {
    nb::list arguments;
    for (const Value& input : inputs) arguments.append(to_python(input));
    return from_python(called(function, arguments));
  });
}

Value run_call_python_on_block(Inputs inputs, const BlockCall& call, const TaskContext& context) {
  return in_python(context, [&] {
    nb::list arguments;
    arguments.append(shape_to_python(call.index));
    arguments.append(shape_to_python(call.shape));
    arguments.append(shape_to_python(call.start));
    std::vector<Value> joined;
    if (call.joined) inputs = joined = joined_blocks(inputs, *call.joined);
    for (const Value& input : inputs) arguments.append(to_python(input));
    return Value::of(from_numpy(called(call.function, arguments)));
  });
}

// The place is a tuple of slices.
Value run_call_python_to_store(Inputs inputs, const StoreCall& call, const TaskContext& context) {
  return in_python(context, [&] {
    nb::list place;
    for (const auto& [start, stop, step] : call.place) place.append(nb::slice(start, stop, step));
    nb::list arguments;
    arguments.append(nb::tuple(place));
    arguments.append(to_python(inputs[0]));
    called(call.target, arguments);
    return written_block(call.place);
  });
}

}  // namespace

void register_python_kernels() {
  static std::once_flag once;
  std::call_once(once, [] {
    define(python_task, "One computation of a raw task graph.", run_python_task, hold_gil);
    define(first_value, "Its first input, once the others are there, too.",
           [](Inputs inputs, const TaskContext&) { return inputs[0]; });
    define(later_call, "A call that waits for more than its inputs.",
           [](Inputs inputs, const LaterCall& params, const TaskContext& context) {
             return params.call.run(inputs.first(params.num_inputs), context);
           });
    define(call_python, "A Python function over the blocks of its operands.", run_call_python, hold_gil);
    define(call_python_on_block, "A Python function over blocks of arrays, which is told which block it makes.",
           run_call_python_on_block, hold_gil);
    define(call_python_to_store, "A Python target that takes blocks of an array.", run_call_python_to_store, hold_gil);
  });
}

}  // namespace plait::python

namespace plait {

void Codec<python::Computation>::encode(Encoder& to, const python::Computation& computation) {
  using Kind = python::Computation::Kind;
  plait::encode(to, computation.kind);
  if (computation.kind == Kind::literal || computation.kind == Kind::call) {
    plait::encode(to, computation.is_small);
    if (computation.is_small)
      plait::encode(to, *computation.object);
    else
      plait::encode(to, computation.object);
  }
  plait::encode(to, computation.input);
  plait::encode(to, computation.arguments);
}

python::Computation Codec<python::Computation>::decode(Decoder& from) {
  using Kind = python::Computation::Kind;
  python::Computation computation;
  computation.kind = plait::decode<Kind>(from);
  if (computation.kind == Kind::literal || computation.kind == Kind::call) {
    computation.is_small = plait::decode<bool>(from);
    computation.object = computation.is_small ? Shared<python::PyRef>(plait::decode<python::PyRef>(from))
                                              : plait::decode<Shared<python::PyRef>>(from);
  }
  computation.input = plait::decode<std::uint32_t>(from);
  computation.arguments = plait::decode<std::vector<python::Computation>>(from);
  return computation;
}

}  // namespace plait
