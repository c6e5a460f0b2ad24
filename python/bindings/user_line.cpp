#include "user_line.h"

#include <fmt/format.h>

namespace plait::python {
namespace {

std::string package_directory;

std::string utf8(PyObject* unicode) {
  const char* text = unicode ? PyUnicode_AsUTF8(unicode) : nullptr;
  if (!text) PyErr_Clear();
  return text ? text : "?";
}

// The code that was the user's when it was last looked at: most often it is again. It keeps a reference, so that no
// other code takes its address.
PyObject* last_of_user = nullptr;

bool is_of_user(PyObject* code) {
  if (code == last_of_user) return true;
  const std::string file = utf8(reinterpret_cast<PyCodeObject*>(code)->co_filename);
  if (!package_directory.empty() && file.starts_with(package_directory)) return false;
  Py_INCREF(code);
  Py_XSETREF(last_of_user, code);
  return true;
}

}  // namespace

void set_package_directory(const std::string& directory) {
  package_directory = directory;
  Py_CLEAR(last_of_user);
}

UserPlace user_place() {
  PyFrameObject* frame = PyThreadState_GetFrame(PyThreadState_Get());
  UserPlace place;
  while (frame && !place.code.is_valid()) {
    nb::object code = nb::steal(reinterpret_cast<PyObject*>(PyFrame_GetCode(frame)));
    if (is_of_user(code.ptr())) place = {std::move(code), PyFrame_GetLasti(frame)};
    PyFrameObject* outer = place.code.is_valid() ? nullptr : PyFrame_GetBack(frame);
    Py_DECREF(frame);
    frame = outer;
  }
  return place;
}

std::string text_of(nb::handle code, int instruction) {
  if (!code.is_valid()) return "";
  auto* object = reinterpret_cast<PyCodeObject*>(code.ptr());
  return fmt::format("{}:{}, in {}", utf8(object->co_filename), PyCode_Addr2Line(object, instruction),
                     utf8(object->co_name));
}

std::string user_line() {
  const UserPlace place = user_place();
  return text_of(place.code, place.instruction);
}

}  // namespace plait::python
