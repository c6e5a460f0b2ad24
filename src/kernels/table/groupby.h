// Group-by in three steps: a partial table a partition (or batch), partials combined, and the result.
//
// Keys become dense group ids, then one typed loop runs for each aggregate. A partial is a table of key columns
// (__key_0__, ...) and state columns; it can be combined with others in any tree shape that keeps the order of
// partitions. Where rows or partials have positions (key_parts.h), a partial has those of its groups' first rows, and
// so has the result, as a column.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kernels/table/table_value.h"

namespace plait {

enum class Aggregation : std::uint8_t {
  sum,
  mean,
  count,
  size,
  min,
  max,
  var,
  std,
  first,
  last,
  prod,
  any,
  all,
  nunique,
  median,
  sem,
  skew,
  // Of two columns.
  cov,
  corr
};
std::string_view name(Aggregation aggregation);
// Throws Error(value) that lists the known names.
Aggregation parse_aggregation(std::string_view text);

// Every name of an aggregate of one column.
std::vector<std::string> aggregate_names();

struct Aggregate {
  std::string column;  // empty for size
  Aggregation function = Aggregation::sum;
  std::string output;  // the label of the result; nested ones by join_label
  int ddof = 1;
  std::int64_t min_count = 0;
  std::string other = {};  // the second column of cov and corr
  static constexpr auto fields = std::tuple{&Aggregate::column, &Aggregate::function,  &Aggregate::output,
                                            &Aggregate::ddof,   &Aggregate::min_count, &Aggregate::other};
};

struct GroupBySpec {
  std::vector<std::string> keys;  // columns or index levels
  std::vector<Aggregate> aggregates;
  bool sort = true;        // groups in the order of their keys; else of first appearance
  bool dropna = true;      // leave out rows with a missing key
  bool observed = true;    // of categories: only those that occur
  bool as_index = true;    // keys label the result; else they are its first columns
  bool as_series = false;  // one aggregate as a series
  static constexpr auto fields =
      std::tuple{&GroupBySpec::keys,     &GroupBySpec::aggregates, &GroupBySpec::sort,     &GroupBySpec::dropna,
                 &GroupBySpec::observed, &GroupBySpec::as_index,   &GroupBySpec::as_series};
};

// Collects batches: update() as they come, take() the partial once. Batches may differ in dictionaries. Not
// thread-safe: one per task.
class GroupByState {
 public:
  explicit GroupByState(GroupBySpec spec);
  GroupByState(GroupByState&&) noexcept;
  ~GroupByState();

  void update(const Table& batch);
  // Adds a partial made by another state of the same spec.
  void combine(const Table& partial);
  std::int64_t num_groups() const;
  Table take();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

Table groupby_partial(const Table& table, const GroupBySpec& spec);
// The partial of several tables of rows.
Table groupby_rows(const std::vector<Table>& tables, const GroupBySpec& spec);
Table groupby_combine(const std::vector<Table>& partials, const GroupBySpec& spec);
Table groupby_finalize(const Table& partial, const GroupBySpec& spec);
// All three on one table.
Table groupby(const Table& table, const GroupBySpec& spec);

}  // namespace plait
