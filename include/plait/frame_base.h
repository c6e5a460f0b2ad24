// What DataFrame, Series, Index and Scalar have in common: a plan, its partitions, and operations row by row.
//
// Values are shared and never change, so copies are free and all members are const. Names and types are checked when an
// operation is called; errors of the run name the line of the call. An operation that is valid in pandas but has no
// kernel for these types throws NoNativeForm (plait/error.h). Thread-safe.
#pragma once

#include <concepts>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "plait/compute.h"
#include "plait/export.h"
#include "plait/location.h"
#include "plait/map_partitions.h"
#include "plait/table.h"

namespace plait {

class DataFrame;
class Series;
class Index;
class Scalar;

class PLAIT_API FrameBase {
 public:
  using Computed = Table;

  explicit FrameBase(std::shared_ptr<const Expr> expr) : expr_(std::move(expr)) {}
  static Table computed(const Value& value);
  const std::shared_ptr<const Expr>& expr() const { return expr_; }

  std::int64_t npartitions() const;
  // Partition i holds the labels from divisions[i] up to (not including) divisions[i + 1]; the last one includes its
  // end. Empty where they are not known.
  std::vector<Literal> divisions() const;
  // A table without rows: columns, types, index and form. A Scalar's has its row.
  Table meta() const;
  // The same with the types that runs have found since: a CSV column may be wider than its sample.
  Table latest_meta() const;
  // Names the work: equal plans have equal names.
  std::string plan_name() const;

  Table compute(const RunSettings& settings = {}) const;
  void visualize(const std::string& filename) const { plait::visualize(filename, *this); }
  // The plan before and after optimization.
  std::string explain() const { return plait::explain(*this); }

 protected:
  std::shared_ptr<const Expr> expr_;
};

// Where an operation takes a collection or a constant; remembers the line of the caller. Operations go row by row: a
// series beside a frame goes with every column.
class PLAIT_API FrameOperand {
 public:
  FrameOperand(const FrameBase& values, Location where = Location::current())  // NOLINT: implicit on purpose
      : expr_(values.expr()), where_(where) {}
  FrameOperand(Literal value, Location where = Location::current())  // NOLINT
      : literal_(std::move(value)), where_(where) {}
  FrameOperand(const char* value, Location where = Location::current())  // NOLINT
      : literal_(std::string(value)), where_(where) {}
  FrameOperand(std::string value, Location where = Location::current())  // NOLINT
      : literal_(std::move(value)), where_(where) {}
  FrameOperand(Missing, Location where = Location::current()) : where_(where) {}  // NOLINT
  template <class T>
    requires std::is_arithmetic_v<T>
  FrameOperand(T value, Location where = Location::current()) : where_(where) {  // NOLINT
    if constexpr (std::same_as<T, bool>)
      literal_ = value;
    else if constexpr (std::floating_point<T>)
      literal_ = static_cast<double>(value);
    else
      literal_ = static_cast<std::int64_t>(value);
  }

  // Null for a constant.
  const std::shared_ptr<const Expr>& expr() const { return expr_; }
  const Literal& literal() const { return literal_; }
  const Location& where() const { return where_; }

 private:
  std::shared_ptr<const Expr> expr_;
  Literal literal_;
  Location where_;
};

// A number at the left of an operator.
class NumberOperand {
 public:
  template <class T>
    requires std::is_arithmetic_v<T>
  NumberOperand(T value, Location where = Location::current()) : operand_(value, where) {}  // NOLINT: implicit
  const FrameOperand& operand() const { return operand_; }

 private:
  FrameOperand operand_;
};

// Whether rows of different labels are put beside each other by their labels, as pandas' methods and arithmetic do it,
// or are refused, as its operators of comparison do.
enum class LabelRule : std::uint8_t { align, same };

namespace detail {

// `left op right`: "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "eq", "ne", "lt", "le", "gt", "ge", "and",
// "or", "xor". `fill_value` stands for a value that one of the sides misses.
PLAIT_API std::shared_ptr<const Expr> binary_plan(const std::string& op, const FrameOperand& left,
                                                  const FrameOperand& right,
                                                  const std::optional<Literal>& fill_value = std::nullopt,
                                                  LabelRule labels = LabelRule::align);
// The same for an operator: "eq", "lt" and the like want the same labels.
PLAIT_API std::shared_ptr<const Expr> operator_plan(const std::string& op, const FrameOperand& left,
                                                    const FrameOperand& right);
// "neg", "pos", "abs", "invert", "isna", "notna", and NumPy's "sqrt", "exp", "log", "sin", "floor", ...
PLAIT_API std::shared_ptr<const Expr> unary_plan(const std::string& op, const FrameBase& values, Location where);

}  // namespace detail

struct ReductionOptions {
  bool skipna = true;
  int ddof = 1;                // var, std, sem
  std::int64_t min_count = 0;  // sum, prod: fewer values than that give a missing one
  bool numeric_only = false;
};

// What is replaced, and what by; of two for the same value the last counts.
using Replacements = std::vector<std::pair<Literal, Literal>>;

// One value for a series or index, one a column (a series labelled by the columns) for a frame.
template <class Self>
struct ReducedTo {
  using type = Scalar;
};
template <>
struct ReducedTo<DataFrame> {
  using type = Series;
};

template <class Result>
inline constexpr TableForm form_of = TableForm::frame;
template <>
inline constexpr TableForm form_of<Series> = TableForm::series;
template <>
inline constexpr TableForm form_of<Index> = TableForm::index;

// Rows in partitions: what frames, series and indexes share. Self is DataFrame, Series or Index.
template <class Self>
class PLAIT_API Rows : public FrameBase {
 public:
  using FrameBase::FrameBase;
  using Reduced = typename ReducedTo<Self>::type;

  // The same with its partitions kept in memory.
  Self persist(const RunSettings& settings = {}) const;

  // Values, one by one.
  Self unary(const std::string& op, Location where = Location::current()) const;
  Self isna(Location where = Location::current()) const { return unary("isna", where); }
  Self notna(Location where = Location::current()) const { return unary("notna", where); }
  Self abs(Location where = Location::current()) const { return unary("abs", where); }
  Self round(std::int64_t decimals = 0, Location where = Location::current()) const;
  Self clip(const std::optional<Literal>& lower, const std::optional<Literal>& upper = {},
            Location where = Location::current()) const;
  // A constant, or a collection, whose values are found by label.
  Self fillna(const FrameOperand& value) const;
  // By column.
  Self fillna(const std::map<std::string, Literal>& values, Location where = Location::current()) const;
  // Values where the condition holds, else `other`; mask is the opposite.
  Self where(const FrameBase& condition, const FrameOperand& other = missing) const;
  Self mask(const FrameBase& condition, const FrameOperand& other = missing) const;
  Self isin(const std::vector<Literal>& values, Location where = Location::current()) const;
  // Values replaced by others, all at once: everywhere, or by column.
  Self replace(const Replacements& values, Location where = Location::current()) const;
  Self replace(const std::map<std::string, Replacements>& values, Location where = Location::current()) const;
  // All columns, by pandas' name of a type.
  Self astype(const std::string& dtype, Location where = Location::current()) const;

  // Which rows.
  Self filter(const Series& condition, Location where = Location::current()) const;
  Self operator[](const Series& condition) const;
  // The labels of the rows.
  Index index(Location where = Location::current()) const;
  // The number of rows, lazily.
  Scalar length(Location where = Location::current()) const;
  // The same, computed.
  std::int64_t size(const RunSettings& settings = {}) const;
  // The first rows: reads no more of the input than it needs.
  Table head(std::int64_t n = 5, const RunSettings& settings = {}) const;
  Table tail(std::int64_t n = 5, const RunSettings& settings = {}) const;
  // The first rows of the first partitions, lazily and in one partition.
  Self lazy_head(std::int64_t n, std::int64_t npartitions = 1, Location where = Location::current()) const;
  Self lazy_tail(std::int64_t n, std::int64_t npartitions = 1, Location where = Location::current()) const;
  // How many partitions head and tail look at next, after `npartitions` of them were too short.
  std::int64_t more_partitions(std::int64_t npartitions) const;

  // Partitions.
  Self repartition(std::int64_t npartitions, Location where = Location::current()) const;
  Self partitions(const std::vector<std::int64_t>& numbers, Location where = Location::current()) const;
  // What a C++ function makes of each partition: a Result (plait/map_partitions.h).
  template <class Result = Self>
  Result map_partitions(const PartitionFunction& function, const PartitionMapping& how = {},
                        Location where = Location::current()) const {
    return Result(detail::map_partitions_plan(function, {*this}, how, form_of<Result>, where));
  }

  // Reductions: "sum", "prod", "mean", "count", "min", "max", "var", "std", "sem", "any", "all", "nunique".
  Reduced reduce(const std::string& function, const ReductionOptions& how = {},
                 Location where = Location::current()) const;
  Reduced sum(const ReductionOptions& how = {}, Location where = Location::current()) const;
  Reduced prod(const ReductionOptions& how = {}, Location where = Location::current()) const;
  Reduced mean(const ReductionOptions& how = {}, Location where = Location::current()) const;
  Reduced count(const ReductionOptions& how = {}, Location where = Location::current()) const;
  Reduced min(const ReductionOptions& how = {}, Location where = Location::current()) const;
  Reduced max(const ReductionOptions& how = {}, Location where = Location::current()) const;
  Reduced var(const ReductionOptions& how = {}, Location where = Location::current()) const;
  Reduced std(const ReductionOptions& how = {}, Location where = Location::current()) const;
  Reduced sem(const ReductionOptions& how = {}, Location where = Location::current()) const;
  Reduced any(const ReductionOptions& how = {}, Location where = Location::current()) const;
  Reduced all(const ReductionOptions& how = {}, Location where = Location::current()) const;
  Reduced nunique(const ReductionOptions& how = {}, Location where = Location::current()) const;
  // Merged from those of the partitions, so approximate where there is more than one.
  Reduced quantile(double q = 0.5, Location where = Location::current()) const;
};

}  // namespace plait
