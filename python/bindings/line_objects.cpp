#include "line_objects.h"

namespace plait::python {
namespace {

// A new reference; null where Python has raised.
PyObject* plain_object(const LineValue& value) {
  switch (value.kind) {
    case LineValue::Kind::text:
      return PyUnicode_DecodeUTF8(value.text.data(), static_cast<Py_ssize_t>(value.text.size()), nullptr);
    case LineValue::Kind::integer:
      return PyLong_FromLongLong(value.integer);
    case LineValue::Kind::large:
      return PyLong_FromUnsignedLongLong(static_cast<std::uint64_t>(value.integer));
    case LineValue::Kind::real:
      return PyFloat_FromDouble(value.real);
    case LineValue::Kind::yes:
      return Py_NewRef(Py_True);
    case LineValue::Kind::no:
      return Py_NewRef(Py_False);
    case LineValue::Kind::nothing:
    case LineValue::Kind::line:
      break;
  }
  return Py_NewRef(Py_None);
}

nb::object object_of(const LineValue& value, const std::function<nb::object(const LineValue&)>& read_line) {
  if (value.kind == LineValue::Kind::line) return read_line(value);
  PyObject* object = plain_object(value);
  if (!object) throw nb::python_error();
  return nb::steal(object);
}

}  // namespace

nb::object line_values_to_python(const std::vector<LineValue>& values,
                                 const std::function<nb::object(const LineValue&)>& read_line, bool as_counts) {
  if (!as_counts) {
    nb::list items;
    for (const LineValue& value : values) items.append(object_of(value, read_line));
    return items;
  }
  // Equal keys of different types (1, 1.0, True) meet in the dict, under the one that came first.
  nb::dict counts;
  for (const LineValue& value : values) {
    const nb::object key = object_of(value, read_line);
    nb::object before =
        nb::steal(PyDict_GetItemWithError(counts.ptr(), key.ptr()) ? Py_NewRef(PyDict_GetItem(counts.ptr(), key.ptr()))
                                                                   : nullptr);
    if (!before.is_valid() && PyErr_Occurred()) throw nb::python_error();
    const std::int64_t sum = value.count + (before.is_valid() ? nb::cast<std::int64_t>(before) : 0);
    counts[key] = sum;
  }
  return counts;
}

}  // namespace plait::python
