#include "ml/text/words.h"

#include <array>

namespace plait::ml {
namespace {

// Of ASCII: the character as it stands in a word, 0 for what ends one.
constexpr std::array<char, 128> ascii_table(bool lowercase) {
  std::array<char, 128> table{};
  for (std::size_t c = 0; c < table.size(); ++c) {
    const char as_char = static_cast<char>(c);
    const bool is_upper = as_char >= 'A' && as_char <= 'Z';
    const bool is_word =
        is_upper || (as_char >= 'a' && as_char <= 'z') || (as_char >= '0' && as_char <= '9') || as_char == '_';
    if (is_word) table[c] = is_upper && lowercase ? static_cast<char>(as_char - 'A' + 'a') : as_char;
  }
  return table;
}
constexpr auto kAsItIs = ascii_table(false), kLowered = ascii_table(true);

constexpr std::uint32_t kNoCharacter = 0xFFFFFFFF;

// The character in UTF-8; gives where it ends.
char* written(std::uint32_t character, char* to) {
  const auto put = [&](std::uint32_t byte) { *to++ = static_cast<char>(byte); };
  if (character < 0x80) {  // the Kelvin sign is a small k
    put(character);
    return to;
  }
  if (character < 0x800) {
    put(0xC0 | character >> 6);
  } else if (character < 0x10000) {
    put(0xE0 | character >> 12);
    put(0x80 | (character >> 6 & 0x3F));
  } else {
    put(0xF0 | character >> 18);
    put(0x80 | (character >> 12 & 0x3F));
    put(0x80 | (character >> 6 & 0x3F));
  }
  put(0x80 | (character & 0x3F));
  return to;
}

}  // namespace

void TermFinder::find_words(std::string_view document) {
  // In lowercase two bytes become three at most.
  if (text_.size() < 2 * document.size()) text_.resize(2 * document.size());
  words_.clear();
  const std::array<char, 128>& ascii = rules_.lowercase ? kLowered : kAsItIs;
  char* const begin = text_.data();
  char *start = begin, *end = begin;
  std::size_t at = 0;
  std::int64_t characters = 0;  // of the word that has begun
  while (at < document.size()) {
    const auto byte = static_cast<unsigned char>(document[at]);
    if (byte < 0x80) {
      ++at;
      if (const char c = ascii[byte]; c != 0) {
        *end++ = c;
        ++characters;
        continue;
      }
    } else if (const std::uint32_t character = next_character(document, at); character != kNoCharacter) {
      end = written(character, end);
      ++characters;
      continue;
    }
    if (characters > 1) end_word(start - begin, end - begin);
    start = end;
    characters = 0;
  }
  if (characters > 1) end_word(start - begin, end - begin);
}

std::uint32_t TermFinder::next_character(std::string_view document, std::size_t& at) const {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(document[i]); };
  const unsigned char first = byte(at);
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  std::uint32_t character = first & (0xFFU >> (size + 1));
  bool is_whole = size > 1 && at + size <= document.size();
  for (std::size_t i = 1; i < size && is_whole; ++i) {
    is_whole = (byte(at + i) & 0xC0U) == 0x80U;
    character = character << 6 | (byte(at + i) & 0x3FU);
  }
  if (!is_whole) {  // no UTF-8
    ++at;
    return kNoCharacter;
  }
  at += size;
  if (character >= characters_.is_word.size() || !characters_.is_word[character]) return kNoCharacter;
  return rules_.lowercase && character < characters_.lowered.size() ? characters_.lowered[character] : character;
}

void TermFinder::end_word(std::ptrdiff_t start, std::ptrdiff_t end) {
  const Word word{static_cast<std::size_t>(start), static_cast<std::size_t>(end)};
  if (rules_.stop_words.find(text_of(word)) == TermTable::kNone) words_.push_back(word);
}

std::string_view TermFinder::joined(std::int64_t first, std::int64_t count) {
  room_.clear();
  for (std::int64_t i = first; i < first + count; ++i) {
    if (i > first) room_.push_back(' ');
    room_.append(text_of(words_[static_cast<std::size_t>(i)]));
  }
  return room_;
}

}  // namespace plait::ml
