// The line of the user's program that is being executed: the first frame outside the plait package.
#pragma once

#include <nanobind/nanobind.h>

#include <string>

#include "expr/expr.h"

namespace plait::python {

namespace nb = nanobind;

// A place in the user's program, cheap to note.
struct UserPlace {
  nb::object code;  // null if there is none
  int instruction = 0;
};
// Both need the GIL.
UserPlace user_place();
// "flights.py:12, in main"; empty for no place.
std::string text_of(nb::handle code, int instruction);
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
