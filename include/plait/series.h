// Series, Index and Scalar: one lazy column, the labels of rows, and one lazy value.
//
//   const Series late = flights["dep_delay"] > 60;
//   std::cout << flights["dep_delay"].mean().value() << '\n';
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plait/along_rows.h"
#include "plait/frame_base.h"
#include "plait/frame_statistics.h"
#include "plait/labelled_rows.h"

namespace plait {

class GroupBy;
struct GroupByOptions;

// One value that is not computed yet, such as the sum of a series.
class PLAIT_API Scalar : public FrameBase {
 public:
  using FrameBase::FrameBase;

  std::string dtype() const;
  // The number, computed. Throws a type error for what is none.
  double value(const RunSettings& settings = {}) const;
  // The value, computed.
  Literal item(const RunSettings& settings = {}) const;
  Scalar unary(const std::string& op, Location where = Location::current()) const;
  Scalar astype(const std::string& dtype, Location where = Location::current()) const;
  Scalar persist(const RunSettings& settings = {}) const;
};

// Methods of a series of text. Patterns are regular expressions where `regex` says so.
class PLAIT_API StringMethods {
 public:
  explicit StringMethods(std::shared_ptr<const Expr> expr) : expr_(std::move(expr)) {}

  // A method without arguments by name: "lower", "upper", "title", "capitalize", "swapcase", "len", "isalpha", ...
  Series apply(const std::string& method, Location where = Location::current()) const;
  Series lower(Location where = Location::current()) const;
  Series upper(Location where = Location::current()) const;
  Series title(Location where = Location::current()) const;
  Series capitalize(Location where = Location::current()) const;
  Series swapcase(Location where = Location::current()) const;
  Series len(Location where = Location::current()) const;
  // Without these characters (none: white space) at one end or both.
  Series strip(const std::string& characters = "", Location where = Location::current()) const;
  Series lstrip(const std::string& characters = "", Location where = Location::current()) const;
  Series rstrip(const std::string& characters = "", Location where = Location::current()) const;
  // `na` is the answer for a missing value; by default False.
  Series contains(const std::string& pattern, bool regex = true, bool case_sensitive = true,
                  std::optional<bool> na = {}, Location where = Location::current()) const;
  Series startswith(const std::string& prefix, std::optional<bool> na = {}, Location where = Location::current()) const;
  Series endswith(const std::string& suffix, std::optional<bool> na = {}, Location where = Location::current()) const;
  // How often a text occurs, and where it first does (-1: nowhere).
  Series count(const std::string& pattern, Location where = Location::current()) const;
  Series find(const std::string& text, Location where = Location::current()) const;
  Series slice(std::optional<std::int64_t> start, std::optional<std::int64_t> stop = {},
               std::optional<std::int64_t> step = {}, Location where = Location::current()) const;
  Series get(std::int64_t position, Location where = Location::current()) const;
  Series replace(const std::string& from, const std::string& to, Location where = Location::current()) const;
  Series zfill(std::int64_t width, Location where = Location::current()) const;
  Series repeat(std::int64_t times, Location where = Location::current()) const;
  Series removeprefix(const std::string& prefix, Location where = Location::current()) const;
  Series removesuffix(const std::string& suffix, Location where = Location::current()) const;

 private:
  std::shared_ptr<const Expr> expr_;
};

// Methods of a series of dates or spans of time.
class PLAIT_API DateMethods {
 public:
  explicit DateMethods(std::shared_ptr<const Expr> expr) : expr_(std::move(expr)) {}

  // By name: "year", "month", ..., "is_month_start", ..., "day_name"; of spans "days", "seconds", "total_seconds".
  // `text` is the frequency of "floor", "ceil" and "round".
  Series apply(const std::string& method, const std::string& text = "", Location where = Location::current()) const;
  Series year(Location where = Location::current()) const;
  Series month(Location where = Location::current()) const;
  Series day(Location where = Location::current()) const;
  Series hour(Location where = Location::current()) const;
  Series minute(Location where = Location::current()) const;
  Series second(Location where = Location::current()) const;
  Series dayofweek(Location where = Location::current()) const;
  Series dayofyear(Location where = Location::current()) const;
  Series quarter(Location where = Location::current()) const;
  Series day_name(Location where = Location::current()) const;
  Series month_name(Location where = Location::current()) const;
  Series normalize(Location where = Location::current()) const;
  // To a frequency: "h", "15min", "D".
  Series floor(const std::string& frequency, Location where = Location::current()) const;
  Series ceil(const std::string& frequency, Location where = Location::current()) const;
  Series round(const std::string& frequency, Location where = Location::current()) const;
  Series total_seconds(Location where = Location::current()) const;

 private:
  std::shared_ptr<const Expr> expr_;
};

// Methods of a series of categories, which must be known: its schema says them. A value whose category is gone is
// missing. Tables of categories have one column. What is wrong with them is a value error, as in pandas.
class PLAIT_API CategoryMethods {
 public:
  explicit CategoryMethods(std::shared_ptr<const Expr> expr) : expr_(std::move(expr)) {}

  Table categories() const;
  // The positions of the values among the categories; -1 for a missing value.
  Series codes(Location where = Location::current()) const;
  // Other categories: values keep themselves or, with `rename`, the position of their category.
  Series set_categories(const Table& categories, std::optional<bool> ordered = {}, bool rename = false,
                        Location where = Location::current()) const;
  Series add_categories(const Table& more, Location where = Location::current()) const;
  Series remove_categories(const Table& removals, Location where = Location::current()) const;
  Series reorder_categories(const Table& categories, std::optional<bool> ordered = {},
                            Location where = Location::current()) const;
  Series rename_categories(const Table& names, Location where = Location::current()) const;
  Series as_ordered(Location where = Location::current()) const;
  Series as_unordered(Location where = Location::current()) const;

 private:
  std::shared_ptr<const Expr> expr_;
};

struct ValueCountsOptions {
  bool sort = true;
  bool ascending = false;
  bool dropna = true;
  bool normalize = false;
};

class PLAIT_API Series : public Rows<Series>,
                         public LabelledRows<Series>,
                         public AlongRows<Series>,
                         public FrameStatistics<Series> {
 public:
  using Rows::Rows;

  // Empty for a series without one.
  std::string name() const;
  std::string dtype() const;

  Series rename(const std::string& name, Location where = Location::current()) const;
  DataFrame to_frame(const std::string& column = "", Location where = Location::current()) const;
  // The labels are dropped; rows of each partition count from 0.
  Series reset_index(Location where = Location::current()) const;

  Series dropna(Location where = Location::current()) const;
  // "both", "neither", "left" or "right" of the bounds are included.
  Series between(const Literal& left, const Literal& right, const std::string& inclusive = "both",
                 Location where = Location::current()) const;
  // Values without a pair become missing.
  Series map(const std::vector<std::pair<Literal, Literal>>& pairs, Location where = Location::current()) const;
  StringMethods str() const { return StringMethods(expr_); }
  DateMethods dt() const { return DateMethods(expr_); }
  CategoryMethods cat() const { return CategoryMethods(expr_); }

  // How often each value occurs, labelled by the values.
  Series value_counts(const ValueCountsOptions& how = {}, Location where = Location::current()) const;
  // The most frequent values, in order.
  Series mode(bool dropna = true, Location where = Location::current()) const;
  // The different values in order of appearance.
  Series unique(Location where = Location::current()) const;
  // keep is "first", "last" or "none" of equal values.
  Series drop_duplicates(const std::string& keep = "first", bool ignore_index = false,
                         Location where = Location::current()) const;
  // Whether a value has been before; keep ("first", "last", "none") says which of equal ones is no duplicate.
  Series duplicated(const std::string& keep = "first", Location where = Location::current()) const;
  Series nlargest(std::int64_t n = 5, Location where = Location::current()) const;
  Series nsmallest(std::int64_t n = 5, Location where = Location::current()) const;
  // One value for each q, labelled by them.
  Series quantiles(const std::vector<double>& q, Location where = Location::current()) const;
  Series describe(const std::vector<double>& percentiles = {0.25, 0.5, 0.75},
                  Location where = Location::current()) const;
  // With another series of the same rows: the covariance, and the correlation.
  Scalar cov(const Series& other, const CovarianceOptions& how = {}, Location where = Location::current()) const;
  Scalar corr(const Series& other, const CovarianceOptions& how = {}, Location where = Location::current()) const;
};

// Labels of rows.
class PLAIT_API Index : public Rows<Index> {
 public:
  using Rows::Rows;
  std::string name() const;
  std::string dtype() const;
};

#define PLAIT_FRAME_OPERATOR(symbol, op)                                                         \
  inline Series operator symbol(const Series& a, const FrameOperand& b) {                        \
    return Series(detail::operator_plan(op, FrameOperand(a, b.where()), b));                     \
  }                                                                                              \
  inline Series operator symbol(const NumberOperand& a, const Series& b) {                       \
    return Series(detail::operator_plan(op, a.operand(), FrameOperand(b, a.operand().where()))); \
  }                                                                                              \
  inline Scalar operator symbol(const Scalar& a, const FrameOperand& b) {                        \
    return Scalar(detail::operator_plan(op, FrameOperand(a, b.where()), b));                     \
  }                                                                                              \
  inline Scalar operator symbol(const NumberOperand& a, const Scalar& b) {                       \
    return Scalar(detail::operator_plan(op, a.operand(), FrameOperand(b, a.operand().where()))); \
  }                                                                                              \
  inline Series operator symbol(const Scalar& a, const Series& b) { return Series(detail::operator_plan(op, a, b)); }
PLAIT_FRAME_OPERATOR(+, "add")
PLAIT_FRAME_OPERATOR(-, "sub")
PLAIT_FRAME_OPERATOR(*, "mul")
PLAIT_FRAME_OPERATOR(/, "truediv")
PLAIT_FRAME_OPERATOR(%, "mod")
PLAIT_FRAME_OPERATOR(==, "eq")
PLAIT_FRAME_OPERATOR(!=, "ne")
PLAIT_FRAME_OPERATOR(<, "lt")
PLAIT_FRAME_OPERATOR(<=, "le")
PLAIT_FRAME_OPERATOR(>, "gt")
PLAIT_FRAME_OPERATOR(>=, "ge")
PLAIT_FRAME_OPERATOR(&, "and")
PLAIT_FRAME_OPERATOR(|, "or")
PLAIT_FRAME_OPERATOR(^, "xor")
#undef PLAIT_FRAME_OPERATOR

inline Series operator~(const Series& a) { return a.unary("invert"); }
inline Series operator-(const Series& a) { return a.unary("neg"); }
inline Scalar operator-(const Scalar& a) { return a.unary("neg"); }

PLAIT_API std::ostream& operator<<(std::ostream& out, const Series& series);
PLAIT_API std::ostream& operator<<(std::ostream& out, const Scalar& scalar);

}  // namespace plait
