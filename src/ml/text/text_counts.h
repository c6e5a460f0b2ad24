// Counts of terms: in how many documents and how often each occurs, and documents as rows of counts.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "ml/text/words.h"

namespace plait::ml {

// Rows of counts, as scipy's CSR matrices have them.
struct CountRows {
  std::vector<std::int64_t> starts{0};
  std::vector<std::int32_t> columns;  // of a row in order, each once
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

// What a vocabulary is made of. Those of partitions are put together, and sorted at the end: the result does not depend
// on the partitions.
struct TermStatistics {
  TermTable terms;
  std::vector<std::int64_t> documents, occurrences;  // by term
  std::int64_t num_documents = 0;

  // `rows`, if any, get a row a text: a column for each term by its number, each once, in the order of the text.
  void add(std::span<const std::string_view> texts, TermFinder& finder, CountRows* rows = nullptr);
  void add(const TermStatistics& others);
  // The same with terms in the order of their code points.
  TermStatistics sorted() const;

 private:
  struct Seen {
    std::int64_t document = -1;
    std::size_t place = 0;  // in that document's row
  };
  // How often a term occurs that has this number, in one document more.
  void count(std::int64_t term, std::int64_t in_documents, std::int64_t times);
  std::vector<Seen> last_seen_;  // by term
};

// Rows of counts where they are, with columns of whatever order.
struct CountRowsView {
  std::span<const std::int64_t> starts;
  std::span<const std::int32_t> columns, counts;
};
// The same rows with a column for each term of the vocabulary, in order; `terms` are those of the columns that they
// have. Other terms are left out.
CountRows rows_of_vocabulary(const CountRowsView& rows, const TermTable& terms, const TermTable& vocabulary);

// MurmurHash3 of 32 bits.
std::uint32_t murmur3(std::string_view text, std::uint32_t seed = 0);

}  // namespace plait::ml
