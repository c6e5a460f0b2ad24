#include "plain_arguments.h"

#include <nanobind/stl/string.h>

#include <limits>

#include "plait/error.h"

namespace plait::python {
namespace {

constexpr std::size_t kLongestShown = 80;

std::string message(std::string_view what, std::string_view argument, nb::handle found, const char* expected) {
  return std::string(what) + ": " + std::string(argument) + " is " + shown(found) + ", expected " + expected;
}

Error wrong_type(std::string_view what, std::string_view argument, nb::handle found, const char* expected) {
  return type_error(message(what, argument, found, expected));
}

Error out_of_range(std::string_view what, std::string_view argument, nb::handle found, const char* expected) {
  return overflow_error(message(what, argument, found, expected));
}

bool is_text(nb::handle object) { return PyUnicode_Check(object.ptr()) || PyBytes_Check(object.ptr()); }

}  // namespace

std::string shown(nb::handle object) {
  const nb::object repr = nb::steal(PyObject_Repr(object.ptr()));
  if (!repr.is_valid()) {
    PyErr_Clear();
    // Python refuses to write out the longest integers.
    return std::string("an object of type ") + Py_TYPE(object.ptr())->tp_name;
  }
  if (nb::len(repr) <= kLongestShown) return nb::cast<std::string>(nb::str(repr));
  const nb::object start = nb::steal(PyUnicode_Substring(repr.ptr(), 0, kLongestShown));
  return nb::cast<std::string>(nb::str(start)) + "...";
}

bool is_whole_number(nb::handle object) { return PyIndex_Check(object.ptr()) && !PyBool_Check(object.ptr()); }

std::int64_t whole_number(std::string_view what, std::string_view argument, nb::handle found) {
  if (!is_whole_number(found)) throw wrong_type(what, argument, found, "a whole number");
  const nb::object index = nb::steal(PyNumber_Index(found.ptr()));
  if (!index.is_valid()) {
    // A NumPy array of several elements, or an array that cannot be computed, says so itself.
    if (!PyErr_ExceptionMatches(PyExc_TypeError)) throw nb::python_error();
    PyErr_Clear();
    throw wrong_type(what, argument, found, "a whole number");
  }
  int overflow = 0;
  const long long number = PyLong_AsLongLongAndOverflow(index.ptr(), &overflow);
  if (overflow != 0) throw out_of_range(what, argument, found, "a number of at most 64 bits");
  return number;
}

std::optional<std::int64_t> optional_number(std::string_view what, std::string_view argument, nb::handle found) {
  if (found.is_none()) return std::nullopt;
  return whole_number(what, argument, found);
}

int small_number(std::string_view what, std::string_view argument, nb::handle found) {
  const std::int64_t number = whole_number(what, argument, found);
  if (number < std::numeric_limits<int>::min() || number > std::numeric_limits<int>::max())
    throw out_of_range(what, argument, found, "a number of at most 32 bits");
  return static_cast<int>(number);
}

double real_number(std::string_view what, std::string_view argument, nb::handle found) {
  const bool is_number =
      !is_text(found) &&
      (PyFloat_Check(found.ptr()) || PyIndex_Check(found.ptr()) ||
       (Py_TYPE(found.ptr())->tp_as_number != nullptr && Py_TYPE(found.ptr())->tp_as_number->nb_float != nullptr));
  if (!is_number || PyComplex_Check(found.ptr())) throw wrong_type(what, argument, found, "a real number");
  const double number = PyFloat_AsDouble(found.ptr());
  if (number == -1 && PyErr_Occurred()) {
    const bool is_too_large = PyErr_ExceptionMatches(PyExc_OverflowError) != 0;
    if (!is_too_large && !PyErr_ExceptionMatches(PyExc_TypeError) && !PyErr_ExceptionMatches(PyExc_ValueError))
      throw nb::python_error();
    PyErr_Clear();
    if (is_too_large) throw out_of_range(what, argument, found, "a number that a double holds");
    throw wrong_type(what, argument, found, "a real number");
  }
  return number;
}

std::optional<double> optional_real(std::string_view what, std::string_view argument, nb::handle found) {
  if (found.is_none()) return std::nullopt;
  return real_number(what, argument, found);
}

std::vector<double> real_numbers(std::string_view what, std::string_view argument, nb::handle found) {
  if (is_text(found) || !PySequence_Check(found.ptr())) return {real_number(what, argument, found)};
  std::vector<double> numbers;
  for (nb::handle one : found) numbers.push_back(real_number(what, argument, one));
  return numbers;
}

bool truth(std::string_view what, std::string_view argument, nb::handle found) {
  const bool is_number = PyBool_Check(found.ptr()) || PyIndex_Check(found.ptr()) || nb::hasattr(found, "dtype");
  const int answer = is_number ? PyObject_IsTrue(found.ptr()) : -1;
  if (answer >= 0) return answer != 0;
  PyErr_Clear();
  throw wrong_type(what, argument, found, "True or False");
}

std::string text(std::string_view what, std::string_view argument, nb::handle found) {
  if (!PyUnicode_Check(found.ptr())) throw wrong_type(what, argument, found, "a text");
  return nb::cast<std::string>(found);
}

}  // namespace plait::python
