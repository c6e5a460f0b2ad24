// Documents as rows of counts of their terms.
//
//   const auto documents = plait::read_text("reviews-*.txt");
//   const Vocabulary vocabulary = learn_vocabulary(documents);
//   const Array rows = weighted_terms(counted_terms(documents, vocabulary), vocabulary);
//   const GlmModel model = fit_glm(rows, liked);
//
// Terms are words, runs of at least two letters, digits or underscores, or neighbouring words. Rows are sparse: linear
// models take them as they are, `dense_rows` makes them dense. How many rows a block has is known when it is computed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plait/array.h"
#include "plait/bag.h"
#include "plait/compute.h"

namespace plait::ml {

// What a term is. Texts are UTF-8; which characters are letters, and their lower case, tells the system's C.UTF-8
// locale.
struct TermOptions {
  bool lowercase = true;
  std::int64_t fewest_words = 1, most_words = 1;  // of one term, joined by spaces
  std::vector<std::string> stop_words;            // words that are passed over
};

struct VocabularyOptions {
  // How many documents have a term that is kept; -1: any number.
  std::int64_t fewest_documents = 1, most_documents = -1;
  // The most frequent ones, of equal ones those that come first; -1: all.
  std::int64_t most_terms = -1;
};

struct Vocabulary {
  std::vector<std::string> terms;  // in the order of their code points
  NdArray documents;               // int64 (terms,): how many have the term
  std::int64_t num_documents = 0;  // of all
};

// One pass; the result does not depend on the partitions. Throws Error(value) if no term is left, and for options that
// have no meaning.
PLAIT_API Vocabulary learn_vocabulary(const Bag<std::string>& documents, const TermOptions& terms = {},
                                      const VocabularyOptions& which = {}, const RunSettings& settings = {});

// A row for each document, a column for each term of the vocabulary: sparse rows of float64. Other terms are left out.
PLAIT_API Array counted_terms(const Bag<std::string>& documents, const Vocabulary& vocabulary,
                              const TermOptions& terms = {}, Location where = Location::current());
// The same with columns by the hash of terms (MurmurHash3): nothing is learnt. With `alternate_sign` half of the terms
// count below zero, so that those that share a column even out.
PLAIT_API Array hashed_terms(const Bag<std::string>& documents, std::int64_t num_columns, const TermOptions& terms = {},
                             bool alternate_sign = true, Location where = Location::current());

// Counts times ln((1 + n) / (1 + d)) + 1, of n documents of which d have the term; then each row by its length
// (tf-idf).
PLAIT_API Array weighted_terms(const Array& counts, const Vocabulary& vocabulary, Location where = Location::current());

// Sparse rows as ordinary blocks of float64.
PLAIT_API Array dense_rows(const Array& sparse_rows, Location where = Location::current());

}  // namespace plait::ml
