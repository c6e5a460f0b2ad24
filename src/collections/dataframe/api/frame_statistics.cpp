// Statistics that look at all values at once.
#include "plait/frame_statistics.h"

#include <algorithm>

#include "collections/dataframe/api/building.h"
#include "collections/dataframe/statistics_ops.h"
#include "plait/dataframe.h"

namespace plait {
namespace {

ExprPtr numbers_of(const ExprPtr& rows) {
  const Table& known = frame_meta(rows).empty();
  std::vector<std::string> names = known.names();
  std::erase_if(names, [&](const std::string& name) { return !is_number_or_bool(known.type(name)); });
  if (known.form() == TableForm::frame) return select_columns(rows, std::move(names));
  if (names.empty()) throw NoNativeForm("numeric_only of a series that is not numeric");
  return rows;
}

CovarianceParams covariance_params(const CovarianceOptions& how, bool correlation, bool of_two) {
  if (how.method == "spearman" || how.method == "kendall") throw NoNativeForm("the method '" + how.method + "'");
  if (how.method != "pearson") {
    throw value_error("method must be either 'pearson', 'spearman', 'kendall', or a callable, '" + how.method +
                      "' was supplied");
  }
  return {.correlation = correlation, .ddof = how.ddof, .min_periods = how.min_periods, .of_two = of_two};
}

DataFrame matrix(const DataFrame& frame, const CovarianceOptions& how, bool correlation) {
  const CovarianceParams params = covariance_params(how, correlation, false);
  const ExprPtr columns = how.numeric_only ? numbers_of(frame.expr()) : frame.expr();
  // The rows of the matrix are labelled by the columns.
  for (const std::string& name : frame_meta(columns).empty().names()) {
    if (!is_text_label(name)) throw NoNativeForm("columns whose labels are no text");
  }
  return DataFrame(covariance_expr(columns, params));
}

Scalar of_two(const Series& x, const Series& y, const CovarianceOptions& how, bool correlation) {
  const CovarianceParams params = covariance_params(how, correlation, true);
  return Scalar(covariance_expr(x.to_frame("__x__").assign("__y__", y).expr(), params));
}

}  // namespace

template <class Self>
typename FrameStatistics<Self>::Statistic FrameStatistics<Self>::statistic(const std::string& name,
                                                                           const StatisticOptions& how,
                                                                           Location where) const {
  const SourceScope scope = source_scope(where);
  const ExprPtr& rows = static_cast<const Self&>(*this).expr();
  return Statistic(statistic_expr(how.numeric_only ? numbers_of(rows) : rows, {.name = name, .skipna = how.skipna}));
}
template <class Self>
Self FrameStatistics<Self>::rank(const RankOptions& how, Location where) const {
  const SourceScope scope = source_scope(where);
  const ExprPtr& rows = static_cast<const Self&>(*this).expr();
  return Self(rank_expr(how.numeric_only ? numbers_of(rows) : rows, {.method = parse_rank_method(how.method),
                                                                     .ascending = how.ascending,
                                                                     .missing = parse_missing_ranks(how.na_option),
                                                                     .pct = how.pct}));
}

template class FrameStatistics<DataFrame>;
template class FrameStatistics<Series>;

DataFrame DataFrame::cov(const CovarianceOptions& how, Location where) const {
  const SourceScope scope = source_scope(where);
  return matrix(*this, how, false);
}
DataFrame DataFrame::corr(const CovarianceOptions& how, Location where) const {
  const SourceScope scope = source_scope(where);
  return matrix(*this, how, true);
}
Series Series::mode(bool dropna, Location where) const {
  const SourceScope scope = source_scope(where);
  const Table known = meta();
  const ColumnType& type = known.type(known.names().front());
  if (type.kind == TypeKind::category || type.family == TypeFamily::arrow || type.family == TypeFamily::object)
    throw NoNativeForm("mode of type " + plait::name(type));
  return Series(mode_expr(expr_, dropna));
}
Scalar Series::cov(const Series& other, const CovarianceOptions& how, Location where) const {
  const SourceScope scope = source_scope(where);
  return of_two(*this, other, how, false);
}
Scalar Series::corr(const Series& other, const CovarianceOptions& how, Location where) const {
  const SourceScope scope = source_scope(where);
  return of_two(*this, other, how, true);
}

}  // namespace plait
