#include "ml/text/text_counts.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>

namespace plait::ml {

void TermStatistics::count(std::int64_t term, std::int64_t in_documents, std::int64_t times) {
  const auto i = static_cast<std::size_t>(term);
  if (i == documents.size()) {
    documents.push_back(0);
    occurrences.push_back(0);
  }
  documents[i] += in_documents;
  occurrences[i] += times;
}

void TermStatistics::add(std::span<const std::string_view> texts, TermFinder& finder, CountRows* rows) {
  for (const std::string_view text : texts) {
    const std::int64_t document = num_documents++;
    const auto expect = [&](std::string_view term) { terms.expect(term); };
    const auto take = [&](std::string_view term) {
      const std::int64_t number = terms.add(term);
      const auto i = static_cast<std::size_t>(number);
      if (i >= last_seen_.size()) last_seen_.resize(i + 1);
      Seen& seen = last_seen_[i];
      const bool is_new = seen.document != document;
      count(number, is_new ? 1 : 0, 1);
      if (is_new) seen = {document, rows ? rows->columns.size() : 0};
      if (!rows) return;
      if (is_new) {
        rows->columns.push_back(static_cast<std::int32_t>(number));
        rows->counts.push_back(0);
      }
      ++rows->counts[seen.place];
    };
    finder.for_each(text, take, expect);
    if (rows) rows->starts.push_back(static_cast<std::int64_t>(rows->columns.size()));
  }
}

void TermStatistics::add(const TermStatistics& others) {
  for (std::int64_t i = 0; i < others.terms.size(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    count(terms.add(others.terms.term(i)), others.documents[at], others.occurrences[at]);
  }
  num_documents += others.num_documents;
}

TermStatistics TermStatistics::sorted() const {
  std::vector<std::int64_t> order(documents.size());
  std::iota(order.begin(), order.end(), 0);
  // The order of the bytes of UTF-8 is that of code points.
  std::ranges::sort(order, {}, [&](std::int64_t i) { return terms.term(i); });
  TermStatistics made;
  for (const std::int64_t i : order) {
    const auto at = static_cast<std::size_t>(i);
    made.count(made.terms.add(terms.term(i)), documents[at], occurrences[at]);
  }
  made.num_documents = num_documents;
  return made;
}

void CountRows::end_row(std::vector<Entry>& entries) {
  std::ranges::sort(entries, {}, &Entry::column);
  const auto start = static_cast<std::size_t>(starts.back());
  for (const Entry& entry : entries) {
    if (columns.size() > start && columns.back() == entry.column) {
      counts.back() += entry.count;
    } else {
      columns.push_back(entry.column);
      counts.push_back(entry.count);
    }
  }
  starts.push_back(static_cast<std::int64_t>(columns.size()));
  entries.clear();
}

void CountRows::add(std::span<const std::string_view> texts, TermFinder& finder, const TermTable& vocabulary) {
  std::vector<Entry> entries;
  for (const std::string_view text : texts) {
    const auto expect = [&](std::string_view term) { vocabulary.expect(term); };
    const auto take = [&](std::string_view term) {
      if (const std::int64_t column = vocabulary.find(term); column != TermTable::kNone)
        entries.push_back({static_cast<std::int32_t>(column), 1});
    };
    finder.for_each(text, take, expect);
    end_row(entries);
  }
}

void CountRows::add_hashed(std::span<const std::string_view> texts, TermFinder& finder, std::int32_t num_columns,
                           bool alternate_sign) {
  std::vector<Entry> entries;
  for (const std::string_view text : texts) {
    finder.for_each(text, [&](std::string_view term) {
      const auto hash = static_cast<std::int32_t>(murmur3(term));
      // The amount of the hash; that of the lowest number does not fit into 32 bits.
      const std::int64_t amount = hash < 0 ? -static_cast<std::int64_t>(hash) : hash;
      entries.push_back({static_cast<std::int32_t>(amount % num_columns), alternate_sign && hash < 0 ? -1 : 1});
    });
    end_row(entries);
  }
}

CountRows rows_of_vocabulary(const CountRowsView& rows, const TermTable& terms, const TermTable& vocabulary) {
  std::vector<std::int64_t> columns(static_cast<std::size_t>(terms.size()));
  for (std::int64_t i = 0; i < terms.size(); ++i) columns[static_cast<std::size_t>(i)] = vocabulary.find(terms.term(i));
  CountRows made;
  made.starts.reserve(rows.starts.size());
  made.columns.reserve(rows.columns.size());
  made.counts.reserve(rows.columns.size());
  std::vector<std::uint64_t> entries;  // column and count in one number, whose order is that of columns
  for (std::size_t row = 1; row < rows.starts.size(); ++row) {
    entries.clear();
    for (auto i = static_cast<std::size_t>(rows.starts[row - 1]); i < static_cast<std::size_t>(rows.starts[row]); ++i) {
      const std::int64_t column = columns[static_cast<std::size_t>(rows.columns[i])];
      if (column != TermTable::kNone)
        entries.push_back(static_cast<std::uint64_t>(column) << 32 | static_cast<std::uint32_t>(rows.counts[i]));
    }
    std::ranges::sort(entries);
    for (const std::uint64_t entry : entries) {
      made.columns.push_back(static_cast<std::int32_t>(entry >> 32));
      made.counts.push_back(static_cast<std::int32_t>(entry));
    }
    made.starts.push_back(static_cast<std::int64_t>(made.columns.size()));
  }
  return made;
}

std::uint32_t murmur3(std::string_view text, std::uint32_t seed) {
  constexpr std::uint32_t kFirst = 0xcc9e2d51, kSecond = 0x1b873593;
  const auto mixed = [](std::uint32_t k) { return std::rotl(k * kFirst, 15) * kSecond; };
  std::uint32_t hash = seed;
  std::size_t at = 0;
  for (; at + 4 <= text.size(); at += 4) {
    std::uint32_t k = 0;
    std::memcpy(&k, text.data() + at, 4);
    hash = std::rotl(hash ^ mixed(k), 13) * 5 + 0xe6546b64;
  }
  if (at < text.size()) {
    std::uint32_t k = 0;
    std::memcpy(&k, text.data() + at, text.size() - at);
    hash ^= mixed(k);
  }
  hash ^= static_cast<std::uint32_t>(text.size());
  hash = (hash ^ hash >> 16) * 0x85ebca6b;
  hash = (hash ^ hash >> 13) * 0xc2b2ae35;
  return hash ^ hash >> 16;
}

}  // namespace plait::ml
