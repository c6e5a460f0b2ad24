// Operations along the rows.
#include "plait/along_rows.h"

#include "collections/dataframe/distinct_rows.h"
#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/reductions.h"
#include "collections/dataframe/row_order.h"
#include "collections/source_line.h"
#include "plait/dataframe.h"

namespace plait {
namespace {

template <class Self>
const ExprPtr& plan_of(const AlongRows<Self>& rows) {
  return static_cast<const Self&>(rows).expr();
}

}  // namespace

template <class Self>
Self RollingRows<Self>::aggregate(const std::string& function, int ddof, Location where) const {
  const SourceScope scope = source_scope(where);
  return Self(rolling_expr(
      rows_, {.function = parse_rolling(function), .window = rolling_window(rows_, options_), .ddof = ddof}));
}

template <class Self>
Self RollingRows<Self>::quantile(double q, const std::string& interpolation, Location where) const {
  const SourceScope scope = source_scope(where);
  return Self(rolling_expr(rows_, {.function = Rolling::quantile,
                                   .window = rolling_window(rows_, options_),
                                   .q = q,
                                   .interpolation = parse_interpolation(interpolation)}));
}

template <class Self>
Self AlongRows<Self>::cumsum(bool skipna, Location where) const {
  const SourceScope scope = source_scope(where);
  return Self(cumulative_expr(plan_of(*this), {Cumulative::sum, skipna}));
}

template <class Self>
Self AlongRows<Self>::cumprod(bool skipna, Location where) const {
  const SourceScope scope = source_scope(where);
  return Self(cumulative_expr(plan_of(*this), {Cumulative::prod, skipna}));
}

template <class Self>
Self AlongRows<Self>::cummin(bool skipna, Location where) const {
  const SourceScope scope = source_scope(where);
  return Self(cumulative_expr(plan_of(*this), {Cumulative::min, skipna}));
}

template <class Self>
Self AlongRows<Self>::cummax(bool skipna, Location where) const {
  const SourceScope scope = source_scope(where);
  return Self(cumulative_expr(plan_of(*this), {Cumulative::max, skipna}));
}

template <class Self>
Self AlongRows<Self>::shift(std::int64_t periods, const std::optional<Literal>& fill, Location where) const {
  const SourceScope scope = source_scope(where);
  return Self(shift_expr(plan_of(*this), {.periods = periods, .fill = fill}));
}

template <class Self>
Self AlongRows<Self>::diff(std::int64_t periods, Location where) const {
  const SourceScope scope = source_scope(where);
  return Self(diff_expr(plan_of(*this), periods));
}

template <class Self>
Self AlongRows<Self>::pct_change(std::int64_t periods, Location where) const {
  const SourceScope scope = source_scope(where);
  return Self(pct_change_expr(plan_of(*this), periods));
}

template <class Self>
Self AlongRows<Self>::ffill(std::int64_t limit, Location where) const {
  const SourceScope scope = source_scope(where);
  return Self(fill_along_expr(plan_of(*this), {.limit = limit}));
}

template <class Self>
Self AlongRows<Self>::bfill(std::int64_t limit, Location where) const {
  const SourceScope scope = source_scope(where);
  return Self(fill_along_expr(plan_of(*this), {.limit = limit, .backwards = true}));
}

template <class Self>
RollingRows<Self> AlongRows<Self>::rolling(const RollingOptions& options) const {
  rolling_window(plan_of(*this), options);  // says on the caller's line what is wrong
  return {plan_of(*this), options};
}

Series DataFrame::duplicated(const std::vector<std::string>& subset, const std::string& keep, Location where) const {
  const SourceScope scope = source_scope(where);
  require_columns(subset, "duplicated");
  return Series(duplicated_expr(subset.empty() ? expr_ : select_columns(expr_, subset), parse_keep(keep)));
}
Series Series::duplicated(const std::string& keep, Location where) const {
  const SourceScope scope = source_scope(where);
  return Series(duplicated_expr(expr_, parse_keep(keep)));
}

template class RollingRows<DataFrame>;
template class RollingRows<Series>;
template class AlongRows<DataFrame>;
template class AlongRows<Series>;

}  // namespace plait
