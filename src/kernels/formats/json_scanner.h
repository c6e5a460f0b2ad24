// Reads the JSON of one line, for what Python's json.loads makes of it.
//
// It takes less than Python does, and nothing otherwise: whole numbers of 64 bits, floats that are finite, texts
// without lone surrogates, documents that are no deeper than 500. For all else it says that it does not know, and
// Python reads the line. (simdjson would do, but libparquet in the pyarrow wheel shows its own copy of it to the whole
// process, in another version: the two take each other's functions.)
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace plait {

struct JsonNumber {
  enum class Kind : std::uint8_t { integer, large, real };

  Kind kind = Kind::integer;
  std::int64_t integer = 0;  // the bits of a large one
  double real = 0;
};

// Goes along a line that ends with a newline, or behind which there is a zero. Every step says whether it found what it
// stands for; after one that did not, nothing is to be asked any more.
class JsonScanner {
 public:
  static constexpr int kMaxDepth = 500;

  explicit JsonScanner(std::string_view line) : at_(line.data()), end_(line.data() + line.size()) {}

  // The next character that is no white space; a newline or zero at the end.
  char peek() {
    while (*at_ == ' ' || *at_ == '\t') ++at_;
    return *at_;
  }
  bool take(char expected) {
    if (peek() != expected) return false;
    ++at_;
    return true;
  }
  bool take_word(std::string_view word) {
    if (std::string_view(at_, static_cast<std::size_t>(end_ - at_)).substr(0, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  // A text with its quotes. `found` is there until `room` is used again.
  bool take_text(std::string_view& found, std::string& room);
  bool take_number(JsonNumber& found);
  // A value of whatever kind.
  bool skip_value(int depth);
  bool is_at_end() { return peek() == '\n' ? at_ + 1 == end_ : at_ == end_; }

 private:
  bool take_escapes(const char* begin, std::string& room);
  bool take_escape(std::string& room);
  bool take_four_digits(std::uint32_t& code);

  const char* at_;
  const char* end_;
  std::string room_;
};

}  // namespace plait
