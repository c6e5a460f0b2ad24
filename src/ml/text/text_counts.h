// Counts of terms: in how many documents and how often each occurs, and documents as rows of counts.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "ml/text/words.h"

namespace plait::ml {

// What a vocabulary is made of. Those of partitions are put together, and sorted at the end: the result does not depend
// on the partitions.
struct TermStatistics {
  TermTable terms;
  std::vector<std::int64_t> documents, occurrences;  // by term
  std::int64_t num_documents = 0;

  void add(std::span<const std::string_view> texts, TermFinder& finder);
  void add(const TermStatistics& others);
  // The same with terms in the order of their code points.
  TermStatistics sorted() const;

 private:
  // How often a term occurs that has this number, in one document more.
  void count(std::int64_t term, std::int64_t in_documents, std::int64_t times);
  std::vector<std::int64_t> last_seen_;  // by term: in which document
};

// Rows of counts, as scipy's CSR matrices have them: columns in order, each once a row.
struct CountRows {
  std::vector<std::int64_t> starts{0};
  std::vector<std::int32_t> columns;
  std::vector<std::int32_t> counts;

  // A column for each term of the vocabulary; other terms are left out.
  void add(std::span<const std::string_view> texts, TermFinder& finder, const TermTable& vocabulary);
  // Columns by the hash of terms (MurmurHash3), as scikit-learn's hashers do. With `alternate_sign` half of the terms
  // count below zero, so that those that share a column even out.
  void add_hashed(std::span<const std::string_view> texts, TermFinder& finder, std::int32_t num_columns,
                  bool alternate_sign);

 private:
  struct Entry {
    std::int32_t column = 0, count = 0;
  };
  void end_row(std::vector<Entry>& entries);
};

// MurmurHash3 of 32 bits.
std::uint32_t murmur3(std::string_view text, std::uint32_t seed = 0);

}  // namespace plait::ml
