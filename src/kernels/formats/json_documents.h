// Lines of JSON as objects of another language, which a builder makes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kernels/formats/json_scanner.h"

namespace plait {

// Hears of the parts of a document, outer ones first; a key comes before its value.
class JsonBuilder {
 public:
  virtual ~JsonBuilder() = default;
  virtual void text(std::string_view text) = 0;
  virtual void number(const JsonNumber& number) = 0;
  virtual void truth(bool value) = 0;
  virtual void nothing() = 0;
  virtual void begin_list() = 0;
  virtual void end_list() = 0;
  virtual void begin_object() = 0;
  virtual void key(std::string_view key) = 0;
  virtual void end_object() = 0;
};

// Tells `to` of the document in a line. False if the line is not read exactly as Python reads it; what was told until
// then is to be forgotten. `room` is used again from line to line.
bool read_json_line(std::string_view line, JsonBuilder& to, std::string& room);

}  // namespace plait
