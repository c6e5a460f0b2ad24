// Function: a C++ callable as a value. It is given to the kernel "call" as its parameter, so that a graph holds data
// only.
//
// A function that was registered by name can leave the process: the name travels, and is looked up there. Another one
// stays; the attempt to send it throws Error(type), which names it. Copies share the callable; thread-safe if it is.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/kernel.h"

namespace plait {

class Function {
 public:
  using Run = std::function<Value(Inputs, const TaskContext&)>;

  Function() = default;
  // `name`: what people call it.
  Function(std::string name, Run run) : held_(std::make_shared<const Held>(std::move(name), std::move(run), false)) {}

  // Makes a function known by its name for the rest of the program; the same name again is a bug.
  static Function registered(std::string name, Run run);
  // Throws Error(key) naming near names if there is none.
  static Function named(const std::string& name);

  const std::string& name() const { return held_->name; }
  bool is_registered() const { return held_->is_registered; }
  Value operator()(Inputs inputs, const TaskContext& context) const { return held_->run(inputs, context); }

 private:
  struct Held {
    Held(std::string name, Run run, bool is_registered)
        : name(std::move(name)), run(std::move(run)), is_registered(is_registered) {}
    std::string name;
    Run run;
    bool is_registered;
  };
  std::shared_ptr<const Held> held_;
};

template <>
struct Codec<Function> {
  static void encode(Encoder& to, const Function& function);
  static Function decode(Decoder& from);
};
template <>
const ValueType& value_type<Function>();

// Calls its parameter on its inputs.
inline constinit KernelId<Function> call_kernel{"call"};
// Once, at start-up.
void register_function_kernel();

}  // namespace plait
