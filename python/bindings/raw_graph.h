// A raw graph as its dict says it: keys are numbered in their order, and every computation, old (tuples) or new (task
// objects), is told apart by its form. All needs the GIL.
#pragma once

#include <nanobind/nanobind.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "python_object.h"

namespace plait::python {

namespace nb = nanobind;

// What an object inside a computation stands for.
enum class Form : std::uint8_t {
  literal,   // itself
  key,       // the value of a key
  list,      // a list of computations
  sequence,  // the same in a tuple, set, frozenset or a type derived from these or from list
  named,     // the same in a named tuple
  call,      // (function, *arguments)
  // Task objects, ours and Dask's (task_spec.py): their arguments hold literals, references and task objects only.
  reference,  // TaskRef, Alias: the value of a key
  data,       // DataNode: what it holds
  task,       // Task: func, args, kwargs
  node        // any other: called with a dict of the values of its dependencies
};

class RawGraph {
 public:
  static constexpr std::size_t kNoKey = static_cast<std::size_t>(-1);

  // Throws Error(type) for a key that is no text, number or tuple.
  explicit RawGraph(const nb::dict& tasks);

  std::size_t size() const { return computations_.size(); }
  nb::handle key(std::size_t number) const {
    return PyList_GET_ITEM(keys_.get().ptr(), static_cast<Py_ssize_t>(number));
  }
  std::string key_text(std::size_t number) const { return nb::repr(key(number)).c_str(); }
  const PyRef& keys() const { return keys_; }
  nb::handle computation(std::size_t number) const { return computations_[number]; }

  // The number of a key; kNoKey for every other object.
  std::size_t find(nb::handle object) const;
  // The number of a wanted key. Throws Error(key), or Error(type) for what can be no key.
  std::size_t wanted(nb::handle key) const;

  Form form_of(nb::handle object);
  // ... of an object among the arguments of a task object: no tuple or text stands for anything.
  Form form_of_node(nb::handle object);
  // The key that a reference, or a task's dependency, names.
  static nb::object target_of(nb::handle reference);
  // The number of the key that the computation of `dependent` refers to. Throws Error(value) if there is none.
  std::size_t referred(nb::handle key, std::size_t dependent) const;

  // Adds the numbers of all keys that a computation takes, again where it takes one twice. References to keys that are
  // not there are left out.
  void add_inputs(std::size_t number, std::vector<std::size_t>& inputs) {
    add_inputs(computations_[number], number, 1, inputs);
  }

  // Computations and lists of keys are read, run and freed by recursion: deeper ones, and lists that hold themselves,
  // would take the whole stack.
  static void check_depth(int depth, const std::string& what);
  void check_depth_of(std::size_t number, int depth) const;

 private:
  void add_inputs(nb::handle object, std::size_t number, int depth, std::vector<std::size_t>& inputs);
  void add_inputs_of_node(nb::handle object, std::vector<std::size_t>& inputs);

  nb::dict number_of_;
  std::vector<nb::handle> computations_;
  PyRef keys_;  // a list
  std::unordered_map<PyTypeObject*, Form> form_of_type_;
};

}  // namespace plait::python
