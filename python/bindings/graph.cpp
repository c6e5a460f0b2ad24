// Raw task graphs: a dict of keys to computations, as Dask's custom graphs are written.
#include <fmt/format.h>
#include <nanobind/stl/string.h>

#include <unordered_map>

#include "base/record_file.h"
#include "gil.h"
#include "plan.h"
#include "python_object.h"
#include "python_task.h"
#include "values.h"

namespace plait::python {
namespace {

bool is_task(nb::handle object) {
  return PyTuple_Check(object.ptr()) && PyTuple_GET_SIZE(object.ptr()) > 0 &&
         PyCallable_Check(PyTuple_GET_ITEM(object.ptr(), 0));
}

// Numbers and short texts, which cost less than their name.
bool is_small(nb::handle object) {
  PyObject* const held = object.ptr();
  return held == Py_None || PyLong_CheckExact(held) || PyFloat_CheckExact(held) || PyBool_Check(held) ||
         (PyUnicode_CheckExact(held) && PyUnicode_GET_LENGTH(held) < 256);
}

// Computations and lists of keys are read, run and freed by recursion: deeper ones, and lists that hold themselves,
// would take the whole stack.
constexpr int kDeepest = 1000;

void check_depth(int depth, const std::string& what) {
  if (depth <= kDeepest) return;
  throw value_error(fmt::format(
      "graph: {} is nested more than {} levels deep, or holds itself; give inner computations keys of their own", what,
      kDeepest));
}

// Reads a dict into a graph. A key's tasks may stand anywhere in the dict; they are added inputs first.
class GraphReader {
 public:
  explicit GraphReader(const nb::dict& tasks) {
    const std::size_t size = nb::len(tasks);
    computations_.reserve(size);
    for (auto [key, computation] : tasks) {
      const nb::int_ number(computations_.size());
      if (PyDict_SetItem(number_of_.ptr(), key.ptr(), number.ptr()) != 0) throw nb::python_error();
      computations_.push_back(computation);
    }
    keys_ = PyRef(nb::steal(PyDict_Keys(tasks.ptr())));
    task_of_.resize(size);
    input_of_.assign(size, kNoInput);
    state_.assign(size, State::untouched);
    graph_.reserve(size, size);
    layer_ = graph_.add_layer({.name = "graph", .op = "graph", .grid = {}, .source = "", .keys = Value::of(keys_)});
  }

  // The number of the output that yields `key`.
  std::size_t want(nb::handle key) {
    const auto number = find(key);
    if (number == kNoKey) throw key_error(fmt::format("{} is not a key of the graph", nb::repr(key).c_str()));
    add(number);
    graph_.add_output(task_of_[number]);
    return num_outputs_++;
  }

  Graph take() { return std::move(graph_); }

 private:
  enum class State : std::uint8_t { untouched, open, done };
  static constexpr std::size_t kNoKey = static_cast<std::size_t>(-1);
  static constexpr std::uint32_t kNoInput = static_cast<std::uint32_t>(-1);

  std::size_t find(nb::handle object) const {
    PyObject* found = PyDict_GetItemWithError(number_of_.ptr(), object.ptr());
    if (!found) {
      PyErr_Clear();  // an object that cannot be hashed is no key
      return kNoKey;
    }
    return PyLong_AsSize_t(found);
  }

  // Adds the task of a key after those that it takes, without recursion: chains may be long.
  void add(std::size_t root) {
    std::vector<std::size_t> path = {root};
    while (!path.empty()) {
      const std::size_t number = path.back();
      if (state_[number] == State::done) {
        path.pop_back();
        continue;
      }
      for (std::size_t input : inputs_) input_of_[input] = kNoInput;
      inputs_.clear();
      being_read_ = number;
      Computation computation = read(computations_[number], 1);
      if (state_[number] == State::untouched) {
        state_[number] = State::open;
        const std::size_t waiting = path.size();
        for (std::size_t input : inputs_) {
          if (state_[input] == State::open) throw cycle_error(path, input);
          if (state_[input] == State::untouched) path.push_back(input);
        }
        if (path.size() > waiting) continue;
      }
      std::vector<TaskId> inputs;
      for (std::size_t input : inputs_) inputs.push_back(task_of_[input]);
      task_of_[number] =
          graph_.add_task(python_task(std::move(computation)), inputs, layer_, static_cast<std::uint32_t>(number));
      state_[number] = State::done;
      path.pop_back();
    }
  }

  Computation read(nb::handle object, int depth) {
    if (depth > kDeepest) check_depth(depth, "the computation of " + repr_of_key(keys_, being_read_));
    Computation computation;
    if (is_task(object)) {
      computation.kind = Computation::Kind::call;
      computation.object = interned(nb::handle(PyTuple_GET_ITEM(object.ptr(), 0)));
      for (Py_ssize_t i = 1; i < PyTuple_GET_SIZE(object.ptr()); ++i) {
        computation.arguments.push_back(read(nb::handle(PyTuple_GET_ITEM(object.ptr(), i)), depth + 1));
      }
    } else if (PyList_Check(object.ptr())) {
      computation.kind = Computation::Kind::list;
      for (Py_ssize_t i = 0; i < PyList_GET_SIZE(object.ptr()); ++i) {
        computation.arguments.push_back(read(nb::handle(PyList_GET_ITEM(object.ptr(), i)), depth + 1));
      }
    } else if (const std::size_t number = find(object); number != kNoKey) {
      computation.kind = Computation::Kind::input;
      if (input_of_[number] == kNoInput) {
        input_of_[number] = static_cast<std::uint32_t>(inputs_.size());
        inputs_.push_back(number);
      }
      computation.input = input_of_[number];
    } else {
      computation.object = interned(object);
      computation.is_small = is_small(object);
    }
    return computation;
  }

  // Functions and small literals are shared by many tasks: one reference serves all.
  Shared<PyRef> interned(nb::handle object) {
    const auto [entry, is_new] = references_.try_emplace(object.ptr());
    // Nobody looks for a function of this graph anywhere else, so it need not be pickled for its token.
    if (is_new) entry->second = Shared<PyRef>(PyRef(object), unique_token());
    return entry->second;
  }

  static std::string repr_of_key(const PyRef& keys, std::size_t number) {
    return nb::repr(nb::handle(PyList_GET_ITEM(keys.get().ptr(), static_cast<Py_ssize_t>(number)))).c_str();
  }

  Error cycle_error(const std::vector<std::size_t>& path, std::size_t again) const {
    auto from = path.begin();
    while (*from != again) ++from;
    std::string text;
    for (; from != path.end(); ++from) {
      if (state_[*from] == State::open) text += repr_of_key(keys_, *from) + " -> ";
    }
    return Error(ErrorKind::runtime, "Cycle detected in the graph: " + text + repr_of_key(keys_, again));
  }

  nb::dict number_of_;
  std::vector<nb::handle> computations_;
  PyRef keys_;  // a list
  std::vector<TaskId> task_of_;
  std::vector<State> state_;
  std::vector<std::size_t> inputs_;
  std::vector<std::uint32_t> input_of_;  // by key: its place among the inputs of the task that is being read
  std::unordered_map<PyObject*, Shared<PyRef>> references_;
  Graph graph_;
  LayerId layer_ = 0;
  std::size_t num_outputs_ = 0;
  std::size_t being_read_ = 0;
};

// Lists of keys, nested at will, become tuples of values of the same shape.
nb::object gather(nb::handle keys, const std::function<nb::object(nb::handle)>& value_of, int depth = 1) {
  if (!PyList_Check(keys.ptr())) return value_of(keys);
  check_depth(depth, "the list of keys");
  nb::list values;
  for (nb::handle key : nb::cast<nb::list>(keys)) values.append(gather(key, value_of, depth + 1));
  return nb::tuple(values);
}

nb::object get(const nb::dict& tasks, nb::handle keys, nb::handle scheduler, int num_workers) {
  ComputeOptions options = compute_options(scheduler, num_workers, false);
  GraphReader reader(tasks);
  gather(keys, [&](nb::handle key) {
    reader.want(key);
    return nb::none();
  });
  auto graph = std::make_shared<const Graph>(reader.take());
  std::vector<Value> values;
  {
    const NoGil no_gil;
    values = executor_of(options).run(std::move(graph), std::move(options.run));
  }
  std::size_t next = 0;
  return gather(keys, [&](nb::handle) { return to_python(values[next++]); });
}

void write_graph_file(const std::string& path, const nb::dict& tasks, nb::handle keys) {
  GraphReader reader(tasks);
  gather(keys, [&](nb::handle key) {
    reader.want(key);
    return nb::none();
  });
  Encoder to;
  encode(to, reader.take());
  write_record_file(path, to.take(), "write_graph");
}

}  // namespace

void bind_graph(nb::module_& m) {
  m.def("write_graph_file", write_graph_file);
  m.def("get", get, nb::arg("dsk"), nb::arg("keys"), nb::arg("scheduler") = "sync", nb::arg("num_workers") = 0);
}

}  // namespace plait::python
