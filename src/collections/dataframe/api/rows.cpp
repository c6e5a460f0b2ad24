// Rows in partitions: what frames, series and indexes share.
#include <fmt/format.h>

#include "collections/dataframe/align.h"
#include "collections/dataframe/api/building.h"
#include "collections/dataframe/reductions.h"
#include "collections/dataframe/repartition.h"
#include "collections/dataframe/sources.h"
#include "kernels/table/columns.h"
#include "kernels/table/elementwise.h"
#include "kernels/table/native_types.h"
#include "kernels/table/replace.h"
#include "plait/dataframe.h"

namespace plait {
namespace {

ExprPtr where_plan(const FrameBase& self, const FrameBase& condition, const FrameOperand& other, bool invert) {
  const SourceScope scope = source_scope(other.where());
  const std::string label = invert ? "mask" : "where";
  std::vector<ExprPtr> inputs{self.expr(), condition.expr()};
  WhereParams params{.invert = invert};
  if (other.expr())
    inputs.push_back(other.expr());
  else
    params.other = other.literal();
  if (params.other) require_native_where(self.meta(), *params.other, label);
  inputs = aligned(std::move(inputs), AlignHow::left, label);
  return elementwise_call(std::move(inputs), table_kernel::where(std::move(params)), label);
}

ExprPtr filter_plan(const FrameBase& self, const FrameBase& condition, Location where) {
  const SourceScope scope = source_scope(where);
  const Table meta = condition.meta();
  const ColumnType& type = meta.schema().columns.front().type;
  require_native({self.meta(), meta});
  if (meta.form() == TableForm::frame || type.kind != TypeKind::bool_) {
    throw type_error(
        fmt::format("rows are selected by a series of True and False; found values of type {}", name(type)));
  }
  const auto rows = aligned({self.expr(), condition.expr()}, AlignHow::left_and_whole, "getitem");
  return make_expr<Filter>(rows[0], rows[1], true);
}

ExprPtr end_plan(const FrameBase& self, std::int64_t n, std::int64_t npartitions, bool first, Location where) {
  const SourceScope scope = source_scope(where);
  const std::int64_t all = self.npartitions();
  if (npartitions == -1) npartitions = all;
  if (npartitions < 1 || npartitions > all)
    throw value_error(fmt::format("only {} partitions, {} received {}", all, first ? "head" : "tail", npartitions));
  require_native({self.meta()});
  return first ? head_expr(self.expr(), n, npartitions) : tail_expr(self.expr(), n, npartitions);
}

// Partition after partition until there are enough rows.
template <class Self>
Table end_rows(const Rows<Self>& self, std::int64_t n, bool first, const RunSettings& settings) {
  const std::int64_t all = self.npartitions();
  for (std::int64_t npartitions = n < 0 ? all : 1;; npartitions = self.more_partitions(npartitions)) {
    Table rows = Self(end_plan(self, n, npartitions, first, Location())).compute(settings);
    if (npartitions >= all || rows.num_rows() >= n) return rows;
  }
}

}  // namespace

template <class Self>
Self Rows<Self>::persist(const RunSettings& settings) const {
  return Self(detail::persist_plans({expr_}, settings).front());
}

template <class Self>
Self Rows<Self>::unary(const std::string& op, Location where) const {
  return Self(detail::unary_plan(op, *this, where));
}

template <class Self>
Self Rows<Self>::round(std::int64_t decimals, Location where) const {
  const SourceScope scope = source_scope(where);
  return Self(elementwise_call({expr_}, table_kernel::round(RoundParams{static_cast<int>(decimals)}), "round",
                               std::to_string(decimals)));
}

template <class Self>
Self Rows<Self>::clip(const std::optional<Literal>& lower, const std::optional<Literal>& upper, Location where) const {
  const SourceScope scope = source_scope(where);
  require_native_clip(meta(), lower, upper);
  return Self(elementwise_call({expr_}, table_kernel::clip(ClipParams{lower, upper}), "clip"));
}

template <class Self>
Self Rows<Self>::fillna(const FrameOperand& value) const {
  if (!value.expr()) return fillna(std::map<std::string, Literal>{{"", value.literal()}}, value.where());
  const SourceScope scope = source_scope(value.where());
  return Self(elementwise_call(aligned({expr_, value.expr()}, AlignHow::left, "fillna"), table_kernel::fillna_from(),
                               "fillna"));
}

template <class Self>
Self Rows<Self>::fillna(const std::map<std::string, Literal>& values, Location where) const {
  const SourceScope scope = source_scope(where);
  FillnaParams params;
  const Table& known = frame_meta(expr_).empty();
  for (const auto& [column, value] : values) {
    for (const std::string& name : known.names()) {
      if (column.empty() || column == name) require_fitting("fillna", known, name, value);
    }
    // Columns that are not there are ignored, as pandas does.
    if (column.empty() || known.has(column)) params.values[column] = value;
  }
  const std::string text = values.size() == 1 ? to_string(values.begin()->second) : "";
  return Self(elementwise_call({expr_}, table_kernel::fillna(std::move(params)), "fillna", text));
}

template <class Self>
Self Rows<Self>::where(const FrameBase& condition, const FrameOperand& other) const {
  return Self(where_plan(*this, condition, other, false));
}
template <class Self>
Self Rows<Self>::mask(const FrameBase& condition, const FrameOperand& other) const {
  return Self(where_plan(*this, condition, other, true));
}

template <class Self>
Self Rows<Self>::isin(const std::vector<Literal>& values, Location where) const {
  const SourceScope scope = source_scope(where);
  require_native_isin(meta(), values);
  return Self(elementwise_call({expr_}, table_kernel::isin(IsinParams{values}), "isin"));
}

template <class Self>
Self Rows<Self>::replace(const Replacements& values, Location where) const {
  return replace(std::map<std::string, Replacements>{{"", values}}, where);
}
template <class Self>
Self Rows<Self>::replace(const std::map<std::string, Replacements>& values, Location where) const {
  const SourceScope scope = source_scope(where);
  return Self(elementwise_call({expr_}, table_kernel::replace(ReplaceParams{values}), "replace"));
}

template <class Self>
Self Rows<Self>::astype(const std::string& dtype, Location where) const {
  const SourceScope scope = source_scope(where);
  const ColumnType type = parse_column_type(dtype);
  const Table known = meta();
  for (const std::string& column : known.names()) require_native_astype(known.type(column), type);
  return Self(elementwise_call({expr_}, table_kernel::astype(AstypeParams{{{"", type}}}), "astype", dtype));
}

template <class Self>
Self Rows<Self>::filter(const Series& condition, Location where) const {
  return Self(filter_plan(*this, condition, where));
}
template <class Self>
Self Rows<Self>::operator[](const Series& condition) const {
  return Self(filter_plan(*this, condition, Location()));
}

template <class Self>
Index Rows<Self>::index(Location where) const {
  const SourceScope scope = source_scope(where);
  return Index(relabelled(expr_, table_kernel::index_of(), "index", {.rowwise = true, .keeps_rows = true}));
}

template <class Self>
Scalar Rows<Self>::length(Location where) const {
  const SourceScope scope = source_scope(where);
  return Scalar(length_expr(expr_));
}
template <class Self>
std::int64_t Rows<Self>::size(const RunSettings& settings) const {
  return std::get<std::int64_t>(length().item(settings));
}

template <class Self>
Table Rows<Self>::head(std::int64_t n, const RunSettings& settings) const {
  return end_rows(*this, n, true, settings);
}
template <class Self>
Table Rows<Self>::tail(std::int64_t n, const RunSettings& settings) const {
  return end_rows(*this, n, false, settings);
}
template <class Self>
Self Rows<Self>::lazy_head(std::int64_t n, std::int64_t npartitions, Location where) const {
  return Self(end_plan(*this, n, npartitions, true, where));
}
template <class Self>
Self Rows<Self>::lazy_tail(std::int64_t n, std::int64_t npartitions, Location where) const {
  return Self(end_plan(*this, n, npartitions, false, where));
}
template <class Self>
std::int64_t Rows<Self>::more_partitions(std::int64_t npartitions) const {
  return std::min(this->npartitions(), npartitions * 4);
}

template <class Self>
Self Rows<Self>::repartition(std::int64_t npartitions, Location where) const {
  const SourceScope scope = source_scope(where);
  require_native({meta()});
  return Self(repartition_expr(expr_, npartitions));
}
template <class Self>
Self Rows<Self>::partitions(const std::vector<std::int64_t>& numbers, Location where) const {
  const SourceScope scope = source_scope(where);
  return Self(make_expr<Partitions>(expr_, numbers));
}

template <class Self>
typename Rows<Self>::Reduced Rows<Self>::reduce(const std::string& function, const ReductionOptions& how,
                                                Location where) const {
  const SourceScope scope = source_scope(where);
  const ReduceParams params{parse_reduction(function), how.skipna, how.ddof, how.min_count, how.numeric_only};
  require_native_reduction(meta(), params);
  return Reduced(reduce_expr(expr_, params));
}

#define PLAIT_REDUCTION(function)                                                                        \
  template <class Self>                                                                                  \
  typename Rows<Self>::Reduced Rows<Self>::function(const ReductionOptions& how, Location where) const { \
    return reduce(#function, how, where);                                                                \
  }
PLAIT_REDUCTION(sum)
PLAIT_REDUCTION(prod)
PLAIT_REDUCTION(mean)
PLAIT_REDUCTION(count)
PLAIT_REDUCTION(min)
PLAIT_REDUCTION(max)
PLAIT_REDUCTION(var)
PLAIT_REDUCTION(std)
PLAIT_REDUCTION(sem)
PLAIT_REDUCTION(any)
PLAIT_REDUCTION(all)
PLAIT_REDUCTION(nunique)
#undef PLAIT_REDUCTION

template <class Self>
typename Rows<Self>::Reduced Rows<Self>::quantile(double q, Location where) const {
  const SourceScope scope = source_scope(where);
  return Reduced(quantile_expr(expr_, {{q}, true}));
}

template class Rows<DataFrame>;
template class Rows<Series>;
template class Rows<Index>;

}  // namespace plait
