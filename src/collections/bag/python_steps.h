// Python functions on a partition, one after the other in one task: iterators go from step to step, so that a chain of
// map, filter, pluck and a reduction makes no list in between.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/kernel.h"
#include "base/shared.h"

namespace plait {

// The function takes what the step before it has made and `num_extra` further inputs of the task.
struct PythonStep {
  Shared<Value> function;
  std::uint32_t num_extra = 0;
  std::string label;
  bool is_users = false;  // it calls what the user wrote, rather than functions of ours
  // What it is in terms of the engine, which may do it instead: a name and parameters, or nothing.
  //   read_lines         of files or blocks of them, as UTF-8
  //   json               of lines, by json.loads
  //   pluck <key>        a text
  //   counts             of items
  //   split, flatten     words of texts, items of items
  std::vector<std::string> form = {};
  static constexpr auto fields = std::tuple{&PythonStep::function, &PythonStep::num_extra, &PythonStep::label,
                                            &PythonStep::is_users, &PythonStep::form};
};

struct PythonSteps {
  std::vector<PythonStep> steps;  // the first takes all inputs that are left
  bool lists = true;              // the result is a partition: an iterator becomes a list
  static constexpr auto fields = std::tuple{&PythonSteps::steps, &PythonSteps::lists};
};
// Defined by the Python face.
inline constinit KernelId<PythonSteps> python_steps{"bag_python_steps"};

// What the engine does itself of a chain, without Python: its first `num_steps` steps.
struct NativeSteps {
  enum class Kind { none, json_objects, json_values, json_counts, word_counts };

  Kind kind = Kind::none;
  std::size_t num_steps = 0;
  std::vector<std::string> keys = {};  // that lead to a value
};
NativeSteps native_steps(const PythonSteps& chain);

// A Python function on a partition that gives a list of parts.
inline constinit KernelId<PythonStep> python_split{"bag_python_split"};

}  // namespace plait
