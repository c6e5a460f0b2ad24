#include "ml/text/text_counts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plait::ml {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Knows É and é (2 bytes), and 𐐀 and 𐐨 (4 bytes).
const Characters& some_characters() {
  static const Characters known = [] {
    Characters characters;
    characters.is_word.resize(0x10450, false);
    characters.lowered.resize(0x10450);
    for (std::uint32_t c = 0; c < 0x10450; ++c) characters.lowered[c] = c;
    for (const std::uint32_t c : {0xC9U, 0xE9U, 0x10400U, 0x10428U}) characters.is_word[c] = true;
    characters.lowered[0xC9] = 0xE9;
    characters.lowered[0x10400] = 0x10428;
    return characters;
  }();
  return known;
}

std::vector<std::string> terms(std::string_view text, const WordRules& rules = {}) {
  std::vector<std::string> found;
  TermFinder(rules, some_characters()).for_each(text, [&](std::string_view term) { found.emplace_back(term); });
  return found;
}

TEST(TermFinder, FindsRunsOfTwoOrMoreWordCharactersInLowercase) {
  EXPECT_THAT(terms("The cat_9, a 42! I-it"), ElementsAre("the", "cat_9", "42", "it"));
  EXPECT_THAT(terms(""), IsEmpty());
  EXPECT_THAT(terms("The", {.lowercase = false}), ElementsAre("The"));
}

TEST(TermFinder, CountsCharactersAndNotBytes) {
  EXPECT_THAT(terms("É été É\xF0\x90\x90\x80"), ElementsAre("été", "é\xF0\x90\x90\xA8"));
  EXPECT_THAT(terms("ab\xE2\x80\x94"
                    "cd"),
              ElementsAre("ab", "cd"));  // a dash
}

TEST(TermFinder, SkipsBytesThatAreNoText) {
  EXPECT_THAT(terms("ab\xFF\x80"
                    "cd\xC3"),
              ElementsAre("ab", "cd"));
}

TEST(TermFinder, JoinsNeighboursOnceStopWordsAreGone) {
  WordRules rules{.fewest = 1, .most = 3};
  rules.stop_words.add("the");
  EXPECT_THAT(terms("of the big cat", rules), ElementsAre("of", "big", "cat", "of big", "big cat", "of big cat"));
  rules.fewest = rules.most = 2;
  EXPECT_THAT(terms("cat", rules), IsEmpty());
}

TEST(TermStatistics, AreTheSameWhateverThePartitions) {
  const WordRules rules;
  TermFinder finder(rules, some_characters());
  const std::vector<std::string_view> texts{"bb aa bb", "cc bb", "", "aa"};
  TermStatistics whole, first, second;
  whole.add(texts, finder);
  first.add(std::span(texts).first(1), finder);
  second.add(std::span(texts).subspan(1), finder);
  second.add(first);
  for (const TermStatistics& found : {whole.sorted(), second.sorted()}) {
    EXPECT_EQ(found.terms.bytes(), "aabbcc");
    EXPECT_THAT(found.documents, ElementsAre(2, 2, 1));
    EXPECT_THAT(found.occurrences, ElementsAre(2, 3, 1));
    EXPECT_EQ(found.num_documents, 4);
  }
}

TEST(CountRows, HaveColumnsInOrderAndLeaveOtherTermsOut) {
  const WordRules rules;
  TermFinder finder(rules, some_characters());
  TermTable vocabulary;
  for (const char* term : {"aa", "bb", "cc"}) vocabulary.add(term);
  CountRows rows;
  rows.add(std::vector<std::string_view>{"cc aa cc dd", "", "bb"}, finder, vocabulary);
  EXPECT_THAT(rows.starts, ElementsAre(0, 2, 2, 3));
  EXPECT_THAT(rows.columns, ElementsAre(0, 2, 1));
  EXPECT_THAT(rows.counts, ElementsAre(1, 2, 1));
}

TEST(TermStatistics, MakeRowsThatBecomeThoseOfAVocabulary) {
  const WordRules rules;
  TermFinder finder(rules, some_characters());
  const std::vector<std::string_view> texts{"cc aa cc dd", "", "bb aa"};
  TermStatistics found;
  CountRows by_number;
  found.add(texts, finder, &by_number);
  EXPECT_THAT(by_number.starts, ElementsAre(0, 3, 3, 5));
  EXPECT_THAT(by_number.columns, ElementsAre(0, 1, 2, 3, 1));
  EXPECT_THAT(by_number.counts, ElementsAre(2, 1, 1, 1, 1));
  EXPECT_THAT(found.occurrences, ElementsAre(2, 2, 1, 1));

  TermTable vocabulary;
  for (const char* term : {"aa", "bb", "cc"}) vocabulary.add(term);
  const CountRows rows =
      rows_of_vocabulary({by_number.starts, by_number.columns, by_number.counts}, found.terms, vocabulary);
  EXPECT_THAT(rows.starts, ElementsAre(0, 2, 2, 4));
  EXPECT_THAT(rows.columns, ElementsAre(0, 2, 0, 1));
  EXPECT_THAT(rows.counts, ElementsAre(1, 2, 1, 1));
}

TEST(Murmur3, GivesTheNumbersOfItsDefinition) {
  EXPECT_EQ(murmur3(""), 0U);
  EXPECT_EQ(murmur3("", 1), 0x514E28B7U);
  EXPECT_EQ(murmur3("test"), 0xba6bd213U);
  EXPECT_EQ(murmur3("Hello, world!"), 0xc0363e43U);
}

}  // namespace
}  // namespace plait::ml
