// DataFrame: columns and rows.
#include "plait/dataframe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ostream>

#include "collections/dataframe/align.h"
#include "collections/dataframe/api/building.h"
#include "collections/dataframe/distinct_rows.h"
#include "collections/dataframe/merge.h"
#include "collections/dataframe/partition_size.h"
#include "collections/dataframe/reductions.h"
#include "collections/dataframe/set_index.h"
#include "collections/dataframe/sources.h"
#include "collections/start.h"
#include "kernels/table/columns.h"
#include "kernels/table/elementwise.h"
#include "kernels/table/native_types.h"
#include "kernels/table/rows.h"

namespace plait {
namespace {

constexpr CallTraits kLabels{.rowwise = true, .keeps_rows = true};

DataFrame top(const DataFrame& frame, std::int64_t n, const std::vector<std::string>& columns, bool largest,
              Location where) {
  const SourceScope scope = source_scope(where);
  const std::string method = largest ? "nlargest" : "nsmallest";
  frame.require_columns(columns, method);
  require_order(frame.meta(), columns, method);
  return DataFrame(top_expr(frame.expr(), {.n = n, .by = columns, .largest = largest}));
}

}  // namespace

DataFrame DataFrame::from_table(const Table& table, std::int64_t npartitions, Location where) {
  return from_table(table, CutOptions{.npartitions = npartitions}, where);
}
DataFrame DataFrame::from_table(const Table& table, const CutOptions& how, Location where) {
  start();
  const SourceScope scope = source_scope(where);
  return DataFrame(from_table_expr(table.with_form(TableForm::frame), how));
}

std::vector<std::string> DataFrame::columns() const { return frame_meta(expr_).empty().names(); }

std::vector<std::pair<std::string, std::string>> DataFrame::dtypes() const {
  const Table known = latest_meta();
  std::vector<std::pair<std::string, std::string>> types;
  for (const std::string& column : known.names()) types.emplace_back(column, plait::name(known.type(column)));
  return types;
}

void DataFrame::require_columns(const std::vector<std::string>& columns, const std::string& what) const {
  plait::require_columns(expr_, columns, what);
}

Series DataFrame::column(const std::string& name, Location where) const {
  const SourceScope scope = source_scope(where);
  require_columns({name});
  return Series(select_column(expr_, name));
}
DataFrame DataFrame::select(const std::vector<std::string>& columns, Location where) const {
  const SourceScope scope = source_scope(where);
  require_columns(columns);
  return DataFrame(select_columns(expr_, columns));
}
Series DataFrame::operator[](const std::string& column) const { return this->column(column, Location()); }
Series DataFrame::operator[](const char* column) const { return this->column(column, Location()); }
DataFrame DataFrame::operator[](const std::vector<std::string>& columns) const { return select(columns, Location()); }
DataFrame DataFrame::operator[](std::initializer_list<const char*> columns) const {
  return select(std::vector<std::string>(columns.begin(), columns.end()), Location());
}

DataFrame DataFrame::assign(const std::string& column, const FrameOperand& value) const {
  const SourceScope scope = source_scope(value.where());
  std::vector<std::optional<Literal>> literals{std::nullopt};
  std::vector<ExprPtr> values;
  ExprPtr frame = expr_;
  if (value.expr()) {
    const auto rows = aligned({expr_, value.expr()}, AlignHow::left, fmt::format("assignment of column '{}'", column));
    frame = rows[0];
    values.push_back(rows[1]);
  } else {
    literals.front() = value.literal();
  }
  return DataFrame(make_expr<Assign>(std::move(frame), std::vector{column}, std::move(literals), std::move(values)));
}
DataFrame DataFrame::drop(const std::vector<std::string>& columns, Location where) const {
  const SourceScope scope = source_scope(where);
  require_columns(columns, "drop");
  std::vector<std::string> kept = this->columns();
  std::erase_if(kept,
                [&](const std::string& c) { return std::find(columns.begin(), columns.end(), c) != columns.end(); });
  return DataFrame(select_columns(expr_, std::move(kept)));
}
DataFrame DataFrame::rename(const std::map<std::string, std::string>& columns, Location where) const {
  const SourceScope scope = source_scope(where);
  return DataFrame(make_expr<Rename>(expr_, columns));
}
DataFrame DataFrame::rename_index(const std::map<std::string, std::string>& levels, Location where) const {
  const SourceScope scope = source_scope(where);
  return DataFrame(relabelled(expr_, table_kernel::rename(RenameParams{levels, true}), "rename_axis", kLabels));
}
DataFrame DataFrame::set_columns(const std::vector<std::string>& names, Location where) const {
  const SourceScope scope = source_scope(where);
  return DataFrame(relabelled(expr_, table_kernel::set_names(SetNamesParams{names}), "set_names", kLabels));
}
DataFrame DataFrame::astype(const std::map<std::string, std::string>& dtypes, Location where) const {
  const SourceScope scope = source_scope(where);
  const Table known = meta();
  AstypeParams params;
  for (const auto& [column, text] : dtypes) {
    require_columns({column}, "astype");
    params.types[column] = parse_column_type(text);
    require_native_astype(known.type(column), params.types[column]);
  }
  return DataFrame(relabelled(expr_, table_kernel::astype(std::move(params)), "astype", kLabels));
}

DataFrame DataFrame::dropna(const std::vector<std::string>& subset, Location where) const {
  return dropna(DropnaOptions{.subset = subset}, where);
}
DataFrame DataFrame::dropna(const DropnaOptions& how, Location where) const {
  const SourceScope scope = source_scope(where);
  require_columns(how.subset, "dropna");
  const KernelCall kernel = table_kernel::dropna(DropnaParams{how.subset, how.all, how.thresh});
  return DataFrame(make_expr<PartitionCall>(std::vector{expr_}, kernel, std::string("dropna"),
                                            fmt::format("{}", how.subset), CallTraits{.rowwise = true}));
}
DataFrame DataFrame::drop_duplicates(const std::vector<std::string>& subset, Location where) const {
  return drop_duplicates(DropDuplicatesOptions{.subset = subset}, where);
}
DataFrame DataFrame::drop_duplicates(const DropDuplicatesOptions& how, Location where) const {
  const SourceScope scope = source_scope(where);
  require_columns(how.subset, "drop_duplicates");
  const ExprPtr rows = drop_duplicates_expr(expr_, {how.subset, parse_keep(how.keep)});
  return DataFrame(how.ignore_index ? numbered_expr(rows) : rows);
}

DataFrame DataFrame::sort_values(const std::vector<std::string>& by, bool ascending, Location where) const {
  return sort_values(by, SortOptions{.ascending = {ascending}}, where);
}
DataFrame DataFrame::sort_values(const std::vector<std::string>& by, const SortOptions& how, Location where) const {
  const SourceScope scope = source_scope(where);
  require_columns(by, "sort_values");
  if (how.ascending.size() != 1 && how.ascending.size() != by.size())
    throw value_error(fmt::format("Length of ascending ({}) != length of by ({})", how.ascending.size(), by.size()));
  return DataFrame(sort_expr(expr_, SortParams{by, how.ascending, how.na_first, how.ignore_index}));
}
DataFrame DataFrame::nlargest(std::int64_t n, const std::vector<std::string>& columns, Location where) const {
  return top(*this, n, columns, true, where);
}
DataFrame DataFrame::nsmallest(std::int64_t n, const std::vector<std::string>& columns, Location where) const {
  return top(*this, n, columns, false, where);
}
DataFrame DataFrame::set_index(const std::string& column, const SetIndexOptions& how, Location where) const {
  const SourceScope scope = source_scope(where);
  require_columns({column}, "set_index");
  if (!how.drop) {
    // A level named like a column (plait/table.h).
    SetIndexOptions rest = how;
    rest.drop = true;
    const std::string level = std::string(kIndexPrefix) + column;
    return assign(level, FrameOperand(this->column(column, where), where)).set_index(level, rest, where);
  }
  const bool sorts = how.sort && !how.sorted;
  if (sorts && !how.divisions.empty()) return DataFrame(make_expr<SetIndex>(expr_, column, how.divisions));
  const DataFrame rows = sorts ? sort_values({column}, true, where) : *this;
  const CallTraits traits{.rowwise = true, .keeps_divisions = false};
  const ExprPtr labelled =
      relabelled(rows.expr(), table_kernel::set_index(SetIndexParams{{column}, true}), "set_index", traits);
  if (how.divisions.empty()) return DataFrame(labelled);
  return DataFrame(make_expr<WithDivisions>(labelled, how.divisions));
}
Series DataFrame::index_borders(const std::string& column, std::int64_t npartitions, Location where) const {
  const SourceScope scope = source_scope(where);
  require_columns({column}, "set_index");
  if (npartitions == -1)
    npartitions = partitions_within_budget(this->npartitions(), frame_meta(expr_).estimated_bytes());
  if (npartitions < 1)
    throw value_error(fmt::format("set_index: npartitions must be at least 1, found {}", npartitions));
  return Series(index_borders_expr(expr_, column, npartitions));
}
DataFrame DataFrame::reset_index(bool drop, Location where) const {
  const SourceScope scope = source_scope(where);
  const Table known = meta();
  std::vector<std::string> levels = known.index().columns;
  levels.push_back(known.index().range_name);
  std::vector<std::string> columns = known.names();
  for (const std::string& level : levels) {
    std::string name = level;
    while (name.starts_with(kIndexPrefix)) name.erase(0, kIndexPrefix.size());
    if (!drop && std::find(columns.begin(), columns.end(), name) != columns.end())
      throw value_error(
          fmt::format("cannot insert {}, already exists: drop the index, or rename the column first", name));
    columns.push_back(std::move(name));
  }
  const CallTraits traits{.rowwise = true, .makes_index = drop, .keeps_divisions = false, .numbers_rows = true};
  return DataFrame(relabelled(expr_, table_kernel::reset_index(ResetIndexParams{drop}), "reset_index", traits));
}

DataFrame DataFrame::quantiles(const std::vector<double>& q, Location where) const {
  const SourceScope scope = source_scope(where);
  return DataFrame(quantile_expr(expr_, {q, false}));
}
DataFrame DataFrame::describe(const std::vector<double>& percentiles, Location where) const {
  const SourceScope scope = source_scope(where);
  return DataFrame(describe_plan(expr_, percentiles));
}

std::ostream& operator<<(std::ostream& out, const DataFrame& frame) {
  out << "DataFrame in " << frame.npartitions() << (frame.npartitions() == 1 ? " partition:" : " partitions:");
  for (const auto& [column, dtype] : frame.dtypes()) out << "\n  " << column << "  " << dtype;
  return out;
}

}  // namespace plait
