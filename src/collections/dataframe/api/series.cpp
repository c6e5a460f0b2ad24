// Series, Index, Scalar, and the accessors of text and dates.
#include "plait/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "collections/dataframe/api/building.h"
#include "collections/dataframe/distinct_rows.h"
#include "collections/dataframe/reductions.h"
#include "kernels/table/accessors.h"
#include "kernels/table/columns.h"
#include "kernels/table/elementwise.h"
#include "kernels/table/native_types.h"
#include "kernels/table/rows.h"
#include "plait/dataframe.h"

namespace plait {
namespace {

std::string name_in(const Table& table) {
  const auto names = table.names();
  return names.empty() || names.front() == kUnnamed ? "" : names.front();
}

std::string dtype_in(const Table& table) { return name(table.schema().columns.front().type); }

Inclusive parse_inclusive(const std::string& text) {
  if (text == "both") return Inclusive::both;
  if (text == "neither") return Inclusive::neither;
  if (text == "left") return Inclusive::left;
  if (text == "right") return Inclusive::right;
  throw value_error("inclusive must be 'both', 'neither', 'left' or 'right'; found '" + text + "'");
}

ExprPtr in_form(const ExprPtr& expr, TableForm form, const std::string& name) {
  return relabelled(expr, table_kernel::set_form(SetFormParams{form, name}),
                    form == TableForm::frame ? "to_frame" : "to_series", {.rowwise = true, .keeps_rows = true});
}

Series str(const ExprPtr& series, StrParams params, Location where) {
  const SourceScope scope = source_scope(where);
  const std::string label = fmt::format("str.{}", name(params.op));
  const std::string pattern = params.pattern;
  return Series(elementwise_call({series}, table_kernel::str(std::move(params)), label, pattern));
}

}  // namespace

std::string Scalar::dtype() const { return dtype_in(latest_meta()); }
Literal Scalar::item(const RunSettings& settings) const { return compute(settings).item(); }
double Scalar::value(const RunSettings& settings) const {
  const Literal value = item(settings);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return static_cast<double>(*number);
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? 1.0 : 0.0;
  throw type_error("value: expected a number, found " + to_string(value));
}
Scalar Scalar::unary(const std::string& op, Location where) const {
  return Scalar(detail::unary_plan(op, *this, where));
}
Scalar Scalar::astype(const std::string& dtype, Location where) const {
  const SourceScope scope = source_scope(where);
  const ColumnType type = parse_column_type(dtype);
  require_native_astype(meta().schema().columns.front().type, type);
  return Scalar(elementwise_call({expr_}, table_kernel::astype(AstypeParams{{{"", type}}}), "astype", dtype));
}
Scalar Scalar::persist(const RunSettings& settings) const {
  return Scalar(detail::persist_plans({expr_}, settings).front());
}

std::string Series::name() const { return name_in(meta()); }
std::string Series::dtype() const { return dtype_in(latest_meta()); }
std::string Index::name() const { return name_in(meta()); }
std::string Index::dtype() const { return dtype_in(latest_meta()); }

Series Series::rename(const std::string& name, Location where) const {
  const SourceScope scope = source_scope(where);
  return Series(in_form(expr_, TableForm::series, name));
}
DataFrame Series::to_frame(const std::string& column, Location where) const {
  const SourceScope scope = source_scope(where);
  return DataFrame(in_form(expr_, TableForm::frame, column));
}
Series Series::reset_index(Location where) const {
  const SourceScope scope = source_scope(where);
  return Series(relabelled(expr_, table_kernel::reset_index(ResetIndexParams{true}), "reset_index",
                           {.makes_index = true, .keeps_divisions = false}));
}

Series Series::dropna(Location where) const {
  const SourceScope scope = source_scope(where);
  return Series(relabelled(expr_, table_kernel::dropna(DropnaParams{}), "dropna", {.rowwise = true}));
}
Series Series::between(const Literal& left, const Literal& right, const std::string& inclusive, Location where) const {
  const SourceScope scope = source_scope(where);
  const Table known = meta();
  for (const Literal& bound : {left, right}) require_fitting("between", known, known.names().front(), bound);
  const BetweenParams params{left, right, parse_inclusive(inclusive)};
  return Series(elementwise_call({expr_}, table_kernel::between(params), "between"));
}
Series Series::map(const std::vector<std::pair<Literal, Literal>>& pairs, Location where) const {
  const SourceScope scope = source_scope(where);
  require_native_map(pairs);
  return Series(elementwise_call({expr_}, table_kernel::map_values(MapValuesParams{pairs}), "map"));
}

Series Series::value_counts(const ValueCountsOptions& how, Location where) const {
  const SourceScope scope = source_scope(where);
  require_native_value_counts(meta());
  const ColumnType type = meta().schema().columns.front().type;
  const Series counts(value_counts_expr(expr_, {how.sort, how.ascending, how.dropna, how.normalize, name()}));
  const std::string dtype = plait::name(type_of_counts(type, how.normalize));
  return counts.dtype() == dtype ? counts : counts.astype(dtype, where);
}
Series Series::unique(Location where) const {
  const SourceScope scope = source_scope(where);
  return Series(unique_expr(expr_));
}
Series Series::drop_duplicates(const std::string& keep, bool ignore_index, Location where) const {
  const SourceScope scope = source_scope(where);
  const ExprPtr rows = drop_duplicates_expr(expr_, {{}, parse_keep(keep)});
  return Series(ignore_index ? numbered_expr(rows) : rows);
}
Series Series::nlargest(std::int64_t n, Location where) const {
  const SourceScope scope = source_scope(where);
  require_order(meta(), meta().names(), "nlargest");
  return Series(top_expr(expr_, {.n = n, .by = {}, .largest = true}));
}
Series Series::nsmallest(std::int64_t n, Location where) const {
  const SourceScope scope = source_scope(where);
  require_order(meta(), meta().names(), "nsmallest");
  return Series(top_expr(expr_, {.n = n, .by = {}, .largest = false}));
}
Series Series::quantiles(const std::vector<double>& q, Location where) const {
  const SourceScope scope = source_scope(where);
  return Series(quantile_expr(expr_, {q, false}));
}
Series Series::describe(const std::vector<double>& percentiles, Location where) const {
  const SourceScope scope = source_scope(where);
  return Series(describe_plan(expr_, percentiles));
}

Series StringMethods::apply(const std::string& method, Location where) const {
  return str(expr_, {.op = parse_str_op(method)}, where);
}
#define PLAIT_METHOD(name) \
  Series StringMethods::name(Location where) const { return apply(#name, where); }
PLAIT_METHOD(lower)
PLAIT_METHOD(upper)
PLAIT_METHOD(title)
PLAIT_METHOD(capitalize)
PLAIT_METHOD(swapcase)
PLAIT_METHOD(len)
#undef PLAIT_METHOD

Series StringMethods::strip(const std::string& characters, Location where) const {
  return str(expr_, {.op = StrOp::strip, .pattern = characters}, where);
}
Series StringMethods::lstrip(const std::string& characters, Location where) const {
  return str(expr_, {.op = StrOp::lstrip, .pattern = characters}, where);
}
Series StringMethods::rstrip(const std::string& characters, Location where) const {
  return str(expr_, {.op = StrOp::rstrip, .pattern = characters}, where);
}
Series StringMethods::contains(const std::string& pattern, bool regex, bool case_sensitive, std::optional<bool> na,
                               Location where) const {
  return str(expr_,
             {.op = StrOp::contains, .pattern = pattern, .regex = regex, .case_sensitive = case_sensitive, .na = na},
             where);
}
Series StringMethods::startswith(const std::string& prefix, std::optional<bool> na, Location where) const {
  return str(expr_, {.op = StrOp::startswith, .pattern = prefix, .na = na}, where);
}
Series StringMethods::endswith(const std::string& suffix, std::optional<bool> na, Location where) const {
  return str(expr_, {.op = StrOp::endswith, .pattern = suffix, .na = na}, where);
}
Series StringMethods::count(const std::string& pattern, Location where) const {
  return str(expr_, {.op = StrOp::count, .pattern = pattern}, where);
}
Series StringMethods::find(const std::string& text, Location where) const {
  return str(expr_, {.op = StrOp::find, .pattern = text}, where);
}
Series StringMethods::slice(std::optional<std::int64_t> start, std::optional<std::int64_t> stop,
                            std::optional<std::int64_t> step, Location where) const {
  return str(expr_, {.op = StrOp::slice, .start = start, .stop = stop, .step = step}, where);
}
Series StringMethods::get(std::int64_t position, Location where) const {
  return str(expr_, {.op = StrOp::get, .start = position}, where);
}
Series StringMethods::replace(const std::string& from, const std::string& to, Location where) const {
  return str(expr_, {.op = StrOp::replace, .pattern = from, .replacement = to, .regex = false}, where);
}
Series StringMethods::zfill(std::int64_t width, Location where) const {
  return str(expr_, {.op = StrOp::zfill, .start = width}, where);
}
Series StringMethods::repeat(std::int64_t times, Location where) const {
  return str(expr_, {.op = StrOp::repeat, .start = times}, where);
}
Series StringMethods::removeprefix(const std::string& prefix, Location where) const {
  return str(expr_, {.op = StrOp::removeprefix, .pattern = prefix}, where);
}
Series StringMethods::removesuffix(const std::string& suffix, Location where) const {
  return str(expr_, {.op = StrOp::removesuffix, .pattern = suffix}, where);
}

Series DateMethods::apply(const std::string& method, const std::string& text, Location where) const {
  const SourceScope scope = source_scope(where);
  const DtParams params{parse_dt_op(method), text};
  return Series(elementwise_call({expr_}, table_kernel::dt(params), "dt." + method, text));
}

#define PLAIT_METHOD(name) \
  Series DateMethods::name(Location where) const { return apply(#name, "", where); }
PLAIT_METHOD(year)
PLAIT_METHOD(month)
PLAIT_METHOD(day)
PLAIT_METHOD(hour)
PLAIT_METHOD(minute)
PLAIT_METHOD(second)
PLAIT_METHOD(dayofweek)
PLAIT_METHOD(dayofyear)
PLAIT_METHOD(quarter)
PLAIT_METHOD(day_name)
PLAIT_METHOD(month_name)
PLAIT_METHOD(normalize)
PLAIT_METHOD(total_seconds)
#undef PLAIT_METHOD
#define PLAIT_METHOD(name)                                                       \
  Series DateMethods::name(const std::string& frequency, Location where) const { \
    return apply(#name, frequency, where);                                       \
  }
PLAIT_METHOD(floor)
PLAIT_METHOD(ceil)
PLAIT_METHOD(round)
#undef PLAIT_METHOD

std::ostream& operator<<(std::ostream& out, const Series& series) {
  return out << "Series " << series.name() << " of " << series.dtype() << " in " << series.npartitions()
             << (series.npartitions() == 1 ? " partition" : " partitions");
}
std::ostream& operator<<(std::ostream& out, const Scalar& scalar) { return out << "Scalar of " << scalar.dtype(); }

}  // namespace plait
