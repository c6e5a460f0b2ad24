#include "collections/bag/python_steps.h"

namespace plait {

NativeSteps native_steps(const PythonSteps& chain) {
  using Kind = NativeSteps::Kind;
  const auto is = [&](std::size_t i, std::string_view name) {
    return i < chain.steps.size() && !chain.steps[i].form.empty() && chain.steps[i].form.front() == name;
  };
  if (!is(0, "read_lines")) return {};
  if (is(1, "split") && is(2, "flatten") && is(3, "counts")) return {Kind::word_counts, 4};
  if (!is(1, "json")) return {};
  NativeSteps native{Kind::json_objects, 2};
  for (; is(native.num_steps, "pluck"); ++native.num_steps)
    native.keys.push_back(chain.steps[native.num_steps].form.at(1));
  if (native.keys.empty()) return native;
  native.kind = Kind::json_values;
  if (is(native.num_steps, "counts")) {
    native.kind = Kind::json_counts;
    ++native.num_steps;
  }
  return native;
}

}  // namespace plait
