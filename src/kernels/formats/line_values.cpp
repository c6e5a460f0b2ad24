#include "kernels/formats/line_values.h"

#include <array>
#include <bit>
#include <unordered_map>
#include <utility>

#include "base/kernel.h"
#include "base/token.h"
#include "kernels/formats/json_scanner.h"
#include "kernels/formats/utf8.h"

namespace plait {
namespace {

using Kind = LineValue::Kind;

// Places of distinct texts, by open addressing: a text that has come before is found by its hash with one look.
class TextPlaces {
 public:
  static constexpr std::uint32_t kNew = UINT32_MAX;

  // The place of a text among `values`; kNew where it has none, which it gets then: the next one.
  std::uint32_t find(std::string_view text, const std::vector<LineValue>& values) {
    if (2 * (size_ + 1) > slots_.size()) grow();
    const std::uint64_t hash = hash_bytes(text.data(), text.size()).low;
    std::size_t i = hash & (slots_.size() - 1);
    for (; slots_[i].place != kNew; i = (i + 1) & (slots_.size() - 1)) {
      if (slots_[i].hash == hash && values[slots_[i].place].text == text) return slots_[i].place;
    }
    slots_[i] = {hash, static_cast<std::uint32_t>(values.size())};
    ++size_;
    return kNew;
  }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t place = kNew;
  };

  void grow() {
    const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.empty() ? 64 : 2 * slots_.size()));
    for (const Slot& slot : old) {
      if (slot.place == kNew) continue;
      std::size_t i = slot.hash & (slots_.size() - 1);
      while (slots_[i].place != kNew) i = (i + 1) & (slots_.size() - 1);
      slots_[i] = slot;
    }
  }

  std::vector<Slot> slots_;
  std::size_t size_ = 0;
};

// Distinct values and how often they came, in the order in which they were first seen.
class Counts {
 public:
  void add_text(std::string_view text) {
    const std::uint32_t found = texts_.find(text, values_);
    if (found == TextPlaces::kNew)
      values_.push_back({.kind = Kind::text, .text = std::string(text)});
    else
      ++values_[found].count;
  }
  void add(LineValue value) {
    if (value.kind == Kind::line) {
      values_.push_back(std::move(value));
      return;
    }
    const std::uint64_t bits =
        value.kind == Kind::real ? std::bit_cast<std::uint64_t>(value.real) : static_cast<std::uint64_t>(value.integer);
    const auto [found, is_new] = others_[static_cast<std::size_t>(value.kind)].try_emplace(bits, values_.size());
    if (is_new)
      values_.push_back(std::move(value));
    else
      ++values_[found->second].count;
  }
  std::vector<LineValue> take() && { return std::move(values_); }

 private:
  TextPlaces texts_;
  std::unordered_map<std::uint64_t, std::size_t> others_[static_cast<std::size_t>(Kind::line)];
  std::vector<LineValue> values_;
};

class List {
 public:
  void add_text(std::string_view text) { values_.push_back({.kind = Kind::text, .text = std::string(text)}); }
  void add(LineValue value) { values_.push_back(std::move(value)); }
  std::vector<LineValue> take() && { return std::move(values_); }

 private:
  std::vector<LineValue> values_;
};

// Finds the value that a path of keys leads to in one line.
class ValueFinder {
 public:
  ValueFinder(std::string_view line, const std::vector<std::string>& keys, std::string& text_room,
              std::string& key_room)
      : scanner_(line), keys_(keys), text_room_(text_room), key_room_(key_room) {}

  // False if the line is not read exactly, if there is no such value, or if it is no single one.
  template <class Sink>
  bool give(Sink& sink) {
    if (!find(0) || !scanner_.is_at_end() || !has_value_) return false;
    if (value_.kind == Kind::text)
      sink.add_text(text_);
    else
      sink.add(std::move(value_));
    return true;
  }

 private:
  // Goes over a value below the first `level` keys. Of equal keys the last one counts, as in Python.
  bool find(std::size_t level) {
    const char first = scanner_.peek();
    if (level == keys_.size()) return first == '{' || first == '[' ? skip(level) : take_value(first);
    if (first != '{') return skip(level);
    scanner_.take('{');
    if (scanner_.take('}')) return true;
    do {
      std::string_view key;
      if (scanner_.peek() != '"' || !scanner_.take_text(key, key_room_) || !scanner_.take(':')) return false;
      if (key == keys_[level]) {
        has_value_ = false;
        if (!find(level + 1)) return false;
      } else if (!skip(level + 1)) {
        return false;
      }
    } while (scanner_.take(','));
    return scanner_.take('}');
  }
  bool skip(std::size_t level) { return scanner_.skip_value(static_cast<int>(level)); }

  bool take_value(char first) {
    has_value_ = true;
    value_.kind = first == '"' ? Kind::text : first == 't' ? Kind::yes : first == 'f' ? Kind::no : Kind::nothing;
    switch (first) {
      case '"':
        return scanner_.take_text(text_, text_room_);
      case 't':
        return scanner_.take_word("true");
      case 'f':
        return scanner_.take_word("false");
      case 'n':
        return scanner_.take_word("null");
      default:
        return take_number();
    }
  }
  bool take_number() {
    JsonNumber number;
    if (!scanner_.take_number(number)) return false;
    value_.kind = number.kind == JsonNumber::Kind::real    ? Kind::real
                  : number.kind == JsonNumber::Kind::large ? Kind::large
                                                           : Kind::integer;
    value_.integer = number.integer;
    value_.real = number.real;
    return true;
  }

  JsonScanner scanner_;
  const std::vector<std::string>& keys_;
  std::string& text_room_;
  std::string& key_room_;
  bool has_value_ = false;
  LineValue value_;
  std::string_view text_;
};

template <class Sink>
std::optional<std::vector<LineValue>> read_json(const TextBlock& block, const std::vector<std::string>& keys) {
  Sink sink;
  std::string text_room, key_room;
  std::int64_t number = 0;
  for (TextPieces pieces(block); pieces.next();) {
    check_cancelled();
    std::string_view rest = pieces.text();
    if (rest.find('\r') != std::string_view::npos) return std::nullopt;
    while (!rest.empty()) {
      const std::size_t length = std::min(rest.find('\n'), rest.size() - 1) + 1;
      const std::string_view line = rest.substr(0, length);
      if (!ValueFinder(line, keys, text_room, key_room).give(sink))
        sink.add({.kind = Kind::line, .text = std::string(line), .integer = number});
      ++number;
      rest.remove_prefix(length);
    }
  }
  return std::move(sink).take();
}

// How many bytes of white space beyond ASCII, as str.split() knows it, begin here; the text is UTF-8.
std::size_t wide_space_at(const char* text) {
  const auto at = [text](int i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = at(0);
  if (first == 0xc2) return at(1) == 0x85 || at(1) == 0xa0 ? 2 : 0;
  if (first == 0xe1) return at(1) == 0x9a && at(2) == 0x80 ? 3 : 0;
  if (first == 0xe2) {
    if (at(1) == 0x80) return at(2) <= 0x8a || at(2) == 0xa8 || at(2) == 0xa9 || at(2) == 0xaf ? 3 : 0;
    return at(1) == 0x81 && at(2) == 0x9f ? 3 : 0;
  }
  return first == 0xe3 && at(1) == 0x80 && at(2) == 0x80 ? 3 : 0;
}

// Whether a byte begins white space: never, by itself, or perhaps, with those behind it.
enum class SpaceClass : std::uint8_t { none, ascii, perhaps };
constexpr auto kSpaceClasses = [] {
  std::array<SpaceClass, 256> classes{};
  for (const int byte : {0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1c, 0x1d, 0x1e, 0x1f, 0x20}) classes[byte] = SpaceClass::ascii;
  for (const int byte : {0xc2, 0xe1, 0xe2, 0xe3}) classes[byte] = SpaceClass::perhaps;
  return classes;
}();

void count_words(std::string_view text, Counts& counts) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const char* word = at;
  while (at < end) {
    const SpaceClass found = kSpaceClasses[static_cast<unsigned char>(*at)];
    const std::size_t space = found == SpaceClass::none ? 0 : found == SpaceClass::ascii ? 1 : wide_space_at(at);
    if (space == 0) {
      ++at;
      continue;
    }
    if (at > word) counts.add_text({word, static_cast<std::size_t>(at - word)});
    word = at += space;
  }
  if (end > word) counts.add_text({word, static_cast<std::size_t>(end - word)});
}

}  // namespace

std::optional<std::vector<LineValue>> json_values(const TextBlock& block, const std::vector<std::string>& keys) {
  return read_json<List>(block, keys);
}

std::optional<std::vector<LineValue>> json_counts(const TextBlock& block, const std::vector<std::string>& keys) {
  return read_json<Counts>(block, keys);
}

std::optional<std::vector<LineValue>> word_counts(const TextBlock& block) {
  Counts counts;
  for (TextPieces pieces(block); pieces.next();) {
    check_cancelled();
    if (!is_utf8(pieces.text())) return std::nullopt;
    count_words(pieces.text(), counts);
  }
  return std::move(counts).take();
}

}  // namespace plait
