#include <ostream>

#include "collections/dataframe/frame_building.h"
#include "collections/dataframe/read_csv.h"
#include "collections/dataframe/reductions.h"
#include "expr/plan.h"
#include "kernels/table/columns.h"
#include "plait/dataframe.h"

namespace plait {
namespace {

Series reduced(const ExprPtr& expr, Reduction reduction, std::int64_t ddof = 1) {
  return Series(reduce_expr(expr, {.reduction = reduction, .ddof = static_cast<int>(ddof)}));
}

Series unary(const ExprPtr& expr, UnaryOp op) {
  return Series(elementwise_call({expr}, table_kernel::unary(UnaryParams{op}), std::string(name(op))));
}

Series binary(const Series& a, const SeriesOperand& b, BinaryOp op) {
  return Series(binary_expr({a.expr(), {}}, {b.expr(), b.literal()}, op));
}

Series str(const ExprPtr& expr, StrParams params) { return Series(str_expr(expr, std::move(params))); }
Series dt(const ExprPtr& expr, DtOp op) { return Series(dt_expr(expr, {.op = op})); }

}  // namespace

Series::Series(std::shared_ptr<const Expr> expr) : expr_(std::move(expr)) {}

std::string Series::name() const {
  const auto names = frame_meta(expr_).empty().names();
  return names.empty() || names.front() == kUnnamed ? "" : names.front();
}
std::string Series::dtype() const {
  return plait::name(frame_meta(with_latest_schemas(expr_)).schema().columns.front().type);
}
std::int64_t Series::npartitions() const { return frame_meta(expr_).npartitions(); }

Series Series::operator[](const Series& mask) const { return Series(filter_expr(expr_, mask.expr())); }
Series Series::rename(const std::string& name) const { return Series(set_form_expr(expr_, TableForm::series, name)); }
Series Series::astype(const std::string& dtype) const {
  return Series(
      elementwise_call({expr_}, table_kernel::astype(AstypeParams{{{"", parse_column_type(dtype)}}}), "astype", dtype));
}
Series Series::fillna(const Literal& value) const {
  return Series(
      elementwise_call({expr_}, table_kernel::fillna(FillnaParams{{{"", value}}}), "fillna", to_string(value)));
}
Series Series::dropna() const { return Series(dropna_expr(expr_, {})); }
Series Series::isna() const { return unary(expr_, UnaryOp::isna); }
Series Series::notna() const { return unary(expr_, UnaryOp::notna); }
Series Series::isin(const std::vector<Literal>& values) const {
  return Series(elementwise_call({expr_}, table_kernel::isin(IsinParams{values}), "isin"));
}
Series Series::between(const Literal& left, const Literal& right) const {
  return Series(elementwise_call({expr_}, table_kernel::between(BetweenParams{left, right}), "between"));
}
Series Series::abs() const { return unary(expr_, UnaryOp::abs); }
Series Series::round(std::int64_t decimals) const {
  return Series(elementwise_call({expr_}, table_kernel::round(RoundParams{static_cast<int>(decimals)}), "round"));
}

Series Series::sum() const { return reduced(expr_, Reduction::sum); }
Series Series::mean() const { return reduced(expr_, Reduction::mean); }
Series Series::count() const { return reduced(expr_, Reduction::count); }
Series Series::min() const { return reduced(expr_, Reduction::min); }
Series Series::max() const { return reduced(expr_, Reduction::max); }
Series Series::var(std::int64_t ddof) const { return reduced(expr_, Reduction::var, ddof); }
Series Series::std(std::int64_t ddof) const { return reduced(expr_, Reduction::std, ddof); }
Series Series::nunique() const { return reduced(expr_, Reduction::nunique); }

Series Series::value_counts() const { return Series(value_counts_expr(expr_, {.index_name = name()})); }
Series Series::unique() const { return Series(unique_expr(expr_)); }
Series Series::drop_duplicates() const { return Series(drop_duplicates_expr(expr_, {})); }
Series Series::nlargest(std::int64_t n) const { return Series(top_expr(expr_, {.n = n, .by = {}, .largest = true})); }
Series Series::nsmallest(std::int64_t n) const { return Series(top_expr(expr_, {.n = n, .by = {}, .largest = false})); }
DataFrame Series::to_frame() const { return DataFrame(set_form_expr(expr_, TableForm::frame)); }

Table Series::head(std::int64_t n) const { return head_rows(expr_, n); }
std::int64_t Series::size() const { return count_rows(expr_); }
Table Series::compute() const { return compute_table(expr_); }
double Series::value() const {
  const Literal value = compute().item();
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return static_cast<double>(*number);
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? 1.0 : 0.0;
  throw type_error("value: expected a number, found " + to_string(value));
}
Series Series::persist() const { return Series(plait::persist({expr_}).front()); }
std::string Series::explain() const { return plait::explain({expr_}); }

Series StringMethods::lower() const { return str(expr_, {.op = StrOp::lower}); }
Series StringMethods::upper() const { return str(expr_, {.op = StrOp::upper}); }
Series StringMethods::strip() const { return str(expr_, {.op = StrOp::strip}); }
Series StringMethods::len() const { return str(expr_, {.op = StrOp::len}); }
Series StringMethods::contains(const std::string& pattern, bool regex) const {
  return str(expr_, {.op = StrOp::contains, .pattern = pattern, .regex = regex});
}
Series StringMethods::startswith(const std::string& prefix) const {
  return str(expr_, {.op = StrOp::startswith, .pattern = prefix});
}
Series StringMethods::endswith(const std::string& suffix) const {
  return str(expr_, {.op = StrOp::endswith, .pattern = suffix});
}
Series StringMethods::slice(std::optional<std::int64_t> start, std::optional<std::int64_t> stop) const {
  return str(expr_, {.op = StrOp::slice, .start = start, .stop = stop});
}
Series StringMethods::replace(const std::string& from, const std::string& to) const {
  return str(expr_, {.op = StrOp::replace, .pattern = from, .replacement = to, .regex = false});
}

Series DateMethods::year() const { return dt(expr_, DtOp::year); }
Series DateMethods::month() const { return dt(expr_, DtOp::month); }
Series DateMethods::day() const { return dt(expr_, DtOp::day); }
Series DateMethods::hour() const { return dt(expr_, DtOp::hour); }
Series DateMethods::minute() const { return dt(expr_, DtOp::minute); }
Series DateMethods::second() const { return dt(expr_, DtOp::second); }
Series DateMethods::dayofweek() const { return dt(expr_, DtOp::dayofweek); }
Series DateMethods::dayofyear() const { return dt(expr_, DtOp::dayofyear); }
Series DateMethods::quarter() const { return dt(expr_, DtOp::quarter); }

Series operator+(const Series& a, const SeriesOperand& b) { return binary(a, b, BinaryOp::add); }
Series operator-(const Series& a, const SeriesOperand& b) { return binary(a, b, BinaryOp::sub); }
Series operator*(const Series& a, const SeriesOperand& b) { return binary(a, b, BinaryOp::mul); }
Series operator/(const Series& a, const SeriesOperand& b) { return binary(a, b, BinaryOp::truediv); }
Series operator%(const Series& a, const SeriesOperand& b) { return binary(a, b, BinaryOp::mod); }
Series operator==(const Series& a, const SeriesOperand& b) { return binary(a, b, BinaryOp::eq); }
Series operator!=(const Series& a, const SeriesOperand& b) { return binary(a, b, BinaryOp::ne); }
Series operator<(const Series& a, const SeriesOperand& b) { return binary(a, b, BinaryOp::lt); }
Series operator<=(const Series& a, const SeriesOperand& b) { return binary(a, b, BinaryOp::le); }
Series operator>(const Series& a, const SeriesOperand& b) { return binary(a, b, BinaryOp::gt); }
Series operator>=(const Series& a, const SeriesOperand& b) { return binary(a, b, BinaryOp::ge); }
Series operator&(const Series& a, const SeriesOperand& b) { return binary(a, b, BinaryOp::and_); }
Series operator|(const Series& a, const SeriesOperand& b) { return binary(a, b, BinaryOp::or_); }
Series operator~(const Series& a) { return unary(a.expr(), UnaryOp::invert); }
Series operator-(const Series& a) { return unary(a.expr(), UnaryOp::neg); }

std::ostream& operator<<(std::ostream& out, const Series& series) {
  return out << "Series " << series.name() << " of " << series.dtype() << " in " << series.npartitions()
             << " partitions";
}

}  // namespace plait
