// DataFrame: a lazy table cut into partitions, with pandas' operations.
//
//   auto flights = plait::read_csv("flights-*.csv", {.parse_dates = {"time_hour"}});
//   auto late = flights[flights["dep_delay"] > 60].groupby("carrier").agg({{"dep_delay", {"mean", "count"}}});
//   std::cout << late.compute() << '\n';
//
// Every call returns at once; results follow pandas, partitions follow Dask. What frames share with series stands in
// frame_base.h, series and labels in series.h, groups in groupby.h, options of files in frame_files.h.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "plait/along_rows.h"
#include "plait/frame_base.h"
#include "plait/frame_files.h"
#include "plait/groupby.h"
#include "plait/row_cuts.h"
#include "plait/series.h"

namespace plait {

struct MergeOptions {
  std::vector<std::string> on;  // default: the columns that both sides have
  std::vector<std::string> left_on;
  std::vector<std::string> right_on;
  bool left_index = false;  // the labels of the left side are its key
  bool right_index = false;
  std::string how = "inner";  // "inner", "left", "right", "outer", "leftsemi", "leftanti"
  std::pair<std::string, std::string> suffixes = {"_x", "_y"};
  bool indicator = false;  // a column _merge that says where a row comes from
};

struct SortOptions {
  std::vector<bool> ascending = {true};  // one for all columns, or one each
  bool na_first = false;
  bool ignore_index = false;
};

struct SetIndexOptions {
  bool sorted = false;  // the rows are in this order already
  bool sort = true;     // else they stay where they are
  bool drop = true;     // the column is no longer one
  // The labels at which partitions begin, and the last one. None: they are not known, as nothing is computed here;
  // index_borders finds them. With `sorted`, the partitions are cut there already.
  std::vector<Literal> divisions = {};
};

struct DropnaOptions {
  std::vector<std::string> subset;  // empty: every column
  bool all = false;                 // only rows without any value
  std::int64_t thresh = -1;         // keep rows with at least so many values, if not negative
};

struct DropDuplicatesOptions {
  std::vector<std::string> subset;  // empty: every column
  std::string keep = "first";       // "first", "last" or "none" of equal rows
  bool ignore_index = false;
};

class PLAIT_API DataFrame : public Rows<DataFrame>,
                            public LabelledRows<DataFrame>,
                            public AlongRows<DataFrame>,
                            public FrameStatistics<DataFrame> {
 public:
  using Rows::Rows;
  // Rows cut into partitions where Dask cuts them (plait/row_cuts.h).
  static DataFrame from_table(const Table& table, std::int64_t npartitions = 1, Location where = Location::current());
  static DataFrame from_table(const Table& table, const CutOptions& how, Location where = Location::current());

  std::vector<std::string> columns() const;
  // Column to pandas' name of its type.
  std::vector<std::pair<std::string, std::string>> dtypes() const;
  // Throws Error(key) with near names for a column that is not there.
  void require_columns(const std::vector<std::string>& columns, const std::string& what = "DataFrame") const;

  // Columns.
  Series column(const std::string& name, Location where = Location::current()) const;
  DataFrame select(const std::vector<std::string>& columns, Location where = Location::current()) const;
  Series operator[](const std::string& column) const;
  Series operator[](const char* column) const;
  DataFrame operator[](const std::vector<std::string>& columns) const;
  DataFrame operator[](std::initializer_list<const char*> columns) const;
  DataFrame operator[](const Series& condition) const { return filter(condition); }
  DataFrame assign(const std::string& column, const FrameOperand& value) const;
  DataFrame drop(const std::vector<std::string>& columns, Location where = Location::current()) const;
  DataFrame rename(const std::map<std::string, std::string>& columns, Location where = Location::current()) const;
  DataFrame rename_index(const std::map<std::string, std::string>& levels, Location where = Location::current()) const;
  // Every column, by position.
  DataFrame set_columns(const std::vector<std::string>& names, Location where = Location::current()) const;
  using Rows::astype;
  DataFrame astype(const std::map<std::string, std::string>& dtypes, Location where = Location::current()) const;

  // Rows.
  DataFrame dropna(const std::vector<std::string>& subset = {}, Location where = Location::current()) const;
  DataFrame dropna(const DropnaOptions& how, Location where = Location::current()) const;
  DataFrame drop_duplicates(const std::vector<std::string>& subset = {}, Location where = Location::current()) const;
  DataFrame drop_duplicates(const DropDuplicatesOptions& how, Location where = Location::current()) const;
  // Whether a row has been before, by some columns (none: by all).
  Series duplicated(const std::vector<std::string>& subset = {}, const std::string& keep = "first",
                    Location where = Location::current()) const;
  DataFrame sort_values(const std::vector<std::string>& by, bool ascending = true,
                        Location where = Location::current()) const;
  DataFrame sort_values(const std::vector<std::string>& by, const SortOptions& how,
                        Location where = Location::current()) const;
  DataFrame nlargest(std::int64_t n, const std::vector<std::string>& columns,
                     Location where = Location::current()) const;
  DataFrame nsmallest(std::int64_t n, const std::vector<std::string>& columns,
                      Location where = Location::current()) const;
  // The rows sorted by a column, which labels them.
  DataFrame set_index(const std::string& column, const SetIndexOptions& how = {},
                      Location where = Location::current()) const;
  // The values at which set_index would cut the rows into partitions of about equal size, and the last one; fewer where
  // values repeat. One partition; missing values are not among them. -1: as many as suit the rows and the memory
  // budget.
  Series index_borders(const std::string& column, std::int64_t npartitions, Location where = Location::current()) const;
  // Rows with equal keys in one partition; which one depends on the keys and the number of partitions only. 0: as many
  // partitions as before.
  DataFrame shuffle(const std::vector<std::string>& on, std::int64_t npartitions = 0,
                    Location where = Location::current()) const;
  // The rows with where they stand, as a column more: what is made of them and moved goes back with in_place().
  DataFrame with_positions(Location where = Location::current()) const;
  // Rows with positions, where they stood in `rows`, without the positions: all of its rows, or some.
  DataFrame in_place(const FrameBase& rows, bool has_all_rows = true, Location where = Location::current()) const;
  // The labels become columns, or are dropped; rows of each partition count from 0.
  DataFrame reset_index(bool drop = false, Location where = Location::current()) const;

  // Between frames.
  DataFrame merge(const DataFrame& right, const MergeOptions& options = {}, Location where = Location::current()) const;
  // By the labels of both, or by a column and the labels of the other.
  DataFrame join(const DataFrame& right, const std::string& how = "left",
                 const std::pair<std::string, std::string>& suffixes = {"", ""},
                 Location where = Location::current()) const;

  GroupBy groupby(const GroupKey& by, const GroupByOptions& how = {}, Location where = Location::current()) const;
  GroupBy groupby(const std::vector<GroupKey>& by, const GroupByOptions& how = {},
                  Location where = Location::current()) const;
  GroupBy groupby(const std::vector<std::string>& by, const GroupByOptions& how = {},
                  Location where = Location::current()) const;
  GroupBy groupby(std::initializer_list<const char*> by, const GroupByOptions& how = {},
                  Location where = Location::current()) const;

  // A row for each q.
  DataFrame quantiles(const std::vector<double>& q, Location where = Location::current()) const;
  DataFrame describe(const std::vector<double>& percentiles = {0.25, 0.5, 0.75},
                     Location where = Location::current()) const;
  // Of every two columns, over the rows where both have a value.
  DataFrame cov(const CovarianceOptions& how = {}, Location where = Location::current()) const;
  DataFrame corr(const CovarianceOptions& how = {}, Location where = Location::current()) const;

  // One file a partition, which has its final name only when it is complete. Returns the names.
  std::vector<std::string> to_csv(const std::string& path, const ToCsvOptions& options = {},
                                  const RunSettings& settings = {}) const;
  std::vector<std::string> to_parquet(const std::string& folder, const ToParquetOptions& options = {},
                                      const RunSettings& settings = {}) const;
  // The same, lazily: computing the frame of the names writes the files.
  DataFrame lazy_to_csv(const std::string& path, const ToCsvOptions& options = {},
                        Location where = Location::current()) const;
  DataFrame lazy_to_parquet(const std::string& folder, const ToParquetOptions& options = {},
                            Location where = Location::current()) const;
};

// A collection of whichever form.
using AnyFrame = std::variant<DataFrame, Series, Index, Scalar>;
PLAIT_API AnyFrame any_frame(std::shared_ptr<const Expr> plan);

// A C++ function on the partitions of several collections with the same number; one of one partition serves every call.
PLAIT_API AnyFrame map_partitions(const PartitionFunction& function, const std::vector<FrameBase>& frames,
                                  const PartitionMapping& how = {}, Location where = Location::current());

// `left op right` by name ("add", "sub", ..., see detail::binary_plan): a frame, series or scalar as the operands are.
PLAIT_API AnyFrame binary(const std::string& op, const FrameOperand& left, const FrameOperand& right,
                          const std::optional<Literal>& fill_value = std::nullopt, LabelRule labels = LabelRule::align);

#define PLAIT_FRAME_OPERATOR(symbol, op)                                                            \
  inline DataFrame operator symbol(const DataFrame& a, const FrameOperand& b) {                     \
    return DataFrame(detail::operator_plan(op, FrameOperand(a, b.where()), b));                     \
  }                                                                                                 \
  inline DataFrame operator symbol(const NumberOperand& a, const DataFrame& b) {                    \
    return DataFrame(detail::operator_plan(op, a.operand(), FrameOperand(b, a.operand().where()))); \
  }
PLAIT_FRAME_OPERATOR(+, "add")
PLAIT_FRAME_OPERATOR(-, "sub")
PLAIT_FRAME_OPERATOR(*, "mul")
PLAIT_FRAME_OPERATOR(/, "truediv")
PLAIT_FRAME_OPERATOR(%, "mod")
PLAIT_FRAME_OPERATOR(==, "eq")
PLAIT_FRAME_OPERATOR(!=, "ne")
PLAIT_FRAME_OPERATOR(<, "lt")
PLAIT_FRAME_OPERATOR(<=, "le")
PLAIT_FRAME_OPERATOR(>, "gt")
PLAIT_FRAME_OPERATOR(>=, "ge")
PLAIT_FRAME_OPERATOR(&, "and")
PLAIT_FRAME_OPERATOR(|, "or")
PLAIT_FRAME_OPERATOR(^, "xor")
#undef PLAIT_FRAME_OPERATOR

// Files by name or pattern ("flights-*.csv"), sorted by name; types are inferred over all blocks.
PLAIT_API DataFrame read_csv(const std::string& path, const ReadCsvOptions& options = {},
                             Location where = Location::current());
PLAIT_API DataFrame read_csv(const std::vector<std::string>& paths, const ReadCsvOptions& options = {},
                             Location where = Location::current());
PLAIT_API DataFrame read_parquet(const std::string& path, const ReadParquetOptions& options = {},
                                 Location where = Location::current());
PLAIT_API DataFrame read_parquet(const std::vector<std::string>& paths, const ReadParquetOptions& options = {},
                                 Location where = Location::current());

// The labels at which the partitions of a frame of Parquet files begin by one of its columns, and the last one, as the
// statistics of the files tell; none where they do not, or partitions are in another order.
PLAIT_API std::vector<Literal> parquet_divisions(const DataFrame& frame, const std::string& column,
                                                 Location where = Location::current());

// The files that the partitions of a frame are written to. Throws Error(value) where columns or folders do not go
// together, and where rows that are appended do not go with those that are there; the types of columns in `retyped` are
// not looked at.
PLAIT_API StagedFiles parquet_files(const DataFrame& frame, const std::string& folder, const ToParquetOptions& options,
                                    const std::vector<std::string>& retyped = {});
// A frame of the files' names. Computing it waits until every partition of `written`, which write them under their
// staged names, is there, and then publishes them.
PLAIT_API DataFrame published(const FrameBase& written, const StagedFiles& files, Location where = Location::current());

struct ConcatOptions {
  int axis = 0;                // 0: rows one after the other; 1: columns of the same rows side by side
  std::string join = "outer";  // a column that a frame lacks is missing there; "inner": only shared columns
  // axis=1: partitions of frames whose divisions are not known are put beside each other by their numbers.
  bool ignore_unknown_divisions = false;
};
PLAIT_API DataFrame concat(const std::vector<DataFrame>& frames, const ConcatOptions& how = {},
                           Location where = Location::current());
PLAIT_API Series concat(const std::vector<Series>& series, Location where = Location::current());

PLAIT_API std::ostream& operator<<(std::ostream& out, const DataFrame& frame);

}  // namespace plait
