#include "ml/text/text_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/shared.h"
#include "collections/array/array_meta.h"
#include "collections/source_line.h"
#include "expr/task_table.h"
#include "ml/ml_start.h"
#include "ml/row_map.h"
#include "ml/sparse_rows.h"
#include "ml/text/characters.h"
#include "ml/text/text_counts.h"
#include "plait/ml/text.h"

namespace plait::ml {
namespace {

using Documents = std::vector<std::string>;
constexpr std::size_t kDocumentsAtOnce = 1 << 10;

struct TermParams {
  bool lowercase = true;
  std::int64_t fewest = 1, most = 1;
  std::vector<std::string> stop_words;
  std::vector<std::string> vocabulary;  // empty: columns by hash
  std::int64_t columns = 0;
  bool alternate_sign = false;
  static constexpr auto fields =
      std::tuple{&TermParams::lowercase,  &TermParams::fewest,  &TermParams::most,          &TermParams::stop_words,
                 &TermParams::vocabulary, &TermParams::columns, &TermParams::alternate_sign};
};
struct TextParams {
  Shared<TermParams> terms;
  static constexpr auto fields = std::tuple{&TextParams::terms};
};
constinit KernelId<TextParams> text_rows_kernel{"ml_text_rows"};

struct WeightParams {
  std::vector<double> weights;
  static constexpr auto fields = std::tuple{&WeightParams::weights};
};
constinit KernelId<WeightParams> weighted_kernel{"ml_weighted_terms"};
constinit KernelId<> dense_kernel{"ml_dense_rows"};

TermTable table_of(const std::vector<std::string>& terms) {
  TermTable table;
  for (const std::string& term : terms) table.add(term);
  return table;
}

WordRules rules_of(const TermParams& terms) {
  return {terms.lowercase, terms.fewest, terms.most, table_of(terms.stop_words)};
}

TermParams checked(const TermOptions& terms) {
  if (terms.fewest_words < 1 || terms.most_words < terms.fewest_words)
    throw value_error(fmt::format("terms of {} to {} words: expected at least 1, and no fewer at most than at least",
                                  terms.fewest_words, terms.most_words));
  return {terms.lowercase, terms.fewest_words, terms.most_words, terms.stop_words, {}, 0, false};
}

// Calls f with some documents after the other.
template <class F>
void for_some(const Documents& documents, F&& f) {
  std::vector<std::string_view> texts;
  for (std::size_t first = 0; first < documents.size(); first += kDocumentsAtOnce) {
    const std::size_t end = std::min(documents.size(), first + kDocumentsAtOnce);
    texts.assign(documents.begin() + static_cast<std::ptrdiff_t>(first),
                 documents.begin() + static_cast<std::ptrdiff_t>(end));
    f(texts);
  }
}

template <class T>
NdArray array_of(const std::vector<T>& numbers) {
  return NdArray::from<T>({std::ssize(numbers)}, std::span<const T>(numbers));
}

Value text_rows(Inputs inputs, const TextParams& params, const TaskContext& context) {
  const TermParams& terms = *params.terms;
  const auto& documents = *static_cast<const Documents*>(detail::item_object(inputs[0], *detail::ops_of<Documents>()));
  const WordRules rules = rules_of(terms);
  const TermTable vocabulary = table_of(terms.vocabulary);
  TermFinder finder(rules, system_characters());
  CountRows rows;
  for_some(documents, [&](const std::vector<std::string_view>& texts) {
    context.check_cancelled();
    if (terms.vocabulary.empty()) {
      rows.add_hashed(texts, finder, static_cast<std::int32_t>(terms.columns), terms.alternate_sign);
    } else {
      rows.add(texts, finder, vocabulary);
    }
  });
  return Value::of(SparseRows(array_of(rows.starts), array_of(rows.columns), array_of(rows.counts), terms.columns));
}

Value weighted(Inputs inputs, const WeightParams& params, const TaskContext&) {
  const auto& rows = inputs[0].as<SparseRows>();
  NdArray numbers = NdArray::empty(DType::float64, {rows.numbers().size()});
  double* to = numbers.mutable_data<double>();
  for (std::int64_t i = 0; i < rows.num_rows(); ++i) {
    const SparseRows::Row row = rows.row(i);
    double squares = 0;
    for (std::size_t j = 0; j < row.columns.size(); ++j) {
      to[j] = row.numbers[j] * params.weights[static_cast<std::size_t>(row.columns[j])];
      squares += to[j] * to[j];
    }
    const double length = squares > 0 ? std::sqrt(squares) : 1;
    for (std::size_t j = 0; j < row.columns.size(); ++j) to[j] /= length;
    to += row.columns.size();
  }
  return Value::of(SparseRows(rows.starts(), rows.columns(), std::move(numbers), rows.num_columns()));
}

Value dense(Inputs inputs, const TaskContext&) {
  const auto* rows = inputs[0].get_if<SparseRows>();
  if (!rows) return inputs[0];
  NdArray made = NdArray::zeros(DType::float64, {rows->num_rows(), rows->num_columns()});
  double* to = made.mutable_data<double>();
  for (std::int64_t i = 0; i < rows->num_rows(); ++i, to += rows->num_columns()) rows->row(i).add_to(to, 1);
  return Value::of(std::move(made));
}

Array rows_of_texts(const Bag<std::string>& documents, TermParams terms) {
  const Chunks chunks{std::vector<std::int64_t>(static_cast<std::size_t>(documents.npartitions()), kUnknownExtent),
                      {terms.columns}};
  return Array(blocks_of_values(documents.expr(), text_rows_kernel({Shared<TermParams>(std::move(terms))}),
                                make_array_meta(DType::float64, chunks), "text_rows"));
}

TermStatistics statistics_of(const Bag<std::string>& documents, const TermParams& terms, const RunSettings& settings) {
  const auto partial = [terms](const Documents& texts) {
    const WordRules rules = rules_of(terms);
    TermFinder finder(rules, system_characters());
    TermStatistics found;
    for_some(texts, [&](const std::vector<std::string_view>& some) { found.add(some, finder); });
    return found;
  };
  const auto together = [](const std::vector<const TermStatistics*>& parts) {
    TermStatistics whole;
    for (const TermStatistics* part : parts) whole.add(*part);
    return whole;
  };
  return Item<TermStatistics>(
             detail::bag_reduction(documents.expr(), detail::on_partition<std::string>("vocabulary-part", partial),
                                   detail::on_partials<TermStatistics>("vocabulary-combine", together),
                                   detail::on_partials<TermStatistics>("vocabulary", together), 8, true, Location()))
      .compute(settings)
      .sorted();
}

// The places of the terms that are kept, in order.
std::vector<std::size_t> kept_of(const TermStatistics& found, const VocabularyOptions& which) {
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < found.documents.size(); ++i) {
    const std::int64_t count = found.documents[i];
    if (count >= which.fewest_documents && (which.most_documents < 0 || count <= which.most_documents))
      kept.push_back(i);
  }
  const auto most = static_cast<std::size_t>(which.most_terms);
  if (which.most_terms >= 0 && kept.size() > most) {
    std::ranges::stable_sort(kept, std::ranges::greater{}, [&](std::size_t i) { return found.occurrences[i]; });
    kept.resize(most);
    std::ranges::sort(kept);
  }
  return kept;
}

}  // namespace

Vocabulary learn_vocabulary(const Bag<std::string>& documents, const TermOptions& terms, const VocabularyOptions& which,
                            const RunSettings& settings) {
  start_ml();
  const TermStatistics found = statistics_of(documents, checked(terms), settings);
  const std::vector<std::size_t> kept = kept_of(found, which);
  if (kept.empty())
    throw value_error(fmt::format("none of the {} terms of {} documents is left for the vocabulary", found.terms.size(),
                                  found.num_documents));
  std::vector<std::int64_t> counts;
  Vocabulary vocabulary{.num_documents = found.num_documents};
  for (const std::size_t i : kept) {
    vocabulary.terms.emplace_back(found.terms.term(static_cast<std::int64_t>(i)));
    counts.push_back(found.documents[i]);
  }
  vocabulary.documents = array_of(counts);
  return vocabulary;
}

Array counted_terms(const Bag<std::string>& documents, const Vocabulary& vocabulary, const TermOptions& terms,
                    Location where) {
  start_ml();
  const SourceScope scope = source_scope(where);
  TermParams params = checked(terms);
  if (vocabulary.terms.empty()) throw value_error("counted_terms: the vocabulary has no terms; learn it first");
  params.vocabulary = vocabulary.terms;
  params.columns = std::ssize(vocabulary.terms);
  return rows_of_texts(documents, std::move(params));
}

Array hashed_terms(const Bag<std::string>& documents, std::int64_t num_columns, const TermOptions& terms,
                   bool alternate_sign, Location where) {
  start_ml();
  const SourceScope scope = source_scope(where);
  TermParams params = checked(terms);
  if (num_columns < 1 || num_columns > std::numeric_limits<std::int32_t>::max())
    throw value_error(fmt::format("hashed_terms: {} columns, expected 1 to 2147483647", num_columns));
  params.columns = num_columns;
  params.alternate_sign = alternate_sign;
  return rows_of_texts(documents, std::move(params));
}

Array weighted_terms(const Array& counts, const Vocabulary& vocabulary, Location where) {
  start_ml();
  const SourceScope scope = source_scope(where);
  const NdArray documents = vocabulary.documents.astype(DType::float64).contiguous();
  if (counts.ndim() != 2 || counts.shape()[1] != documents.size())
    throw value_error(fmt::format("weighted_terms: the rows have shape {}, but the vocabulary has {} terms",
                                  to_string(counts.shape()), documents.size()));
  WeightParams params;
  for (std::int64_t i = 0; i < documents.size(); ++i)
    params.weights.push_back(
        std::log((1 + static_cast<double>(vocabulary.num_documents)) / (1 + documents.data<double>()[i])) + 1);
  return Array(
      row_map({counts.expr()}, "weighted_terms", weighted_kernel(std::move(params)), DType::float64, documents.size()));
}

Array dense_rows(const Array& sparse_rows, Location where) {
  start_ml();
  const SourceScope scope = source_scope(where);
  if (sparse_rows.ndim() != 2)
    throw value_error(
        fmt::format("dense_rows: expected rows of two axes, got shape {}", to_string(sparse_rows.shape())));
  return Array(row_map({sparse_rows.expr()}, "dense_rows", dense_kernel(), DType::float64, sparse_rows.shape()[1]));
}

void register_text_kernels() {
  define(text_rows_kernel, "Documents as rows of counts of their terms.", text_rows);
  define(weighted_kernel, "Counts of terms, weighted by how few documents have them.", weighted);
  define(dense_kernel, "Sparse rows as dense ones.", dense);
}

}  // namespace plait::ml
