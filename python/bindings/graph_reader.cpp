#include "graph_reader.h"

#include <fmt/format.h>
#include <nanobind/stl/string.h>

#include <unordered_map>

#include "plait/error.h"
#include "python_task.h"
#include "raw_graph.h"
#include "task_call.h"

namespace plait::python {
namespace {

// Numbers and short texts, which cost less than their name.
bool is_small(nb::handle object) {
  PyObject* const held = object.ptr();
  return held == Py_None || PyLong_CheckExact(held) || PyFloat_CheckExact(held) || PyBool_Check(held) ||
         (PyUnicode_CheckExact(held) && PyUnicode_GET_LENGTH(held) < 256);
}

// Reads a raw graph into one of the engine's. A key's tasks may stand anywhere in the dict; they are added inputs
// first.
class GraphReader {
 public:
  explicit GraphReader(const nb::dict& tasks) : raw_(tasks) {
    task_of_.resize(raw_.size());
    input_of_.assign(raw_.size(), kNoInput);
    state_.assign(raw_.size(), State::untouched);
    graph_.reserve(raw_.size(), raw_.size());
    layer_ =
        graph_.add_layer({.name = "graph", .op = "graph", .grid = {}, .source = "", .keys = Value::of(raw_.keys())});
    const nb::object helpers = nb::module_::import_("plait.task_spec");
    bind_ = nb::module_::import_("plait._binding").attr("chunks").attr("bind");
    presented_ = nb::module_::import_("plait._schedulers").attr("presented");
    build_ = helpers.attr("build");
    build_named_ = helpers.attr("build_named");
    build_dict_ = helpers.attr("build_dict");
    call_with_keywords_ = helpers.attr("call_with_keywords");
    call_node_ = helpers.attr("call_node");
  }

  void want(nb::handle key) {
    const std::size_t number = raw_.wanted(key);
    add(number);
    graph_.add_output(task_of_[number]);
  }

  Graph take() { return std::move(graph_); }

 private:
  enum class State : std::uint8_t { untouched, open, done };
  static constexpr std::uint32_t kNoInput = static_cast<std::uint32_t>(-1);

  // Adds the task of a key after those that it takes, without recursion: chains may be long.
  void add(std::size_t root) {
    std::vector<std::size_t> path = {root};
    std::vector<std::size_t> needed;
    while (!path.empty()) {
      const std::size_t number = path.back();
      if (state_[number] == State::untouched) {
        state_[number] = State::open;
        needed.clear();
        raw_.add_inputs(number, needed);
        const std::size_t waiting = path.size();
        for (std::size_t input : needed) {
          if (state_[input] == State::open) throw cycle_error(path, input);
          if (state_[input] == State::untouched) path.push_back(input);
        }
        if (path.size() > waiting) continue;
      }
      if (state_[number] == State::open) add_task(number);
      state_[number] = State::done;
      path.pop_back();
    }
  }

  // Of a key whose inputs are all there.
  void add_task(std::size_t number) {
    for (std::size_t input : inputs_) input_of_[input] = kNoInput;
    inputs_.clear();
    being_read_ = number;
    const nb::handle computation = raw_.computation(number);
    if (add_task_of_engine(computation)) return;
    Computation read_one = read(computation, 1);
    if (read_one.kind == Computation::Kind::input) {  // another name for a value
      task_of_[number] = task_of_[inputs_[read_one.input]];
      return;
    }
    task_of_[number] =
        graph_.add_task(python_task(std::move(read_one)), input_tasks(), layer_, static_cast<std::uint32_t>(number));
  }

  std::vector<TaskId> input_tasks() const {
    std::vector<TaskId> tasks;
    for (std::size_t input : inputs_) tasks.push_back(task_of_[input]);
    return tasks;
  }

  // A task of a collection, as its `__dask_graph__` shows it, becomes again what it was.
  bool add_task_of_engine(nb::handle computation) {
    if (!PyTuple_CheckExact(computation.ptr()) || PyTuple_GET_SIZE(computation.ptr()) == 0) return false;
    const nb::handle called = PyTuple_GET_ITEM(computation.ptr(), 0);
    if (called.is(bind_) && add_bound_task_of_engine(computation)) return true;
    const bool is_presented = called.is(presented_);
    const bool is_bind = called.is(bind_);
    if (!is_presented && !is_bind && !nb::isinstance<TaskCall>(called)) return false;
    std::vector<TaskId> inputs;
    if (!add_arguments(computation, 1, inputs)) return false;
    if (is_presented && inputs.size() == 1) {
      task_of_[being_read_] = inputs[0];
    } else if (is_bind && !inputs.empty()) {
      task_of_[being_read_] = graph_.add_task(first_value(), inputs, layer_, static_cast<std::uint32_t>(being_read_));
    } else if (is_presented || is_bind) {
      return false;
    } else {
      const TaskCall& task = *nb::inst_ptr<TaskCall>(called);
      task_of_[being_read_] = graph_.add_task(task.call, inputs, layer_of_engine(task), task.block);
    }
    return true;
  }

  // (bind, (task of a collection, *keys), *keys): the task waits for the latter, too.
  bool add_bound_task_of_engine(nb::handle computation) {
    if (PyTuple_GET_SIZE(computation.ptr()) < 2) return false;
    const nb::handle bound = PyTuple_GET_ITEM(computation.ptr(), 1);
    if (!PyTuple_CheckExact(bound.ptr()) || PyTuple_GET_SIZE(bound.ptr()) == 0) return false;
    const nb::handle called = PyTuple_GET_ITEM(bound.ptr(), 0);
    std::vector<TaskId> inputs;
    if (!nb::isinstance<TaskCall>(called) || !add_arguments(bound, 1, inputs)) return false;
    const auto num_inputs = static_cast<std::uint32_t>(inputs.size());
    if (!add_arguments(computation, 2, inputs)) return false;
    const TaskCall& task = *nb::inst_ptr<TaskCall>(called);
    task_of_[being_read_] =
        graph_.add_task(later_call({task.call, num_inputs}), inputs, layer_of_engine(task), task.block);
    return true;
  }

  // The tasks of the keys that a tuple holds from there on; false if it holds anything else.
  bool add_arguments(nb::handle computation, Py_ssize_t first, std::vector<TaskId>& inputs) {
    for (Py_ssize_t i = first; i < PyTuple_GET_SIZE(computation.ptr()); ++i) {
      const nb::handle argument = PyTuple_GET_ITEM(computation.ptr(), i);
      const std::size_t input = raw_.find(argument);
      if (input == RawGraph::kNoKey) {
        if (names_layer(argument)) throw missing_input(argument);
        return false;
      }
      inputs.push_back(task_of_[input]);
    }
    return true;
  }

  // Whether an object can only be meant as a key: "sum-<token>", or a tuple that begins with such a name.
  static bool names_layer(nb::handle object) {
    if (PyTuple_CheckExact(object.ptr()) && PyTuple_GET_SIZE(object.ptr()) > 0)
      object = PyTuple_GET_ITEM(object.ptr(), 0);
    if (!PyUnicode_CheckExact(object.ptr())) return false;
    const std::string name = nb::str(object).c_str();
    const std::size_t dash = name.rfind('-');
    return dash != std::string::npos && name.size() - dash == 33 &&
           name.find_first_not_of("0123456789abcdef", dash + 1) == std::string::npos;
  }

  Error missing_input(nb::handle argument) {
    return key_error(fmt::format("{} takes the value of {}, which is no key of the graph", raw_.key_text(being_read_),
                                 nb::repr(argument).c_str()));
  }

  // The layer of a collection's operation: its tasks have the keys that they had there.
  LayerId layer_of_engine(const TaskCall& task) {
    const nb::handle key = raw_.key(being_read_);
    const bool has_name = PyTuple_Check(key.ptr()) && PyTuple_GET_SIZE(key.ptr()) > 0;
    std::string name = nb::str(has_name ? nb::handle(PyTuple_GET_ITEM(key.ptr(), 0)) : key).c_str();
    const auto [entry, is_new] = layers_.try_emplace(name);
    if (is_new) {
      entry->second.keys = nb::list();
      entry->second.id = graph_.add_layer({.name = name,
                                           .op = op_in(name),
                                           .grid = {},
                                           .source = task.source,
                                           .keys = Value::of(PyRef(entry->second.keys))});
    }
    nb::list& keys = entry->second.keys;
    while (nb::len(keys) <= task.block) keys.append(nb::none());
    keys[task.block] = key;
    return entry->second.id;
  }

  // "value:sum-1f3a..." is the layer of sum.
  static std::string op_in(const std::string& name) {
    const std::size_t start = name.starts_with("value:") ? 6 : 0;
    return name.substr(start, name.rfind('-') - start);
  }

  Computation read(nb::handle object, int depth) {
    raw_.check_depth_of(being_read_, depth);
    switch (raw_.form_of(object)) {
      case Form::literal:
        return literal(object);
      case Form::key:
        return input(raw_.find(object));
      case Form::list:
      case Form::sequence:
      case Form::named:
        return read_items(object, depth);
      case Form::call:
        return read_call(object, depth);
      default:
        return read_node(object, depth);
    }
  }

  Computation read_call(nb::handle task, int depth) {
    Computation computation = call(PyTuple_GET_ITEM(task.ptr(), 0));
    for (Py_ssize_t i = 1; i < PyTuple_GET_SIZE(task.ptr()); ++i) {
      const nb::handle argument = PyTuple_GET_ITEM(task.ptr(), i);
      computation.arguments.push_back(PyDict_Check(argument.ptr())
                                          ? read_dict(nb::borrow<nb::dict>(argument), depth + 1)
                                          : read(argument, depth + 1));
    }
    return computation;
  }

  // Of a dict only task objects among its values stand for anything.
  Computation read_dict(const nb::dict& dict, int depth) {
    Computation computation = call(build_dict_);
    bool is_literal = true;
    for (auto [name, value] : dict) {
      is_literal = is_literal && raw_.form_of_node(value) == Form::literal;
      computation.arguments.push_back(literal(name));
      computation.arguments.push_back(read_node(value, depth + 1));
    }
    return is_literal ? literal(dict) : computation;
  }

  Computation read_items(nb::handle items, int depth) {
    const Form form = raw_.form_of(items);
    Computation computation;
    if (form == Form::list) {
      computation.kind = Computation::Kind::list;
    } else {
      computation = call(form == Form::named ? build_named_ : build_);
      computation.arguments.push_back(literal(items.type()));
    }
    bool is_literal = form != Form::list;
    for (nb::handle item : items) {
      computation.arguments.push_back(read(item, depth + 1));
      is_literal = is_literal && computation.arguments.back().kind == Computation::Kind::literal;
    }
    return is_literal ? literal(items) : computation;
  }

  Computation read_node(nb::handle object, int depth) {
    raw_.check_depth_of(being_read_, depth);
    switch (raw_.form_of_node(object)) {
      case Form::reference:
        return input(raw_.referred(RawGraph::target_of(object), being_read_));
      case Form::data:
        return literal(object.attr("value"));
      case Form::task:
        return read_task(object, depth);
      case Form::node:
        return read_any_node(object);
      default:
        return literal(object);
    }
  }

  Computation read_task(nb::handle task, int depth) {
    const nb::object keywords = task.attr("kwargs");
    Computation computation = call(task.attr("func"));
    if (nb::len(keywords) > 0) {
      computation.arguments.push_back(literal(nb::tuple(nb::list(keywords))));
      computation.arguments.insert(computation.arguments.begin(), literal(task.attr("func")));
      computation.object = interned(call_with_keywords_);
    }
    for (nb::handle argument : task.attr("args")) computation.arguments.push_back(read_node(argument, depth + 1));
    for (auto [name, value] : nb::borrow<nb::dict>(keywords))
      computation.arguments.push_back(read_node(value, depth + 1));
    return computation;
  }

  // It says which keys it depends on, and is called with their values.
  Computation read_any_node(nb::handle node) {
    const nb::tuple keys = nb::tuple(nb::list(node.attr("dependencies")));
    Computation computation = call(call_node_);
    computation.arguments.push_back(literal(node));
    computation.arguments.push_back(literal(keys));
    for (nb::handle key : keys) computation.arguments.push_back(input(raw_.referred(key, being_read_)));
    return computation;
  }

  Computation call(nb::handle function) {
    Computation computation;
    computation.kind = Computation::Kind::call;
    computation.object = interned(function);
    return computation;
  }

  Computation literal(nb::handle object) {
    Computation computation;
    computation.object = interned(object);
    computation.is_small = is_small(object);
    return computation;
  }

  Computation input(std::size_t number) {
    Computation computation;
    computation.kind = Computation::Kind::input;
    if (input_of_[number] == kNoInput) {
      input_of_[number] = static_cast<std::uint32_t>(inputs_.size());
      inputs_.push_back(number);
    }
    computation.input = input_of_[number];
    return computation;
  }

  // Functions and small literals are shared by many tasks: one reference serves all.
  Shared<PyRef> interned(nb::handle object) {
    const auto [entry, is_new] = references_.try_emplace(object.ptr());
    // Nobody looks for a function of this graph anywhere else, so it need not be pickled for its token.
    if (is_new) entry->second = Shared<PyRef>(PyRef(object), unique_token());
    return entry->second;
  }

  Error cycle_error(const std::vector<std::size_t>& path, std::size_t again) {
    const Form form = raw_.form_of(raw_.computation(again));
    if (path.back() == again && (form == Form::key || form == Form::reference))
      return key_error(fmt::format("{} stands for itself in the graph: its value is nowhere", raw_.key_text(again)));
    auto from = path.begin();
    while (*from != again) ++from;
    std::string text;
    for (; from != path.end(); ++from) {
      if (state_[*from] == State::open) text += raw_.key_text(*from) + " -> ";
    }
    return Error(ErrorKind::runtime, "Cycle detected in the graph: " + text + raw_.key_text(again));
  }

  struct EngineLayer {
    LayerId id = 0;
    nb::list keys;  // by block
  };

  RawGraph raw_;
  std::vector<TaskId> task_of_;
  std::vector<State> state_;
  std::vector<std::size_t> inputs_;      // of the task that is being read
  std::vector<std::uint32_t> input_of_;  // by key: its place among them
  std::unordered_map<PyObject*, Shared<PyRef>> references_;
  std::unordered_map<std::string, EngineLayer> layers_;
  Graph graph_;
  LayerId layer_ = 0;
  std::size_t being_read_ = 0;
  nb::object presented_, bind_, build_, build_named_, build_dict_, call_with_keywords_, call_node_;
};

}  // namespace

Graph read_graph(const nb::dict& tasks, const std::vector<nb::object>& keys) {
  GraphReader reader(tasks);
  for (const nb::object& key : keys) reader.want(key);
  return reader.take();
}

}  // namespace plait::python
