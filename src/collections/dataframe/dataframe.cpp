#include "plait/dataframe.h"

#include <ostream>

#include "collections/dataframe/frame_building.h"
#include "collections/dataframe/merge.h"
#include "collections/dataframe/read_csv.h"
#include "collections/dataframe/read_parquet.h"
#include "collections/dataframe/reductions.h"
#include "collections/dataframe/repartition.h"
#include "collections/dataframe/sources.h"
#include "collections/dataframe/write_files.h"
#include "collections/start.h"
#include "expr/plan.h"
#include "kernels/table/columns.h"

namespace plait {
namespace {

Series reduced(const ExprPtr& expr, Reduction reduction, std::int64_t ddof = 1) {
  return Series(reduce_expr(expr, {.reduction = reduction, .ddof = static_cast<int>(ddof), .numeric_only = false}));
}

std::map<std::string, ColumnType> parse_types(const std::map<std::string, std::string>& dtypes) {
  std::map<std::string, ColumnType> types;
  for (const auto& [column, text] : dtypes) types[column] = parse_column_type(text);
  return types;
}

JoinParams join_params(const DataFrame& left, const DataFrame& right, const MergeOptions& options) {
  JoinParams params{.how = parse_join_how(options.how),
                    .left_suffix = options.suffixes.first,
                    .right_suffix = options.suffixes.second};
  params.left_on = options.on.empty() ? options.left_on : options.on;
  params.right_on = options.on.empty() ? options.right_on : options.on;
  if (params.left_on.empty() && params.right_on.empty()) {
    const auto of_right = right.columns();
    for (const std::string& column : left.columns()) {
      if (std::find(of_right.begin(), of_right.end(), column) != of_right.end()) params.left_on.push_back(column);
    }
    if (params.left_on.empty())
      throw value_error("merge: the frames have no column in common; say on=, or left_on= and right_on=");
    params.right_on = params.left_on;
  }
  if (params.left_on.size() != params.right_on.size()) {
    throw value_error("merge: left_on names " + std::to_string(params.left_on.size()) + " columns, right_on " +
                      std::to_string(params.right_on.size()));
  }
  require_columns(left.expr(), params.left_on, "merge, left side");
  require_columns(right.expr(), params.right_on, "merge, right side");
  return params;
}

}  // namespace

DataFrame::DataFrame(std::shared_ptr<const Expr> expr) : expr_(std::move(expr)) {}

DataFrame DataFrame::from_table(const Table& table, std::int64_t npartitions) {
  start();
  return DataFrame(from_table_expr(table, npartitions));
}

std::vector<std::string> DataFrame::columns() const { return frame_meta(expr_).empty().names(); }

std::vector<std::pair<std::string, std::string>> DataFrame::dtypes() const {
  const Table& empty = frame_meta(with_latest_schemas(expr_)).empty();
  std::vector<std::pair<std::string, std::string>> types;
  for (const std::string& column : empty.names()) types.emplace_back(column, plait::name(empty.type(column)));
  return types;
}

std::int64_t DataFrame::npartitions() const { return frame_meta(expr_).npartitions(); }

Series DataFrame::operator[](const std::string& column) const {
  require_columns(expr_, {column}, "DataFrame");
  return Series(select_column(expr_, column));
}
Series DataFrame::operator[](const char* column) const { return (*this)[std::string(column)]; }
DataFrame DataFrame::operator[](const std::vector<std::string>& columns) const {
  require_columns(expr_, columns, "DataFrame");
  return DataFrame(select_columns(expr_, columns));
}
DataFrame DataFrame::operator[](std::initializer_list<const char*> columns) const {
  return (*this)[std::vector<std::string>(columns.begin(), columns.end())];
}
DataFrame DataFrame::operator[](const Series& mask) const { return DataFrame(filter_expr(expr_, mask.expr())); }

DataFrame DataFrame::assign(const std::string& column, const Series& values) const {
  return DataFrame(assign_expr(expr_, column, {values.expr(), {}}));
}
DataFrame DataFrame::assign(const std::string& column, const Literal& value) const {
  return DataFrame(assign_expr(expr_, column, {nullptr, value}));
}
DataFrame DataFrame::drop(const std::vector<std::string>& columns) const {
  return DataFrame(drop_expr(expr_, columns));
}
DataFrame DataFrame::rename(const std::map<std::string, std::string>& columns) const {
  return DataFrame(make_expr<Rename>(expr_, columns));
}
DataFrame DataFrame::astype(const std::map<std::string, std::string>& dtypes) const {
  std::vector<std::string> named;
  for (const auto& [column, text] : dtypes) named.push_back(column);
  require_columns(expr_, named, "astype");
  const CallTraits traits{.rowwise = true, .keeps_rows = true};
  return DataFrame(make_expr<PartitionCall>(std::vector{expr_}, table_kernel::astype(AstypeParams{parse_types(dtypes)}),
                                            std::string("astype"), "", traits));
}
DataFrame DataFrame::fillna(const Literal& value) const {
  return DataFrame(
      elementwise_call({expr_}, table_kernel::fillna(FillnaParams{{{"", value}}}), "fillna", to_string(value)));
}
DataFrame DataFrame::dropna(const std::vector<std::string>& subset) const {
  require_columns(expr_, subset, "dropna");
  return DataFrame(dropna_expr(expr_, subset));
}
DataFrame DataFrame::drop_duplicates(const std::vector<std::string>& subset) const {
  require_columns(expr_, subset, "drop_duplicates");
  return DataFrame(drop_duplicates_expr(expr_, {.subset = subset}));
}
DataFrame DataFrame::reset_index(bool drop) const { return DataFrame(reset_index_expr(expr_, drop)); }

GroupBy DataFrame::groupby(const std::string& by) const { return GroupBy(expr_, {by}); }
GroupBy DataFrame::groupby(const char* by) const { return GroupBy(expr_, {by}); }
GroupBy DataFrame::groupby(const std::vector<std::string>& by) const { return GroupBy(expr_, by); }

GroupBy DataFrame::groupby(std::initializer_list<const char*> by) const {
  return GroupBy(expr_, std::vector<std::string>(by.begin(), by.end()));
}

DataFrame DataFrame::merge(const DataFrame& right, const MergeOptions& options) const {
  return DataFrame(make_expr<Merge>(expr_, right.expr(), join_params(*this, right, options)));
}
DataFrame DataFrame::sort_values(const std::vector<std::string>& by, bool ascending) const {
  require_columns(expr_, by, "sort_values");
  return DataFrame(make_expr<SortValues>(expr_, SortParams{.by = by, .ascending = {ascending}}));
}
DataFrame DataFrame::nlargest(std::int64_t n, const std::vector<std::string>& columns) const {
  require_columns(expr_, columns, "nlargest");
  return DataFrame(top_expr(expr_, {.n = n, .by = columns, .largest = true}));
}
DataFrame DataFrame::nsmallest(std::int64_t n, const std::vector<std::string>& columns) const {
  require_columns(expr_, columns, "nsmallest");
  return DataFrame(top_expr(expr_, {.n = n, .by = columns, .largest = false}));
}
DataFrame DataFrame::repartition(std::int64_t npartitions) const {
  return DataFrame(repartition_expr(expr_, npartitions));
}
DataFrame DataFrame::describe() const { return DataFrame(describe_expr(expr_, {})); }

Series DataFrame::sum() const { return reduced(expr_, Reduction::sum); }
Series DataFrame::mean() const { return reduced(expr_, Reduction::mean); }
Series DataFrame::count() const { return reduced(expr_, Reduction::count); }
Series DataFrame::min() const { return reduced(expr_, Reduction::min); }
Series DataFrame::max() const { return reduced(expr_, Reduction::max); }
Series DataFrame::var(std::int64_t ddof) const { return reduced(expr_, Reduction::var, ddof); }
Series DataFrame::std(std::int64_t ddof) const { return reduced(expr_, Reduction::std, ddof); }
Series DataFrame::nunique() const { return reduced(expr_, Reduction::nunique); }

Table DataFrame::head(std::int64_t n) const { return head_rows(expr_, n); }
Table DataFrame::tail(std::int64_t n) const { return tail_rows(expr_, n); }
std::int64_t DataFrame::size() const { return count_rows(expr_); }
Table DataFrame::compute() const { return compute_table(expr_); }
DataFrame DataFrame::persist() const { return DataFrame(plait::persist({expr_}).front()); }
std::string DataFrame::explain() const { return plait::explain({expr_}); }

std::vector<std::string> DataFrame::to_csv(const std::string& path, bool index) const {
  const auto names = part_names(path, npartitions(), ".part");
  compute_table(make_expr<WriteFiles>(expr_, names, std::vector<TableCsvOptions>{{.index = index}}));
  return names;
}
std::vector<std::string> DataFrame::to_parquet(const std::string& path) const {
  std::vector<std::string> names = part_names(path + "/part.*.parquet", npartitions(), "");
  compute_table(make_expr<WriteFiles>(expr_, names, std::vector<TableCsvOptions>{}));
  return names;
}

DataFrame read_parquet(const std::string& path, const ReadParquetOptions& options) {
  start();
  return DataFrame(read_parquet_expr({path}, options.columns));
}

DataFrame read_csv(const std::string& path, const ReadCsvOptions& options) {
  return read_csv(std::vector{path}, options);
}

DataFrame read_csv(const std::vector<std::string>& paths, const ReadCsvOptions& options) {
  start();
  CsvOptions csv;
  csv.sep = options.sep;
  if (!options.header) csv.header = CsvOptions::kNoHeader;
  csv.names = options.names;
  csv.dtype = options.dtype;
  csv.parse_dates = options.parse_dates;
  csv.na_values = options.na_values;
  csv.assume_missing = options.assume_missing;
  const std::int64_t blocksize =
      options.blocksize == 0 ? default_csv_blocksize() : std::max<std::int64_t>(options.blocksize, 0);
  return DataFrame(read_csv_expr(paths, csv, blocksize, options.usecols));
}

DataFrame concat(const std::vector<DataFrame>& frames) {
  std::vector<ExprPtr> exprs;
  for (const DataFrame& frame : frames) exprs.push_back(frame.expr());
  return DataFrame(make_expr<Concat>(std::move(exprs), true));
}

std::ostream& operator<<(std::ostream& out, const DataFrame& frame) {
  out << "DataFrame in " << frame.npartitions() << (frame.npartitions() == 1 ? " partition:" : " partitions:");
  for (const auto& [column, dtype] : frame.dtypes()) out << "\n  " << column << "  " << dtype;
  return out;
}

}  // namespace plait
