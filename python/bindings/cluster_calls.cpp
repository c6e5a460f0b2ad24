#include "cluster_calls.h"

#include <fmt/format.h>
#include <nanobind/stl/string.h>

#include <mutex>
#include <unordered_map>

#include "cluster/remote_value.h"
#include "python_task.h"
#include "values.h"

namespace plait::python {
namespace {

// So many calls are written together, if their arguments are plain.
constexpr Py_ssize_t kCallsTogether = 256;
constexpr int kMaxDepth = 100;

// Numbers, texts and the like: nothing is shared between calls by writing them together.
bool is_plain(nb::handle object) {
  PyObject* held = object.ptr();
  return held == Py_None || PyLong_CheckExact(held) || PyFloat_CheckExact(held) || PyUnicode_CheckExact(held) ||
         PyBool_Check(held) || PyBytes_CheckExact(held) || PyComplex_CheckExact(held);
}

// What a container of the exact types that are looked into becomes when `change` is made to its items; a null object
// where none of them has changed.
template <class Change>
nb::object changed_container(nb::handle object, const Change& change) {
  PyObject* held = object.ptr();
  const bool is_dict = PyDict_CheckExact(held);
  if (!is_dict && !PyList_CheckExact(held) && !PyTuple_CheckExact(held) && !PyAnySet_CheckExact(held)) return {};
  bool has_changed = false;
  nb::list items;
  const auto add = [&](nb::handle item) {
    nb::object changed = change(item);
    has_changed |= changed.is_valid();
    items.append(changed.is_valid() ? changed : nb::borrow(item));
  };
  if (is_dict) {
    nb::dict made;
    for (auto [key, value] : nb::borrow<nb::dict>(object)) {
      nb::object changed = change(value);
      has_changed |= changed.is_valid();
      made[key] = changed.is_valid() ? changed : nb::borrow(value);
    }
    return has_changed ? nb::object(made) : nb::object();
  }
  for (nb::handle item : nb::borrow(object)) add(item);
  if (!has_changed) return {};
  if (PyTuple_CheckExact(held)) return nb::tuple(items);
  if (PyList_CheckExact(held)) return items;
  return nb::steal(PyFrozenSet_CheckExact(held) ? PyFrozenSet_New(items.ptr()) : PySet_New(items.ptr()));
}

// The values of inputs in their places.
nb::object with_inputs(nb::handle object, Inputs inputs) {
  if (is_plain(object)) return {};
  if (nb::isinstance<InputPlace>(object)) return to_python(inputs[nb::inst_ptr<InputPlace>(object)->input]);
  return changed_container(object, [&](nb::handle item) { return with_inputs(item, inputs); });
}

Value run_python_calls(Inputs inputs, const PythonCalls& calls, const TaskContext& context) {
  return in_python(context, [&] {
    const nb::handle list = calls.arguments.get();
    nb::object arguments =
        nb::borrow(PyList_GET_ITEM(list.ptr(), static_cast<Py_ssize_t>(context.block() - calls.first_block)));
    nb::object kwargs = nb::borrow(calls.kwargs->get());
    if (calls.has_inputs) {
      if (nb::object changed = with_inputs(arguments, inputs); changed.is_valid()) arguments = changed;
      if (nb::object changed = with_inputs(kwargs, inputs); changed.is_valid()) kwargs = changed;
    }
    PyObject* function = calls.function->function.get().ptr();
    PyObject* keywords = PyDict_GET_SIZE(kwargs.ptr()) == 0 ? nullptr : kwargs.ptr();
    PyObject* result = stopping_at_shutdown([&] { return PyObject_Call(function, arguments.ptr(), keywords); });
    if (!result) throw nb::python_error();
    return Value::of(PyRef(nb::steal(result)));
  });
}

class CallGraph {
 public:
  CallGraph(const cluster::ClientCore& client, nb::handle function, const nb::dict& kwargs, const nb::list& keys)
      : client_(client), function_(TravellingFunction::of(function)), keys_(keys) {
    const std::string name = nb::str(nb::getattr(function, "__name__", nb::type_name(function.type()))).c_str();
    layer_ = graph_.add_layer({.name = name, .op = name, .grid = {}, .source = "", .keys = Value::of(PyRef(keys))});
    given_layer_ = graph_.add_layer({.name = "given", .op = "given", .grid = {}, .source = "", .keys = {}});
    const nb::object changed = placed(kwargs, 0);
    inputs_of_kwargs_ = inputs_;
    kwargs_ = Shared<PyRef>(PyRef(changed.is_valid() ? nb::handle(changed) : nb::handle(kwargs)));
  }

  void add(nb::handle arguments) {
    inputs_ = inputs_of_kwargs_;
    is_plain_ = true;
    nb::object call = changed_container(nb::tuple(nb::borrow(arguments)), [&](nb::handle item) {
      is_plain_ &= is_plain(item);
      return placed(item, 1);
    });
    const bool is_apart = !inputs_.empty() || !is_plain_;
    if (is_apart || nb::len(together_) == kCallsTogether) write_together();
    together_.append(call.is_valid() ? call : nb::object(nb::tuple(nb::borrow(arguments))));
    ++next_block_;
    if (is_apart) write_together();
  }

  Graph take() {
    write_together();
    for (TaskId task : calls_) graph_.add_output(task);
    return std::move(graph_);
  }

 private:
  // With places for the futures inside; a null object where there is none.
  nb::object placed(nb::handle object, int depth) {
    if (is_plain(object) || depth > kMaxDepth) return {};
    if (is_future(object)) return place_of(nb::cast<std::string>(object.attr("key")));
    return changed_container(object, [&](nb::handle item) { return placed(item, depth + 1); });
  }

  // Asked once a type.
  bool is_future(nb::handle object) {
    const auto [entry, is_new] = is_future_type_.try_emplace(Py_TYPE(object.ptr()), false);
    if (is_new) entry->second = nb::hasattr(object.type(), "__plait_future__");
    return entry->second;
  }

  nb::object place_of(const std::string& key) {
    const auto [entry, is_new] = given_.try_emplace(key, 0);
    if (is_new)
      entry->second = graph_.add_value(Value::of(cluster::RemoteValue(client_.address(), key)), given_layer_,
                                       static_cast<std::uint32_t>(given_.size() - 1));
    inputs_.push_back(entry->second);
    return nb::cast(InputPlace{static_cast<std::uint32_t>(inputs_.size() - 1)});
  }

  void write_together() {
    const auto count = static_cast<std::uint32_t>(nb::len(together_));
    if (count == 0) return;
    const std::uint32_t first = next_block_ - count;
    const CallId call = graph_.add_call(python_calls({function_, kwargs_, PyRef(together_), first, !inputs_.empty()}));
    for (std::uint32_t block = first; block < next_block_; ++block)
      calls_.push_back(graph_.add_task(call, inputs_, layer_, block));
    together_ = nb::list();
    inputs_ = inputs_of_kwargs_;
  }

  const cluster::ClientCore& client_;
  const Shared<TravellingFunction> function_;
  const nb::list keys_;
  Shared<PyRef> kwargs_;
  Graph graph_;
  LayerId layer_ = 0;
  LayerId given_layer_ = 0;
  std::unordered_map<PyTypeObject*, bool> is_future_type_;
  std::unordered_map<std::string, TaskId> given_;
  std::vector<TaskId> inputs_of_kwargs_;
  std::vector<TaskId> inputs_;  // of the call at hand
  bool is_plain_ = true;
  nb::list together_;
  std::uint32_t next_block_ = 0;
  std::vector<TaskId> calls_;
};

}  // namespace

TravellingFunction TravellingFunction::of(nb::handle function) {
  const PyRef held(function);
  Encoder to;
  encode(to, held);
  return {held, std::make_shared<const Record>(to.take())};
}

void register_python_calls() {
  static std::once_flag once;
  std::call_once(once, [] {
    define(python_calls, "Calls of a Python function that a client has submitted.", run_python_calls, hold_gil);
  });
}

Graph graph_of_calls(const cluster::ClientCore& client, nb::handle function, const nb::list& arguments,
                     const nb::dict& kwargs, const nb::list& keys) {
  if (nb::len(arguments) != nb::len(keys))
    throw value_error(
        fmt::format("submit_calls: {} calls need as many keys; found {}", nb::len(arguments), nb::len(keys)));
  CallGraph graph(client, function, kwargs, keys);
  for (nb::handle call : arguments) graph.add(call);
  return graph.take();
}

}  // namespace plait::python

namespace plait {

void Codec<python::TravellingFunction>::encode(Encoder& to, const python::TravellingFunction& function) {
  if (function.written) return plait::encode(to, *function.written);
  Encoder anew;
  plait::encode(anew, function.function);
  plait::encode(to, anew.take());
}

python::TravellingFunction Codec<python::TravellingFunction>::decode(Decoder& from) {
  const Record record = plait::decode<Record>(from);
  Decoder inside(record);
  return {plait::decode<python::PyRef>(inside), nullptr};
}

}  // namespace plait
