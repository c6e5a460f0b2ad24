#include "plain_data.h"

#include <nanobind/stl/string.h>

#include "plait/error.h"

namespace plait::python {
namespace {

namespace nb = nanobind;
using cluster::PlainData;

constexpr int kMaxDepth = 60;

PlainData from_python_at(nb::handle object, int depth) {
  PyObject* held = object.ptr();
  if (held == Py_None) return {};
  if (PyBool_Check(held)) return held == Py_True;
  if (PyLong_Check(held)) return nb::cast<std::int64_t>(object);
  if (PyFloat_Check(held)) return nb::cast<double>(object);
  if (PyUnicode_Check(held)) return nb::cast<std::string>(object);
  if (depth > kMaxDepth) throw value_error("what is told to a cluster is nested too deeply");
  if (PyDict_Check(held)) {
    PlainData::Dict dict;
    for (auto [name, value] : nb::borrow<nb::dict>(object))
      dict.insert_or_assign(nb::str(name).c_str(), from_python_at(value, depth + 1));
    return dict;
  }
  if (PyList_Check(held) || PyTuple_Check(held) || PyAnySet_Check(held)) {
    PlainData::List list;
    for (nb::handle item : nb::borrow(object)) list.push_back(from_python_at(item, depth + 1));
    return list;
  }
  throw type_error(std::string("a cluster takes numbers, texts, lists and dicts here; found ") +
                   nb::repr(object).c_str());
}

}  // namespace

PlainData plain_from_python(nb::handle object) { return from_python_at(object, 0); }

nb::object plain_to_python(const PlainData& data) {
  if (const auto* list = std::get_if<PlainData::List>(&data.held)) {
    nb::list made;
    for (const PlainData& item : *list) made.append(plain_to_python(item));
    return made;
  }
  if (const auto* dict = std::get_if<PlainData::Dict>(&data.held)) {
    nb::dict made;
    for (const auto& [name, item] : *dict) made[nb::str(name.c_str(), name.size())] = plain_to_python(item);
    return made;
  }
  if (const auto* flag = std::get_if<bool>(&data.held)) return nb::bool_(*flag);
  if (const auto* number = std::get_if<std::int64_t>(&data.held)) return nb::int_(*number);
  if (const auto* real = std::get_if<double>(&data.held)) return nb::float_(*real);
  if (const auto* text = std::get_if<std::string>(&data.held)) return nb::str(text->c_str(), text->size());
  return nb::none();
}

}  // namespace plait::python
