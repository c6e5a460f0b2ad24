// Operations by which a row depends on rows before or after it, in other partitions too: what DataFrame and
// Series have in common. Each partition is worked on by itself, with what it needs of the others.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "plait/export.h"
#include "plait/location.h"
#include "plait/table.h"

namespace plait {

class Expr;

// A window that moves over the rows.
struct RollingOptions {
  Literal window = std::int64_t{1};  // a number of rows or, over an index of times, a Timedelta
  // By default all rows of the window, or one of a span of time.
  std::optional<std::int64_t> min_periods = std::nullopt;
  bool center = false;
  std::string closed = "right";  // which ends belong to it: "right", "left", "both", "neither"
};

// What rolling() gives: every method is one value a row, missing where the window has fewer than min_periods values.
template <class Self>
class PLAIT_API RollingRows {
 public:
  RollingRows(std::shared_ptr<const Expr> rows, RollingOptions options)
      : rows_(std::move(rows)), options_(std::move(options)) {}

  Self sum(Location where = Location::current()) const { return aggregate("sum", 1, where); }
  Self mean(Location where = Location::current()) const { return aggregate("mean", 1, where); }
  Self min(Location where = Location::current()) const { return aggregate("min", 1, where); }
  Self max(Location where = Location::current()) const { return aggregate("max", 1, where); }
  Self count(Location where = Location::current()) const { return aggregate("count", 1, where); }
  Self median(Location where = Location::current()) const { return aggregate("median", 1, where); }
  Self var(int ddof = 1, Location where = Location::current()) const { return aggregate("var", ddof, where); }
  Self std(int ddof = 1, Location where = Location::current()) const { return aggregate("std", ddof, where); }
  Self sem(int ddof = 1, Location where = Location::current()) const { return aggregate("sem", ddof, where); }
  // "linear", "lower", "higher", "nearest", "midpoint".
  Self quantile(double q, const std::string& interpolation = "linear", Location where = Location::current()) const;
  // Any of these by name; throws NoNativeForm for another one.
  Self aggregate(const std::string& function, int ddof, Location where = Location::current()) const;

 private:
  std::shared_ptr<const Expr> rows_;
  RollingOptions options_;
};

// Self is DataFrame or Series, and has expr().
template <class Self>
class PLAIT_API AlongRows {
 public:
  // Without skipna everything after a missing value is missing.
  Self cumsum(bool skipna = true, Location where = Location::current()) const;
  Self cumprod(bool skipna = true, Location where = Location::current()) const;
  Self cummin(bool skipna = true, Location where = Location::current()) const;
  Self cummax(bool skipna = true, Location where = Location::current()) const;
  // The values of `periods` rows before (after, if negative); where there is none, `fill` or a missing value.
  Self shift(std::int64_t periods = 1, const std::optional<Literal>& fill = std::nullopt,
             Location where = Location::current()) const;
  Self diff(std::int64_t periods = 1, Location where = Location::current()) const;
  Self pct_change(std::int64_t periods = 1, Location where = Location::current()) const;
  // Missing values become the last (next) one that is not, at most `limit` rows away; 0: however far.
  Self ffill(std::int64_t limit = 0, Location where = Location::current()) const;
  Self bfill(std::int64_t limit = 0, Location where = Location::current()) const;
  RollingRows<Self> rolling(const RollingOptions& options) const;
  RollingRows<Self> rolling(std::int64_t rows) const { return rolling(RollingOptions{.window = rows}); }
};

}  // namespace plait
