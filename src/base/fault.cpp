#include "base/fault.h"

#include <new>
#include <optional>

namespace plait {
namespace {

// The detail as a record of its own, so that half of one is never left in another; nothing if it cannot leave.
std::optional<Record> packed(const Value& detail) {
  if (!detail) return std::nullopt;
  try {
    return encode_value(detail);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

std::string Fault::place() const {
  if (key.empty()) return "";
  std::string place = "while running " + key;
  if (!source.empty()) place += "\n  made by " + source;
  if (!inputs.empty()) place += "\n  from " + inputs;
  return place;
}

std::string Fault::text() const { return key.empty() ? message : message + "\n  " + place(); }

void Codec<Fault>::encode(Encoder& to, const Fault& fault) {
  plait::encode(to, fault.kind);
  for (const std::string* text : {&fault.message, &fault.key, &fault.source, &fault.inputs}) plait::encode(to, *text);
  plait::encode(to, packed(fault.detail));
}

Fault Codec<Fault>::decode(Decoder& from) {
  Fault fault;
  fault.kind = plait::decode<ErrorKind>(from);
  for (std::string* text : {&fault.message, &fault.key, &fault.source, &fault.inputs})
    *text = plait::decode<std::string>(from);
  const auto detail = plait::decode<std::optional<Record>>(from);
  try {
    if (detail) fault.detail = decode_value(*detail);
  } catch (const Error&) {
    // Nothing here can read it; what the fault says to people is whole.
  }
  return fault;
}

Fault fault_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const DetailedError& error) {
    return {.kind = error.kind(), .message = error.what(), .detail = error.detail()};
  } catch (const Error& error) {
    return {.kind = error.kind(), .message = error.what()};
  } catch (const std::bad_alloc&) {
    return {.kind = ErrorKind::memory, .message = "the system has no memory left for this task"};
  } catch (const std::exception& error) {
    return {.kind = ErrorKind::runtime, .message = error.what()};
  } catch (...) {
    return {.kind = ErrorKind::runtime, .message = "the kernel threw something that is not an exception"};
  }
}

}  // namespace plait
