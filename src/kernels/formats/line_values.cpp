#include "kernels/formats/line_values.h"

#include <simdjson.h>

#include <array>
#include <bit>
#include <unordered_map>
#include <utility>

#include "base/kernel.h"
#include "base/token.h"

namespace plait {
namespace {

using Kind = LineValue::Kind;
namespace dom = simdjson::dom;

static_assert(TextPieces::kPadding >= simdjson::SIMDJSON_PADDING);

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

// Of equal keys the last one counts, as in Python.
bool find_key(const dom::element& element, std::string_view key, dom::element& found) {
  dom::object object;
  if (element.get_object().get(object) != simdjson::SUCCESS) return false;
  bool is_there = false;
  for (const dom::key_value_pair field : object) {
    if (field.key == key) {
      found = field.value;
      is_there = true;
    }
  }
  return is_there;
}

// Whether it is a single value.
template <class Sink>
bool give(const dom::element& element, Sink& sink) {
  switch (element.type()) {
    case dom::element_type::STRING:
      sink.add_text(std::string_view(element));
      return true;
    case dom::element_type::INT64:
      sink.add({.kind = Kind::integer, .integer = std::int64_t(element)});
      return true;
    case dom::element_type::UINT64:
      sink.add({.kind = Kind::large, .integer = static_cast<std::int64_t>(std::uint64_t(element))});
      return true;
    case dom::element_type::DOUBLE:
      sink.add({.kind = Kind::real, .real = double(element)});
      return true;
    case dom::element_type::BOOL:
      sink.add({.kind = bool(element) ? Kind::yes : Kind::no});
      return true;
    case dom::element_type::NULL_VALUE:
      sink.add({.kind = Kind::nothing});
      return true;
    case dom::element_type::ARRAY:
    case dom::element_type::OBJECT:
      break;
  }
  return false;
}

class JsonReader {
 public:
  explicit JsonReader(const std::vector<std::string>& keys) : keys_(keys) {
    // Python's own reader goes no deeper, either.
    constexpr std::size_t kDepth = 500;
    if (parser_.allocate(std::size_t{64} << 10, kDepth) != simdjson::SUCCESS) throw std::bad_alloc();
  }

  template <class Sink>
  void read(std::string_view line, std::int64_t number, Sink& sink) {
    if (!read_exactly(line, sink)) sink.add({.kind = Kind::line, .text = std::string(line), .integer = number});
  }

 private:
  template <class Sink>
  bool read_exactly(std::string_view line, Sink& sink) {
    if (line.starts_with("\xEF\xBB\xBF")) return false;
    dom::element element;
    // The piece goes on behind the line, so that the parser may read there.
    if (parser_.parse(line.data(), line.size(), false).get(element) != simdjson::SUCCESS) return false;
    for (const std::string& key : keys_) {
      dom::element inside;
      if (!find_key(element, key, inside)) return false;
      element = inside;
    }
    return give(element, sink);
  }

  const std::vector<std::string>& keys_;
  dom::parser parser_;
};

template <class Sink>
std::optional<std::vector<LineValue>> read_json(const TextBlock& block, const std::vector<std::string>& keys) {
  JsonReader reader(keys);
  Sink sink;
  std::int64_t number = 0;
  for (TextPieces pieces(block); pieces.next();) {
    check_cancelled();
    std::string_view rest = pieces.text();
    if (rest.find('\r') != std::string_view::npos) return std::nullopt;
    while (!rest.empty()) {
      const std::size_t length = std::min(rest.find('\n'), rest.size() - 1) + 1;
      reader.read(rest.substr(0, length), number++, sink);
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
    if (!simdjson::validate_utf8(pieces.text().data(), pieces.text().size())) return std::nullopt;
    count_words(pieces.text(), counts);
  }
  return std::move(counts).take();
}

}  // namespace plait
