// Delayed calls as Python objects: light enough to make millions of them.
//
// plait._plait.DelayedCore is the base of plait.delayed.Delayed. It holds what is called with what, and the place in
// the user's program; no node of a plan is made before the values are wanted (delayed_table.h).
#pragma once

#include <nanobind/nanobind.h>

#include <string>

#include "base/token.h"

namespace plait::python {

namespace nb = nanobind;

enum class DelayedKind : std::uint8_t {
  value,  // an object that is there: `function`
  call,   // function(*arguments, **keywords)
  part,   // a call that is done inside the task of the one that takes it: a list that holds delayed values
  block,  // a block of a plan's node, which `function` is; block -1 is all of its collection
};

// Immutable once made, but for the marks of a walk. Everything here needs the GIL.
struct DelayedObject {
  PyObject_HEAD PyObject* function;
  PyObject* arguments;  // a tuple
  PyObject* keywords;   // a dict, or null
  PyObject* name;       // what people call it: a str
  PyObject* key;        // null where it is made of name and token
  PyObject* code;       // where it was made; null if not known
  int instruction;
  Py_ssize_t nout;  // -1 if not known
  Token token;
  std::int64_t block;
  DelayedKind kind;
  std::int8_t is_pure;    // of calls: 0, 1, or -1 for what the setting says
  bool takes_delayed;     // whether some of the arguments are delayed
  bool has_unique_token;  // no other object has its token
  std::uint64_t walk;     // the walk that has seen it last,
  std::int64_t row;       // and what it found
};

// Null if it is no delayed object.
DelayedObject* delayed_in(PyObject* object);
// Its key as text.
std::string key_text(const DelayedObject& object);

// Calls f(object) for each delayed value that a call takes, in order; those of its parts stand in their place.
template <class F>
void for_each_taken(const DelayedObject& object, F&& f) {
  if (!object.takes_delayed) return;
  const auto look_at = [&](PyObject* argument) {
    DelayedObject* taken = delayed_in(argument);
    if (!taken) return;
    if (taken->kind == DelayedKind::part)
      for_each_taken(*taken, f);
    else
      f(*taken);
  };
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(object.arguments); ++i) look_at(PyTuple_GET_ITEM(object.arguments, i));
  PyObject* name = nullptr;
  PyObject* value = nullptr;
  for (Py_ssize_t at = 0; object.keywords && PyDict_Next(object.keywords, &at, &name, &value);) look_at(value);
}

void bind_delayed_objects(nb::module_& m);
// delayed_values, and the kernel of delayed calls: delayed_table.cpp.
void bind_delayed_tables(nb::module_& m);

}  // namespace plait::python
