// Groups of rows.
#include "plait/groupby.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/contains.h"
#include "collections/dataframe/api/building.h"
#include "collections/dataframe/group_rows.h"
#include "collections/dataframe/merge.h"
#include "collections/dataframe/reductions.h"
#include "kernels/table/columns.h"
#include "kernels/table/key_parts.h"
#include "kernels/table/native_types.h"
#include "kernels/table/statistics_kernels.h"
#include "plait/dataframe.h"

namespace plait {
namespace {

bool is_level(const Table& table, const std::string& name) {
  const auto& levels = table.index().columns;
  return std::find(levels.begin(), levels.end(), name) != levels.end();
}

// A series that is one of the frame's columns is that column.
bool is_column(const ExprPtr& frame, const std::string& name, const ExprPtr& series) {
  return frame_meta(frame).empty().has(name) && select_column(frame, name)->token() == series->token();
}

// What an index level is called in the engine.
std::string level_name(const std::string& name, std::size_t level) {
  return name == kUnnamed ? "__index_level_" + std::to_string(level) + "__" : name;
}

// A kernel that makes other rows of those of each partition, under other labels.
ExprPtr on_partitions(ExprPtr rows, KernelCall kernel, const std::string& label) {
  return make_expr<PartitionCall>(std::vector{std::move(rows)}, std::move(kernel), label, std::string(),
                                  CallTraits{.keeps_divisions = false, .reads_index = true});
}

// Several levels may have one name, which may be a column's, too.
std::string free_name(std::string level, const std::set<std::string>& taken) {
  while (taken.contains(level)) level = std::string(kIndexPrefix) + level;
  return level;
}

}  // namespace

GroupKey::GroupKey(const Series& values) : name_(values.meta().names().front()), expr_(values.expr()) {}

GroupBy::GroupBy(const DataFrame& frame, const std::vector<GroupKey>& by, const GroupByOptions& options,
                 std::vector<std::string> columns, Location where)
    : frame_(frame.expr()), options_(options), columns_(std::move(columns)) {
  const SourceScope scope = source_scope(where);
  if (by.empty()) throw value_error("groupby: no keys were given; expected at least one column");
  for (std::size_t i = 0; i < by.size(); ++i) {
    const GroupKey& key = by[i];
    if (!key.expr() || is_column(frame_, key.name(), key.expr())) {
      if (!is_level(frame.meta(), key.name())) frame.require_columns({key.name()}, "groupby");
      keys_.push_back(key.name());
      key_names_.push_back(level_name(key.shown(), i));
      continue;
    }
    keys_.push_back("__by_" + std::to_string(i) + "__");
    key_names_.push_back(level_name(key.name(), i));
    frame_ = DataFrame(frame_).assign(keys_.back(), FrameOperand(Series(key.expr()), where)).expr();
  }
  frame.require_columns(columns_, "groupby");
}

GroupBy GroupBy::operator[](const std::vector<std::string>& columns) const {
  frame().require_columns(columns, "groupby");
  GroupBy chosen = *this;
  chosen.columns_ = columns;
  return chosen;
}
GroupBy GroupBy::operator[](const std::string& column) const { return (*this)[std::vector{column}]; }
GroupBy GroupBy::operator[](std::initializer_list<const char*> columns) const {
  return (*this)[std::vector<std::string>(columns.begin(), columns.end())];
}
GroupBy GroupBy::operator[](const char* column) const { return (*this)[std::string(column)]; }

DataFrame GroupBy::frame() const { return DataFrame(frame_); }

std::vector<std::string> GroupBy::value_columns() const {
  if (!columns_.empty()) return columns_;
  std::vector<std::string> columns = frame_meta(frame_).empty().names();
  std::erase_if(columns, [&](const std::string& c) { return std::find(keys_.begin(), keys_.end(), c) != keys_.end(); });
  return columns;
}

ExprPtr GroupBy::grouped(const std::vector<NamedAggregate>& aggregates, bool as_series) const {
  const Table known = frame_meta(frame_).empty();
  require_native({known});
  GroupBySpec spec{.keys = keys_,
                   .sort = options_.sort,
                   .dropna = options_.dropna,
                   .observed = options_.observed,
                   .as_index = options_.as_index,
                   .as_series = as_series};
  std::map<std::string, ColumnType> wider;  // sizes of groups of nullable columns
  for (const NamedAggregate& aggregate : aggregates) {
    const Aggregation function = parse_aggregation(aggregate.function);
    if ((function == Aggregation::cov || function == Aggregation::corr) && aggregate.other.empty())
      throw value_error(
          fmt::format("{} takes two columns; say the other one, or call it of the groups", name(function)));
    for (const std::string& column : {aggregate.column, aggregate.other}) {
      if (!column.empty()) require_columns(frame_, {column}, "agg");
    }
    if (function == Aggregation::size && !aggregate.column.empty()) {
      const ColumnType type = type_of_sizes(known.type(aggregate.column));
      if (type.family != TypeFamily::numpy) wider[as_series ? "" : aggregate.output] = type;
    }
    spec.aggregates.push_back({.column = function == Aggregation::size ? "" : aggregate.column,
                               .function = function,
                               .output = aggregate.output,
                               .ddof = aggregate.how.ddof,
                               .min_count = aggregate.how.min_count,
                               .other = aggregate.other});
  }
  require_native_groupby(known, spec);
  ExprPtr result = groupby_expr(frame_, std::move(spec));
  std::map<std::string, std::string> levels;
  std::set<std::string> taken;
  for (const NamedAggregate& aggregate : aggregates) taken.insert(aggregate.output);
  for (std::size_t k = 0; k < keys_.size(); ++k) {
    if (keys_[k] != key_names_[k]) levels[keys_[k]] = free_name(key_names_[k], taken);
    taken.insert(keys_[k] != key_names_[k] ? levels[keys_[k]] : keys_[k]);
  }
  constexpr CallTraits kLabels{.rowwise = true, .keeps_rows = true};
  if (!levels.empty())
    result = relabelled(result, table_kernel::rename(RenameParams{levels, true}), "rename_axis", kLabels);
  if (!wider.empty()) result = relabelled(result, table_kernel::astype(AstypeParams{wider}), "astype", kLabels);
  return result;
}

DataFrame GroupBy::rows_in_order(Location where) const {
  const SourceScope scope = source_scope(where);
  return DataFrame(rows_in_order_expr(frame_, keys_));
}

DataFrame GroupBy::rows_together(Location where) const {
  const SourceScope scope = source_scope(where);
  return DataFrame(rows_together_expr(frame_, keys_));
}

DataFrame DataFrame::shuffle(const std::vector<std::string>& on, std::int64_t npartitions, Location where) const {
  const SourceScope scope = source_scope(where);
  for (const std::string& name : on) {
    if (!is_level(meta(), name)) require_columns({name}, "shuffle");
  }
  return DataFrame(shuffle_expr(expr_, on, npartitions));
}

DataFrame DataFrame::with_positions(Location where) const {
  const SourceScope scope = source_scope(where);
  return DataFrame(with_positions_expr(expr_));
}

DataFrame DataFrame::in_place(const FrameBase& rows, bool has_all_rows, Location where) const {
  const SourceScope scope = source_scope(where);
  require_columns({std::string(kPosition)}, "in_place");
  return DataFrame(make_expr<InPlace>(expr_, rows.expr(), has_all_rows));
}

DataFrame GroupBy::aggregate(const std::vector<NamedAggregate>& aggregates, Location where) const {
  const SourceScope scope = source_scope(where);
  return DataFrame(grouped(aggregates, false));
}

DataFrame GroupBy::agg(const AggSpec& spec, Location where) const {
  std::vector<NamedAggregate> aggregates;
  for (const auto& [column, functions] : spec) {
    for (const std::string& function : functions)
      aggregates.push_back({column, function, join_label({column, function})});
  }
  return aggregate(aggregates, where);
}

DataFrame GroupBy::agg(const std::string& function, const AggregateOptions& how, Location where) const {
  const Table known = frame_meta(frame_).empty();
  std::vector<NamedAggregate> aggregates;
  for (const std::string& column : value_columns()) {
    if (!how.numeric_only || is_number_or_bool(known.type(column)))
      aggregates.push_back({column, function, column, how});
  }
  return aggregate(aggregates, where);
}

Series GroupBy::agg_series(const NamedAggregate& aggregate, Location where) const {
  const SourceScope scope = source_scope(where);
  return Series(grouped({aggregate}, true));
}

DataFrame GroupBy::matrices(const std::string& function, const CovarianceOptions& how) const {
  if (how.method != "pearson") throw NoNativeForm("the method '" + how.method + "'");
  const Table known = frame_meta(frame_).empty();
  std::vector<std::string> names = value_columns();
  if (how.numeric_only)
    std::erase_if(names, [&](const std::string& column) { return !is_number_or_bool(known.type(column)); });
  for (const std::string& name : names) {
    if (!is_text_label(name)) throw NoNativeForm("columns whose labels are no text");
  }
  if (names.empty()) throw NoNativeForm("no columns");
  std::vector<NamedAggregate> pairs;
  for (std::size_t x = 0; x < names.size(); ++x) {
    for (std::size_t y = x; y < names.size(); ++y) {
      pairs.push_back({.column = names[x],
                       .function = function,
                       .output = std::to_string(pairs.size()),
                       .how = {.ddof = how.ddof, .min_count = how.min_periods},
                       .other = names[y]});
    }
  }
  return DataFrame(on_partitions(grouped(pairs, false), table_kernel::group_matrices({names}), function));
}

DataFrame GroupBy::cov(const CovarianceOptions& how, Location where) const {
  const SourceScope scope = source_scope(where);
  return matrices("cov", how);
}
DataFrame GroupBy::corr(const CovarianceOptions& how, Location where) const {
  const SourceScope scope = source_scope(where);
  return matrices("corr", how);
}

std::string GroupBy::value_column(const std::string& function) const {
  const std::vector<std::string> columns = value_columns();
  if (columns.size() == 1) return columns.front();
  throw value_error(fmt::format("{}: groups of one column are expected, found {} columns", function, columns.size()));
}

Series GroupBy::top(std::int64_t n, bool largest) const {
  const std::string name = largest ? "nlargest" : "nsmallest";
  const Table known = frame_meta(frame_).empty();
  const std::string column = value_column(name);
  require_native({known});
  require_native_groupby(known, {.keys = keys_, .observed = options_.observed});
  if (!options_.sort) throw NoNativeForm("groups in the order in which they come");
  const ColumnType& type = known.type(column);
  const bool has_order = is_numeric(type.kind) || type.kind == TypeKind::datetime || type.kind == TypeKind::timedelta;
  if (!has_order || type.family == TypeFamily::object) throw NoNativeForm(name + " of type " + plait::name(type));
  GroupTopParams params{
      .keys = keys_, .column = column, .n = n, .largest = largest, .dropna = options_.dropna, .levels = key_names_};
  std::vector<std::string> wanted = {column};
  for (const std::string& key : keys_) {
    if (!is_level(known, key) && !contains(wanted, key)) wanted.push_back(key);
  }
  const ExprPtr candidates = on_partitions(select_columns(frame_, wanted), table_kernel::group_top_rows(params), name);
  return Series(on_partitions(rows_in_order_expr(candidates, keys_), table_kernel::group_top(params), name));
}

Series GroupBy::nlargest(std::int64_t n, Location where) const {
  const SourceScope scope = source_scope(where);
  return top(n, true);
}
Series GroupBy::nsmallest(std::int64_t n, Location where) const {
  const SourceScope scope = source_scope(where);
  return top(n, false);
}

Series GroupBy::value_counts(Location where) const {
  const SourceScope scope = source_scope(where);
  const std::string column = value_column("value_counts");
  if (!options_.sort || !options_.dropna)
    throw NoNativeForm("value_counts of groups in another order, or of missing keys");
  if (contains(keys_, column)) throw NoNativeForm("value_counts of a key");
  if (frame_meta(frame_).empty().type(column).kind == TypeKind::category)
    throw NoNativeForm("value_counts of categories, of which those without rows count, too");
  // Of equally frequent values the one that comes first: pairs stay in the order in which they come.
  GroupBy pairs = *this;
  pairs.keys_.push_back(column);
  pairs.key_names_.push_back(column);
  pairs.options_.sort = false;
  pairs.options_.as_index = true;
  const std::string counts = "__count__";
  const ExprPtr counted = pairs.grouped({{column, "size", counts}}, false);
  std::vector<std::string> by = frame_meta(counted).empty().index().columns;
  if (contains(by, "count")) throw NoNativeForm("value_counts by a key that is called count");
  by.back() = counts;
  std::vector<bool> ascending(by.size(), true);
  ascending.back() = false;
  return Series(select_column(sort_expr(counted, {by, ascending}), counts)).rename("count");
}

Series GroupBy::size(Location where) const { return agg_series({"", "size", std::string(kUnnamed)}, where); }

#define PLAIT_AGGREGATE(function) \
  DataFrame GroupBy::function(const AggregateOptions& how, Location where) const { return agg(#function, how, where); }
PLAIT_AGGREGATE(sum)
PLAIT_AGGREGATE(prod)
PLAIT_AGGREGATE(mean)
PLAIT_AGGREGATE(median)
PLAIT_AGGREGATE(count)
PLAIT_AGGREGATE(min)
PLAIT_AGGREGATE(max)
PLAIT_AGGREGATE(first)
PLAIT_AGGREGATE(last)
PLAIT_AGGREGATE(var)
PLAIT_AGGREGATE(std)
PLAIT_AGGREGATE(sem)
PLAIT_AGGREGATE(any)
PLAIT_AGGREGATE(all)
PLAIT_AGGREGATE(nunique)
#undef PLAIT_AGGREGATE

GroupBy DataFrame::groupby(const GroupKey& by, const GroupByOptions& how, Location where) const {
  return GroupBy(*this, {by}, how, {}, where);
}
GroupBy DataFrame::groupby(const std::vector<GroupKey>& by, const GroupByOptions& how, Location where) const {
  return GroupBy(*this, by, how, {}, where);
}
GroupBy DataFrame::groupby(const std::vector<std::string>& by, const GroupByOptions& how, Location where) const {
  return GroupBy(*this, std::vector<GroupKey>(by.begin(), by.end()), how, {}, where);
}
GroupBy DataFrame::groupby(std::initializer_list<const char*> by, const GroupByOptions& how, Location where) const {
  return GroupBy(*this, std::vector<GroupKey>(by.begin(), by.end()), how, {}, where);
}

}  // namespace plait
