#include "raw_graph.h"

#include <fmt/format.h>
#include <nanobind/stl/string.h>

#include "plait/error.h"

namespace plait::python {
namespace {

constexpr int kDeepest = 1000;

bool can_be_key(PyObject* object) {
  return PyUnicode_Check(object) || PyLong_Check(object) || PyFloat_Check(object) || PyTuple_Check(object);
}

Error wrong_key(nb::handle key) {
  return type_error(
      fmt::format("{} cannot be a key of a graph: it is a {}, and keys are texts, numbers or tuples of these",
                  nb::repr(key).c_str(), nb::type_name(key.type()).c_str()));
}

bool is_call(PyObject* object) {
  return PyTuple_CheckExact(object) && PyTuple_GET_SIZE(object) > 0 && PyCallable_Check(PyTuple_GET_ITEM(object, 0));
}

}  // namespace

RawGraph::RawGraph(const nb::dict& tasks) {
  const std::size_t size = nb::len(tasks);
  computations_.reserve(size);
  for (auto [key, computation] : tasks) {
    if (!can_be_key(key.ptr())) throw wrong_key(key);
    const nb::object number = nb::steal(PyLong_FromSize_t(computations_.size()));
    if (PyDict_SetItem(number_of_.ptr(), key.ptr(), number.ptr()) != 0) throw nb::python_error();
    computations_.push_back(computation);
  }
  keys_ = PyRef(nb::steal(PyDict_Keys(tasks.ptr())));
}

std::size_t RawGraph::find(nb::handle object) const {
  PyObject* found = PyDict_GetItemWithError(number_of_.ptr(), object.ptr());
  if (!found) {
    PyErr_Clear();  // an object that cannot be hashed is no key
    return kNoKey;
  }
  return PyLong_AsSize_t(found);
}

std::size_t RawGraph::wanted(nb::handle key) const {
  if (!can_be_key(key.ptr())) throw wrong_key(key);
  const std::size_t number = find(key);
  if (number == kNoKey) throw key_error(fmt::format("{} is not a key of the graph", nb::repr(key).c_str()));
  return number;
}

Form RawGraph::form_of(nb::handle object) {
  PyObject* const held = object.ptr();
  if (is_call(held)) return Form::call;
  if (can_be_key(held)) {
    if (find(object) != kNoKey) return Form::key;
    if (!PyTuple_Check(held)) return Form::literal;
    return nb::hasattr(object, "_fields") ? Form::named : Form::sequence;
  }
  if (PyList_CheckExact(held)) return Form::list;
  if (PyList_Check(held) || PyAnySet_Check(held)) return Form::sequence;
  return form_of_node(object);
}

Form RawGraph::form_of_node(nb::handle object) {
  PyTypeObject* const type = Py_TYPE(object.ptr());
  if (type == &PyUnicode_Type || type == &PyLong_Type || type == &PyTuple_Type) return Form::literal;
  const auto [entry, is_new] = form_of_type_.try_emplace(type, Form::literal);
  if (is_new) {
    const nb::object kind = nb::module_::import_("plait.task_spec").attr("kind_of_node")(object);
    const std::string name = nb::cast<std::string>(kind);
    if (name == "reference") entry->second = Form::reference;
    if (name == "data") entry->second = Form::data;
    if (name == "task") entry->second = Form::task;
    if (name == "node") entry->second = Form::node;
  }
  return entry->second;
}

nb::object RawGraph::target_of(nb::handle reference) {
  return nb::hasattr(reference, "target") ? reference.attr("target") : reference.attr("key");
}

std::size_t RawGraph::referred(nb::handle key, std::size_t dependent) const {
  const std::size_t number = find(key);
  if (number != kNoKey) return number;
  throw value_error(fmt::format("Missing dependency {} of {}: it is not a key of the graph", nb::repr(key).c_str(),
                                key_text(dependent)));
}

void RawGraph::add_inputs(nb::handle object, std::size_t number, int depth, std::vector<std::size_t>& inputs) {
  if (depth > kDeepest) check_depth_of(number, depth);
  switch (form_of(object)) {
    case Form::literal:
    case Form::data:
      return;
    case Form::key:
      inputs.push_back(find(object));
      return;
    case Form::list:
      for (Py_ssize_t i = 0; i < PyList_GET_SIZE(object.ptr()); ++i)
        add_inputs(PyList_GET_ITEM(object.ptr(), i), number, depth + 1, inputs);
      return;
    case Form::sequence:
    case Form::named:
      for (nb::handle item : object) add_inputs(item, number, depth + 1, inputs);
      return;
    case Form::call:
      for (Py_ssize_t i = 1; i < PyTuple_GET_SIZE(object.ptr()); ++i) {
        const nb::handle argument = PyTuple_GET_ITEM(object.ptr(), i);
        if (PyDict_Check(argument.ptr())) {
          for (auto [name, value] : nb::borrow<nb::dict>(argument)) add_inputs_of_node(value, inputs);
        } else {
          add_inputs(argument, number, depth + 1, inputs);
        }
      }
      return;
    default:
      add_inputs_of_node(object, inputs);
  }
}

void RawGraph::add_inputs_of_node(nb::handle object, std::vector<std::size_t>& inputs) {
  const auto add = [&](nb::handle key) {
    if (const std::size_t number = find(key); number != kNoKey) inputs.push_back(number);
  };
  switch (form_of_node(object)) {
    case Form::reference:
      return add(target_of(object));
    case Form::task:
    case Form::node:
      for (nb::handle key : object.attr("dependencies")) add(key);
      return;
    default:
      return;
  }
}

void RawGraph::check_depth(int depth, const std::string& what) {
  if (depth <= kDeepest) return;
  throw value_error(fmt::format(
      "graph: {} is nested more than {} levels deep, or holds itself; give inner computations keys of their own", what,
      kDeepest));
}

void RawGraph::check_depth_of(std::size_t number, int depth) const {
  if (depth > kDeepest) check_depth(depth, "the computation of " + key_text(number));
}

}  // namespace plait::python
