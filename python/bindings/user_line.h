// The line of the user's program that is being executed: the first frame outside the plait package.
#pragma once

#include <nanobind/nanobind.h>

#include <string>

#include "expr/expr.h"

namespace plait::python {

// "flights.py:12, in main". Needs the GIL.
std::string user_line();

// A call guard for functions that make nodes: nb::call_guard<UserLine>().
class UserLine {
 public:
  UserLine() : scope_(user_line()) {}

 private:
  SourceScope scope_;
};

// Where the package's own files are; frames in there are not the user's.
void set_package_directory(const std::string& directory);

}  // namespace plait::python
