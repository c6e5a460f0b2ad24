// The one exception type that Plait throws: a message for the user and a kind that says which mistake it is.
//
// A user's mistake is thrown on the line that made it. A failure inside a task is caught by the executor and rethrown
// by compute() with the task's key, the shapes of its inputs and the line that made the operation.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "plait/export.h"

namespace plait {

// Each kind becomes the Python exception of the same meaning.
enum class ErrorKind {
  value,            // ValueError: right type, impossible value
  type,             // TypeError
  index,            // IndexError: an axis, position or block out of range
  key,              // KeyError: an unknown column, name or task key
  file_not_found,   // FileNotFoundError
  overflow,         // OverflowError: a number that the dtype cannot hold
  io,               // OSError: reading or writing failed, disk full
  memory,           // MemoryError: does not fit the memory budget
  not_implemented,  // NotImplementedError
  runtime,          // RuntimeError
  cancelled,        // the run was cancelled (KeyboardInterrupt in Python)
  bug,              // a broken invariant inside Plait
};

class PLAIT_API Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}

  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

// The operation is valid, but the engine has no kernel for these operands; the message is the reason. Thrown while a
// plan is made, and never for a user's mistake. Python hears it as an answer and lets pandas or NumPy do the work.
class PLAIT_API NoNativeForm : public Error {
 public:
  explicit NoNativeForm(const std::string& reason) : Error(ErrorKind::not_implemented, reason) {}
};

inline Error value_error(const std::string& message) { return {ErrorKind::value, message}; }
inline Error type_error(const std::string& message) { return {ErrorKind::type, message}; }
inline Error index_error(const std::string& message) { return {ErrorKind::index, message}; }
inline Error key_error(const std::string& message) { return {ErrorKind::key, message}; }
inline Error overflow_error(const std::string& message) { return {ErrorKind::overflow, message}; }
inline Error io_error(const std::string& message) { return {ErrorKind::io, message}; }
inline Error not_implemented(const std::string& message) { return {ErrorKind::not_implemented, message}; }

}  // namespace plait
