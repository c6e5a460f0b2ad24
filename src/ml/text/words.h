// The words of documents as scikit-learn's default pattern finds them, (?u)\b\w\w+\b: whole runs of at least two
// letters, digits or underscores. Texts are UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ml/text/term_table.h"

namespace plait::ml {

// What is known of characters beyond ASCII. Who calls brings the tables, so that they are those of the running Python.
struct Characters {
  std::vector<bool> is_word;           // by code point; beyond its end there is no word
  std::vector<std::uint32_t> lowered;  // by code point; beyond its end characters stay as they are
};

struct WordRules {
  bool lowercase = true;
  std::int64_t fewest = 1, most = 1;  // how many neighbouring words make a term: scikit-learn's ngram_range
  TermTable stop_words;
};

// Finds the terms of one document after the other. Not shared by threads.
class TermFinder {
 public:
  // Both must outlive it.
  TermFinder(const WordRules& rules, const Characters& characters) : rules_(rules), characters_(characters) {}

  // Calls `each(term)` for every term, those of fewer words first; the text is gone after the call. Before all of them
  // `expect(term)` is called for the terms of one word.
  template <class Each, class Expect>
  void for_each(std::string_view document, const Each& each, const Expect& expect) {
    find_words(document);
    const auto count = static_cast<std::int64_t>(words_.size());
    std::int64_t n = rules_.fewest;
    if (n == 1) {
      for (const Word& word : words_) expect(text_of(word));
      for (const Word& word : words_) each(text_of(word));
      n = 2;
    }
    for (; n <= rules_.most && n <= count; ++n)
      for (std::int64_t first = 0; first + n <= count; ++first) each(joined(first, n));
  }
  template <class Each>
  void for_each(std::string_view document, const Each& each) {
    for_each(document, each, [](std::string_view) {});
  }

 private:
  struct Word {
    std::size_t start = 0, end = 0;  // in text_
  };

  void find_words(std::string_view document);
  // The character beyond ASCII that begins at `at`, which it moves behind it.
  std::uint32_t next_character(std::string_view document, std::size_t& at) const;
  void end_word(std::ptrdiff_t start, std::ptrdiff_t end);
  std::string_view text_of(const Word& word) const {
    return std::string_view(text_).substr(word.start, word.end - word.start);
  }
  std::string_view joined(std::int64_t first, std::int64_t count);

  const WordRules& rules_;
  const Characters& characters_;
  std::string text_;  // begins with the words, one after the other
  std::vector<Word> words_;
  std::string room_;
};

}  // namespace plait::ml
