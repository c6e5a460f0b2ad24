// Fault: an error of a task as data. What the cause says, of which kind it is, where it happened, and a detail for
// programs: the value by which a repair mends a plan, or the exception of another language. It crosses processes whole,
// so that nobody has to read a text.
#pragma once

#include <exception>
#include <string>
#include <utility>

#include "base/value.h"
#include "plait/error.h"

namespace plait {

struct Fault {
  ErrorKind kind = ErrorKind::runtime;
  std::string message;  // the cause's own text
  Value detail = {};    // null where there is none
  // The place: whatever is not known is empty.
  std::string key = {};     // "('add-1f..', 0, 3)"
  std::string source = {};  // the user's line that made the task
  std::string inputs = {};  // "float64 array of shape (3, 4) and 2 more"

  // "while running ('add-1f..', 0, 3)\n  made by prog.py:7 ...\n  from float64 array of shape ..."; empty without a
  // key.
  std::string place() const;
  // The message, then the place: what people read.
  std::string text() const;
};

// A detail that has no form outside its process, or none in the other one, stays behind; the rest of the fault travels
// all the same.
template <>
struct Codec<Fault> {
  static void encode(Encoder& to, const Fault& fault);
  static Fault decode(Decoder& from);
};

// An error that says more than its text: its detail is a registered value type, which programs read.
class DetailedError : public Error {
 public:
  DetailedError(ErrorKind kind, const std::string& message, Value detail)
      : Error(kind, message), detail_(std::move(detail)) {}

  const Value& detail() const { return detail_; }
  template <class T>
  const T* detail_if() const {
    return detail_.get_if<T>();
  }

 private:
  Value detail_;
};

// What an exception says of itself; the place is not known here.
Fault fault_of(const std::exception_ptr& thrown);

// A task failed. The message holds the cause's own text first, then key, line and inputs.
class TaskError : public DetailedError {
 public:
  explicit TaskError(Fault given) : DetailedError(given.kind, given.text(), given.detail), fault(std::move(given)) {}

  const Fault fault;
};

// The value type of a detail that lists its `fields`.
template <HasFields T>
ValueType detail_type(std::string name) {
  return {.name = std::move(name),
          .num_bytes = [](const void*) { return sizeof(T); },
          .describe = [](const void*) { return "detail of an error (" + value_type<T>().name + ")"; },
          .encode = [](Encoder& to, const void* data) { encode(to, *static_cast<const T*>(data)); },
          .decode = [](Decoder& from) -> std::shared_ptr<const void> {
            return std::make_shared<const T>(decode<T>(from));
          }};
}

}  // namespace plait
