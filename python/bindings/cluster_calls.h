// Calls of Python functions that clients submit, many at a time: the function and its keywords are written once, and
// the arguments of many calls together.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <string>
#include <vector>

#include "base/kernel.h"
#include "base/records.h"
#include "base/shared.h"
#include "cluster/client_core.h"
#include "graph/graph.h"
#include "python_object.h"

namespace plait::python {

namespace nb = nanobind;

// Where the value of an input goes among the arguments of a call. Bound as plait._plait.cluster.InputPlace.
struct InputPlace {
  std::uint32_t input = 0;
};

// A function that travels: it is written once, however often its record is asked for.
struct TravellingFunction {
  PyRef function;
  std::shared_ptr<const Record> written;  // null where it has come from elsewhere

  // Throws Error(type) if it cannot be pickled. Needs the GIL.
  static TravellingFunction of(nb::handle function);
};

}  // namespace plait::python

namespace plait {

template <>
struct Codec<python::TravellingFunction> {
  static void encode(Encoder& to, const python::TravellingFunction& function);
  static python::TravellingFunction decode(Decoder& from);
};

}  // namespace plait

namespace plait::python {

// The task's block says which of the calls, from `first_block` on, it is.
struct PythonCalls {
  Shared<TravellingFunction> function;
  Shared<PyRef> kwargs;  // a dict
  PyRef arguments;       // a list of tuples
  std::uint32_t first_block = 0;
  bool has_inputs = false;  // among the arguments are InputPlaces
  static constexpr auto fields = std::tuple{&PythonCalls::function, &PythonCalls::kwargs, &PythonCalls::arguments,
                                            &PythonCalls::first_block, &PythonCalls::has_inputs};
};
inline constinit KernelId<PythonCalls> python_calls{"python_calls"};
void register_python_calls();

// The graph of the calls function(*arguments[i], **kwargs), one task and one output each, named by `keys`. Futures
// among the arguments, also inside lists, tuples, sets and dicts, become inputs: objects whose type has
// `__plait_future__`, and which have a `key`. Needs the GIL.
Graph graph_of_calls(const cluster::ClientCore& client, nb::handle function, const nb::list& arguments,
                     const nb::dict& kwargs, const nb::list& keys);

}  // namespace plait::python
