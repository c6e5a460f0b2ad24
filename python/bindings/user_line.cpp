#include "user_line.h"

#include <fmt/format.h>

namespace plait::python {
namespace {

std::string package_directory;

std::string text_of(PyObject* unicode) {
  const char* text = unicode ? PyUnicode_AsUTF8(unicode) : nullptr;
  if (!text) PyErr_Clear();
  return text ? text : "?";
}

}  // namespace

void set_package_directory(const std::string& directory) { package_directory = directory; }

std::string user_line() {
  PyFrameObject* frame = PyThreadState_GetFrame(PyThreadState_Get());
  std::string line;
  while (frame && line.empty()) {
    PyCodeObject* code = PyFrame_GetCode(frame);
    const std::string file = text_of(code->co_filename);
    if (package_directory.empty() || !file.starts_with(package_directory)) {
      line = fmt::format("{}:{}, in {}", file, PyFrame_GetLineNumber(frame), text_of(code->co_name));
    }
    Py_DECREF(code);
    PyFrameObject* outer = PyFrame_GetBack(frame);
    Py_DECREF(frame);
    frame = outer;
  }
  Py_XDECREF(frame);
  return line;
}

}  // namespace plait::python
