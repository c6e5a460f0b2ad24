#include "base/function.h"

#include <fmt/format.h>

#include <map>
#include <mutex>

#include "base/check.h"
#include "base/text.h"

namespace plait {
namespace {

struct FunctionRegistry {
  std::mutex mutex;
  std::map<std::string, Function> by_name;
};

FunctionRegistry& registry() {
  static auto* instance = new FunctionRegistry;
  return *instance;
}

}  // namespace

Function Function::registered(std::string name, Run run) {
  Function function;
  function.held_ = std::make_shared<const Held>(name, std::move(run), true);
  std::lock_guard lock(registry().mutex);
  const bool is_new = registry().by_name.emplace(std::move(name), function).second;
  PLAIT_CHECK(is_new);
  return function;
}

Function Function::named(const std::string& name) {
  std::lock_guard lock(registry().mutex);
  const auto found = registry().by_name.find(name);
  if (found != registry().by_name.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, function] : registry().by_name) names.push_back(known);
  throw key_error("this program has no function registered as '" + name + "'" + did_you_mean(name, names));
}

void Codec<Function>::encode(Encoder& to, const Function& function) {
  if (!function.is_registered()) {
    throw type_error(fmt::format(
        "the function '{}' exists in this process only, so no other process (the scheduler 'processes') can run it: "
        "register it by name, or use the scheduler 'threads'",
        function.name()));
  }
  plait::encode(to, function.name());
}

Function Codec<Function>::decode(Decoder& from) { return Function::named(plait::decode<std::string>(from)); }

template <>
const ValueType& value_type<Function>() {
  static const ValueType type = {
      .name = "function",
      .num_bytes = [](const void*) { return sizeof(Function); },
      .describe =
          [](const void* data) { return fmt::format("function {}", static_cast<const Function*>(data)->name()); },
      .encode = [](Encoder& to, const void* data) { encode(to, *static_cast<const Function*>(data)); },
      .decode = [](Decoder& from) -> std::shared_ptr<const void> {
        return std::make_shared<const Function>(decode<Function>(from));
      }};
  return type;
}

void register_function_kernel() {
  static std::once_flag once;
  std::call_once(once, [] {
    register_value_type(value_type<Function>());
    define(
        call_kernel, "A C++ function on its inputs.",
        [](Inputs inputs, const Function& function, const TaskContext& context) { return function(inputs, context); });
  });
}

}  // namespace plait
