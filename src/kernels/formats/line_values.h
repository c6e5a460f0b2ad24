// Values found in the lines of text files, for bags: what a path of keys leads to in lines of JSON, and words.
//
// What the engine does not read exactly as Python does (a number beyond 64 bits, NaN, a lone surrogate, a damaged line,
// a value that is no single one) is given back as the line, for Python to read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kernels/formats/text_pieces.h"

namespace plait {

struct LineValue {
  enum class Kind : std::uint8_t { text, integer, large, real, yes, no, nothing, line };

  Kind kind = Kind::nothing;
  std::string text;          // UTF-8; a line as it stands
  std::int64_t integer = 0;  // the bits of a large one; the number of a line among those of the block, from 0
  double real = 0;
  std::int64_t count = 1;
};

// One value a line. Nothing if the text has to be read by Python as a whole: it has carriage returns.
std::optional<std::vector<LineValue>> json_values(const TextBlock& block, const std::vector<std::string>& keys);
// The distinct values with their counts, in the order in which they were first seen; lines come one by one.
std::optional<std::vector<LineValue>> json_counts(const TextBlock& block, const std::vector<std::string>& keys);
// The distinct words, as str.split() finds them, with their counts. Nothing if the text is not UTF-8.
std::optional<std::vector<LineValue>> word_counts(const TextBlock& block);

}  // namespace plait
