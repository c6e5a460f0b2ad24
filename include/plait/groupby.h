// GroupBy: groups of rows with equal keys, and the functions that make one row of each.
//
//   flights.groupby("carrier").agg({{"dep_delay", {"mean", "count"}}, {"distance", {"sum"}}});
//   flights.groupby({"origin", flights["dep_delay"] > 60})["distance"].mean();
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plait/frame_base.h"
#include "plait/frame_statistics.h"

namespace plait {

// A column by name, a level of the index by name, or a series with the rows of the frame.
class PLAIT_API GroupKey {
 public:
  GroupKey(std::string name) : name_(std::move(name)) {}  // NOLINT: implicit on purpose
  GroupKey(const char* name) : name_(name) {}             // NOLINT
  GroupKey(const Series& values);                         // NOLINT
  // A column that results call by another name.
  GroupKey(std::string name, std::string shown) : name_(std::move(name)), shown_(std::move(shown)) {}
  const std::string& name() const { return name_; }
  const std::string& shown() const { return shown_.empty() ? name_ : shown_; }
  // Null for a name.
  const std::shared_ptr<const Expr>& expr() const { return expr_; }

 private:
  std::string name_;
  std::string shown_;
  std::shared_ptr<const Expr> expr_;
};

struct GroupByOptions {
  bool sort = true;      // groups in the order of their keys; else of first appearance
  bool dropna = true;    // leave out rows with a missing key
  bool observed = true;  // of categories: only those that occur
  bool as_index = true;  // keys label the result; else they are its first columns
};

struct AggregateOptions {
  int ddof = 1;                // var, std, sem
  std::int64_t min_count = 0;  // sum, prod
  bool numeric_only = false;
};

// One column of the result. Functions: sum, prod, mean, median, count, size, min, max, first, last, var, std, sem, any,
// all, nunique, skew; of two columns cov and corr, which take `min_count` rows at least.
struct NamedAggregate {
  std::string column;
  std::string function;
  std::string output;  // its name in the result
  AggregateOptions how = {};
  std::string other = {};  // the second column of cov and corr
};

// {{"dep_delay", {"mean", "count"}}, {"distance", {"sum"}}}: column to functions, in this order. A column of the result
// is called by both: join_label({"dep_delay", "mean"}).
using AggSpec = std::vector<std::pair<std::string, std::vector<std::string>>>;

// The functions that there are.
PLAIT_API std::vector<std::string> aggregate_names();

class PLAIT_API GroupBy {
 public:
  // `columns`: those that functions aggregate; empty: all but the keys.
  GroupBy(const DataFrame& frame, const std::vector<GroupKey>& by, const GroupByOptions& options = {},
          std::vector<std::string> columns = {}, Location where = Location::current());

  GroupBy operator[](const std::vector<std::string>& columns) const;
  GroupBy operator[](std::initializer_list<const char*> columns) const;
  GroupBy operator[](const std::string& column) const;
  GroupBy operator[](const char* column) const;

  DataFrame aggregate(const std::vector<NamedAggregate>& aggregates, Location where = Location::current()) const;
  DataFrame agg(const AggSpec& spec, Location where = Location::current()) const;
  // One function of each column.
  DataFrame agg(const std::string& function, const AggregateOptions& how = {},
                Location where = Location::current()) const;
  // One column as a series.
  Series agg_series(const NamedAggregate& aggregate, Location where = Location::current()) const;
  DataFrame sum(const AggregateOptions& how = {}, Location where = Location::current()) const;
  DataFrame prod(const AggregateOptions& how = {}, Location where = Location::current()) const;
  DataFrame mean(const AggregateOptions& how = {}, Location where = Location::current()) const;
  DataFrame median(const AggregateOptions& how = {}, Location where = Location::current()) const;
  DataFrame count(const AggregateOptions& how = {}, Location where = Location::current()) const;
  DataFrame min(const AggregateOptions& how = {}, Location where = Location::current()) const;
  DataFrame max(const AggregateOptions& how = {}, Location where = Location::current()) const;
  DataFrame first(const AggregateOptions& how = {}, Location where = Location::current()) const;
  DataFrame last(const AggregateOptions& how = {}, Location where = Location::current()) const;
  DataFrame var(const AggregateOptions& how = {}, Location where = Location::current()) const;
  DataFrame std(const AggregateOptions& how = {}, Location where = Location::current()) const;
  DataFrame sem(const AggregateOptions& how = {}, Location where = Location::current()) const;
  DataFrame any(const AggregateOptions& how = {}, Location where = Location::current()) const;
  DataFrame all(const AggregateOptions& how = {}, Location where = Location::current()) const;
  DataFrame nunique(const AggregateOptions& how = {}, Location where = Location::current()) const;
  // The covariance, or correlation, of every two columns in each group: a matrix for each, one below the other, whose
  // rows are labelled by the keys and the columns' names.
  DataFrame cov(const CovarianceOptions& how = {}, Location where = Location::current()) const;
  DataFrame corr(const CovarianceOptions& how = {}, Location where = Location::current()) const;
  // The n largest or smallest values of one column in each group, labelled by the keys and the rows' own labels. Of
  // equal ones the first, missing ones last.
  Series nlargest(std::int64_t n = 5, Location where = Location::current()) const;
  Series nsmallest(std::int64_t n = 5, Location where = Location::current()) const;
  // How often each value of one column is in each group, the most frequent first; labelled by the keys and the value.
  Series value_counts(Location where = Location::current()) const;
  // The number of rows of each group.
  Series size(Location where = Location::current()) const;

  // The rows with each group whole in one partition: in the order of the keys, or with their positions. What is made of
  // these by map_partitions goes back with DataFrame::in_place.
  DataFrame rows_in_order(Location where = Location::current()) const;
  DataFrame rows_together(Location where = Location::current()) const;

  // The frame with every key as a column (or index level), the keys' names there, and what they are called in results.
  DataFrame frame() const;
  const std::vector<std::string>& keys() const { return keys_; }
  const std::vector<std::string>& key_names() const { return key_names_; }
  // The columns that functions aggregate.
  std::vector<std::string> value_columns() const;

 private:
  std::shared_ptr<const Expr> grouped(const std::vector<NamedAggregate>& aggregates, bool as_series) const;
  DataFrame matrices(const std::string& function, const CovarianceOptions& how) const;
  Series top(std::int64_t n, bool largest) const;
  // The one column that `function` takes.
  std::string value_column(const std::string& function) const;

  std::shared_ptr<const Expr> frame_;
  std::vector<std::string> keys_;
  std::vector<std::string> key_names_;
  GroupByOptions options_;
  std::vector<std::string> columns_;
};

}  // namespace plait
