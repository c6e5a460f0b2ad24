// DataFrame and Series: tables cut into partitions, with the work on them put off until compute().
//
//   auto flights = plait::read_csv("flights-*.csv", {.parse_dates = {"time_hour"}});
//   auto late = flights[flights["dep_delay"] > 60].groupby("carrier").agg({{"dep_delay", {"mean", "count"}}});
//   std::cout << late.compute() << '\n';
//
// Every call returns at once and checks names and types on the caller's line; values are shared and never change, so
// copies are free and all members are const (assign gives a new frame). Results follow pandas, partitions follow Dask.
// Thread-safe.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plait/export.h"
#include "plait/table.h"

namespace plait {

class Expr;
class Series;
class GroupBy;

struct ReadCsvOptions {
  std::vector<std::string> parse_dates;
  std::map<std::string, std::string> dtype;  // column to pandas' name of a type: {"flight": "float64"}
  std::vector<std::string> usecols;
  std::vector<std::string> na_values;  // beside pandas' own list
  std::vector<std::string> names;      // column names, for files without a header line
  std::string sep = ",";
  bool header = true;
  bool assume_missing = false;  // integer columns that were not given a dtype are float64
  std::int64_t blocksize = 0;   // bytes a partition; 0 is Dask's rule (at most 64 MB), -1 a file a partition
};

struct ReadParquetOptions {
  std::vector<std::string> columns;
};

struct MergeOptions {
  std::vector<std::string> on;  // default: the columns that both sides have
  std::vector<std::string> left_on;
  std::vector<std::string> right_on;
  std::string how = "inner";  // "inner", "left", "right", "outer"
  std::pair<std::string, std::string> suffixes = {"_x", "_y"};
};

// {{"dep_delay", {"mean", "count"}}, {"distance", {"sum"}}}: column to functions, in this order.
using AggSpec = std::vector<std::pair<std::string, std::vector<std::string>>>;

class PLAIT_API DataFrame {
 public:
  explicit DataFrame(std::shared_ptr<const Expr> expr);
  // Rows cut into `npartitions` even partitions, by Dask's rule.
  static DataFrame from_table(const Table& table, std::int64_t npartitions = 1);

  std::vector<std::string> columns() const;
  // Column to pandas' name of its type.
  std::vector<std::pair<std::string, std::string>> dtypes() const;
  std::int64_t npartitions() const;

  Series operator[](const std::string& column) const;
  Series operator[](const char* column) const;
  DataFrame operator[](const std::vector<std::string>& columns) const;
  DataFrame operator[](std::initializer_list<const char*> columns) const;
  DataFrame operator[](const Series& mask) const;

  DataFrame assign(const std::string& column, const Series& values) const;
  DataFrame assign(const std::string& column, const Literal& value) const;
  DataFrame drop(const std::vector<std::string>& columns) const;
  DataFrame rename(const std::map<std::string, std::string>& columns) const;
  DataFrame astype(const std::map<std::string, std::string>& dtypes) const;
  DataFrame fillna(const Literal& value) const;
  // Without the rows that miss a value in any of `subset` (default: in any column).
  DataFrame dropna(const std::vector<std::string>& subset = {}) const;
  DataFrame drop_duplicates(const std::vector<std::string>& subset = {}) const;
  DataFrame reset_index(bool drop = false) const;

  GroupBy groupby(const std::string& by) const;
  GroupBy groupby(const char* by) const;
  GroupBy groupby(const std::vector<std::string>& by) const;
  GroupBy groupby(std::initializer_list<const char*> by) const;
  DataFrame merge(const DataFrame& right, const MergeOptions& options = {}) const;
  DataFrame sort_values(const std::vector<std::string>& by, bool ascending = true) const;
  DataFrame nlargest(std::int64_t n, const std::vector<std::string>& columns) const;
  DataFrame nsmallest(std::int64_t n, const std::vector<std::string>& columns) const;
  DataFrame repartition(std::int64_t npartitions) const;
  DataFrame describe() const;

  // One value a column, named by the columns.
  Series sum() const;
  Series mean() const;
  Series count() const;
  Series min() const;
  Series max() const;
  Series var(std::int64_t ddof = 1) const;
  Series std(std::int64_t ddof = 1) const;
  Series nunique() const;

  // The first rows: reads no more of the input than it needs.
  Table head(std::int64_t n = 5) const;
  Table tail(std::int64_t n = 5) const;
  // The number of rows; computes them.
  std::int64_t size() const;

  Table compute() const;
  // The same frame with its partitions kept in memory.
  DataFrame persist() const;
  // The plan before and after optimization.
  std::string explain() const;

  // One file a partition: "*" in the name becomes its number, a name without one is a folder of <number>.part files. A
  // file has its final name only when it is complete. Returns the names.
  std::vector<std::string> to_csv(const std::string& path, bool index = true) const;
  // A folder of part.<number>.parquet files.
  std::vector<std::string> to_parquet(const std::string& path) const;

  const std::shared_ptr<const Expr>& expr() const { return expr_; }

 private:
  std::shared_ptr<const Expr> expr_;
};

// Methods of a series of strings.
class PLAIT_API StringMethods {
 public:
  explicit StringMethods(std::shared_ptr<const Expr> expr) : expr_(std::move(expr)) {}
  Series lower() const;
  Series upper() const;
  Series strip() const;
  Series len() const;
  Series contains(const std::string& pattern, bool regex = true) const;
  Series startswith(const std::string& prefix) const;
  Series endswith(const std::string& suffix) const;
  Series slice(std::optional<std::int64_t> start, std::optional<std::int64_t> stop = std::nullopt) const;
  Series replace(const std::string& from, const std::string& to) const;

 private:
  std::shared_ptr<const Expr> expr_;
};

// Methods of a series of dates.
class PLAIT_API DateMethods {
 public:
  explicit DateMethods(std::shared_ptr<const Expr> expr) : expr_(std::move(expr)) {}
  Series year() const;
  Series month() const;
  Series day() const;
  Series hour() const;
  Series minute() const;
  Series second() const;
  Series dayofweek() const;
  Series dayofyear() const;
  Series quarter() const;

 private:
  std::shared_ptr<const Expr> expr_;
};

class PLAIT_API Series {
 public:
  explicit Series(std::shared_ptr<const Expr> expr);

  std::string name() const;
  std::string dtype() const;
  std::int64_t npartitions() const;

  Series operator[](const Series& mask) const;
  Series rename(const std::string& name) const;
  Series astype(const std::string& dtype) const;
  Series fillna(const Literal& value) const;
  Series dropna() const;
  Series isna() const;
  Series notna() const;
  Series isin(const std::vector<Literal>& values) const;
  Series between(const Literal& left, const Literal& right) const;
  Series abs() const;
  Series round(std::int64_t decimals = 0) const;
  StringMethods str() const { return StringMethods(expr_); }
  DateMethods dt() const { return DateMethods(expr_); }

  // One value; a missing one where there is nothing to reduce.
  Series sum() const;
  Series mean() const;
  Series count() const;
  Series min() const;
  Series max() const;
  Series var(std::int64_t ddof = 1) const;
  Series std(std::int64_t ddof = 1) const;
  Series nunique() const;

  Series value_counts() const;
  Series unique() const;
  Series drop_duplicates() const;
  Series nlargest(std::int64_t n = 5) const;
  Series nsmallest(std::int64_t n = 5) const;
  DataFrame to_frame() const;

  Table head(std::int64_t n = 5) const;
  std::int64_t size() const;
  // A table of one column (and the index).
  Table compute() const;
  // The only value of a reduction.
  double value() const;
  Series persist() const;
  std::string explain() const;

  const std::shared_ptr<const Expr>& expr() const { return expr_; }

 private:
  std::shared_ptr<const Expr> expr_;
};

// A column (or an expression) with a constant or another column. Comparison with a missing value is false.
class PLAIT_API SeriesOperand {
 public:
  SeriesOperand(const Series& series) : expr_(series.expr()) {}       // NOLINT: conversions are the purpose
  SeriesOperand(bool value) : literal_(value) {}                      // NOLINT
  SeriesOperand(int value) : literal_(std::int64_t{value}) {}         // NOLINT
  SeriesOperand(std::int64_t value) : literal_(value) {}              // NOLINT
  SeriesOperand(double value) : literal_(value) {}                    // NOLINT
  SeriesOperand(const char* value) : literal_(std::string(value)) {}  // NOLINT
  SeriesOperand(std::string value) : literal_(std::move(value)) {}    // NOLINT

  const std::shared_ptr<const Expr>& expr() const { return expr_; }
  const Literal& literal() const { return literal_; }

 private:
  std::shared_ptr<const Expr> expr_;
  Literal literal_;
};

PLAIT_API Series operator+(const Series& a, const SeriesOperand& b);
PLAIT_API Series operator-(const Series& a, const SeriesOperand& b);
PLAIT_API Series operator*(const Series& a, const SeriesOperand& b);
PLAIT_API Series operator/(const Series& a, const SeriesOperand& b);
PLAIT_API Series operator%(const Series& a, const SeriesOperand& b);
PLAIT_API Series operator==(const Series& a, const SeriesOperand& b);
PLAIT_API Series operator!=(const Series& a, const SeriesOperand& b);
PLAIT_API Series operator<(const Series& a, const SeriesOperand& b);
PLAIT_API Series operator<=(const Series& a, const SeriesOperand& b);
PLAIT_API Series operator>(const Series& a, const SeriesOperand& b);
PLAIT_API Series operator>=(const Series& a, const SeriesOperand& b);
PLAIT_API Series operator&(const Series& a, const SeriesOperand& b);
PLAIT_API Series operator|(const Series& a, const SeriesOperand& b);
PLAIT_API Series operator~(const Series& a);
PLAIT_API Series operator-(const Series& a);

// What groupby gives: the functions make one row a group, sorted by the keys, which become the index.
class PLAIT_API GroupBy {
 public:
  GroupBy(std::shared_ptr<const Expr> frame, std::vector<std::string> by, std::vector<std::string> columns = {});

  GroupBy operator[](const std::vector<std::string>& columns) const;
  GroupBy operator[](std::initializer_list<const char*> columns) const;
  GroupBy operator[](const std::string& column) const;
  GroupBy operator[](const char* column) const;

  // sum, mean, count, size, min, max, var, std, first, last, prod, nunique.
  DataFrame agg(const AggSpec& spec) const;
  DataFrame agg(const std::string& function) const;
  DataFrame sum() const { return agg("sum"); }
  DataFrame mean() const { return agg("mean"); }
  DataFrame count() const { return agg("count"); }
  DataFrame min() const { return agg("min"); }
  DataFrame max() const { return agg("max"); }
  DataFrame var() const { return agg("var"); }
  DataFrame std() const { return agg("std"); }
  DataFrame first() const { return agg("first"); }
  DataFrame last() const { return agg("last"); }
  Series size() const;

 private:
  std::shared_ptr<const Expr> frame_;
  std::vector<std::string> by_;
  std::vector<std::string> columns_;
};

// Files by name or pattern ("flights-*.csv"), sorted by name; types are inferred over all blocks.
PLAIT_API DataFrame read_csv(const std::string& path, const ReadCsvOptions& options = {});
PLAIT_API DataFrame read_csv(const std::vector<std::string>& paths, const ReadCsvOptions& options = {});
PLAIT_API DataFrame read_parquet(const std::string& path, const ReadParquetOptions& options = {});
// The frames' rows one after the other.
PLAIT_API DataFrame concat(const std::vector<DataFrame>& frames);

PLAIT_API std::ostream& operator<<(std::ostream& out, const DataFrame& frame);
PLAIT_API std::ostream& operator<<(std::ostream& out, const Series& series);

}  // namespace plait
