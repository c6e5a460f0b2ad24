// An error whose cause is an object of another language, such as a Python exception. The object travels with the error
// as a Value, so that the caller gets the original back, also from another process.
#pragma once

#include <utility>

#include "base/value.h"
#include "plait/error.h"

namespace plait {

class ForeignError : public Error {
 public:
  ForeignError(ErrorKind kind, const std::string& message, Value object)
      : Error(kind, message), object_(std::move(object)) {}

  const Value& object() const { return object_; }

 private:
  Value object_;
};

}  // namespace plait
