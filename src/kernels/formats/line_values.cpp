#include "kernels/formats/line_values.h"

#include <simdjson.h>

#include <bit>
#include <cstring>
#include <functional>

#include "base/kernel.h"

namespace plait {
namespace {

using Kind = LineValue::Kind;
namespace dom = simdjson::dom;

static_assert(TextPieces::kPadding >= simdjson::SIMDJSON_PADDING);

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

// Distinct values and how often they came, in the order in which they were first seen.
class Counts {
 public:
  void add_text(std::string_view text) {
    auto found = texts_.find(text);
    if (found == texts_.end()) {
      found = texts_.emplace(std::string(text), values_.size()).first;
      values_.push_back({.kind = Kind::text, .text = std::string(text), .count = 0});
    }
    ++values_[found->second].count;
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
  std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>> texts_;
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

// How many bytes of white space, as str.split() knows it, begin here; the text is UTF-8, and may be read 3 bytes on.
std::size_t space_at(const char* text) {
  const auto at = [text](int i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = at(0);
  if (first < 0x80) return first == ' ' || (first >= 0x09 && first <= 0x0d) || (first >= 0x1c && first <= 0x1f) ? 1 : 0;
  if (first == 0xc2) return at(1) == 0x85 || at(1) == 0xa0 ? 2 : 0;
  if (first == 0xe1) return at(1) == 0x9a && at(2) == 0x80 ? 3 : 0;
  if (first == 0xe2) {
    if (at(1) == 0x80) return at(2) <= 0x8a || at(2) == 0xa8 || at(2) == 0xa9 || at(2) == 0xaf ? 3 : 0;
    return at(1) == 0x81 && at(2) == 0x9f ? 3 : 0;
  }
  return first == 0xe3 && at(1) == 0x80 && at(2) == 0x80 ? 3 : 0;
}

void count_words(std::string_view text, Counts& counts) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    while (at < end) {
      const std::size_t space = space_at(at);
      if (space == 0) break;
      at += space;
    }
    const char* const word = at;
    while (at < end && space_at(at) == 0) ++at;
    if (at > word) counts.add_text({word, static_cast<std::size_t>(at - word)});
  }
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
