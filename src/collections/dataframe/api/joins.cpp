// Frames side by side and one after the other.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "collections/dataframe/align.h"
#include "collections/dataframe/api/building.h"
#include "collections/dataframe/api/merge_levels.h"
#include "collections/dataframe/merge.h"
#include "collections/dataframe/sources.h"
#include "collections/start.h"
#include "kernels/table/categories.h"
#include "kernels/table/columns.h"
#include "kernels/table/native_types.h"
#include "plait/dataframe.h"

namespace plait {
namespace {

std::vector<std::string> shared_columns(const DataFrame& left, const DataFrame& right) {
  std::vector<std::string> shared = left.columns();
  const auto of_right = right.columns();
  std::erase_if(shared,
                [&](const std::string& c) { return std::find(of_right.begin(), of_right.end(), c) == of_right.end(); });
  return shared;
}

// Keys are columns, or levels of the index by name.
void require_keys(const DataFrame& frame, const std::vector<std::string>& keys, const std::string& what) {
  const auto contains = [](const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  const Table known = frame.meta();
  const std::vector<std::string> levels = levels_of(known);
  for (const std::string& key : keys) {
    const bool is_range = known.index().range_name == key;
    if (known.has(key) && (is_range || contains(levels, std::string(kIndexPrefix) + key)))
      throw value_error(
          fmt::format("{}: '{}' is both an index level and a column label, which is ambiguous; rename one", what, key));
    if (!contains(levels, key)) frame.require_columns({key}, what);
  }
}

JoinParams join_params(const DataFrame& left, const DataFrame& right, const MergeOptions& options) {
  JoinParams params{.how = parse_join_how(options.how),
                    .left_suffix = options.suffixes.first,
                    .right_suffix = options.suffixes.second,
                    .indicator = options.indicator,
                    .left_index = options.left_index,
                    .right_index = options.right_index};
  params.left_on = options.on.empty() ? options.left_on : options.on;
  params.right_on = options.on.empty() ? options.right_on : options.on;
  const bool by_index = options.left_index || options.right_index;
  if (params.left_on.empty() && params.right_on.empty() && !by_index) {
    params.left_on = params.right_on = shared_columns(left, right);
    // By Dask's rule, frames without a column in common go together by their labels.
    params.left_index = params.right_index = params.left_on.empty();
  }
  if (!by_index && params.left_on.size() != params.right_on.size()) {
    throw value_error(fmt::format("merge: len(right_on) must equal len(left_on): found {} and {}",
                                  params.right_on.size(), params.left_on.size()));
  }
  require_keys(left, params.left_on, "merge, left side");
  require_keys(right, params.right_on, "merge, right side");
  for (const std::string& column : shared_columns(left, right)) {
    const auto is_key = [&](const auto& keys) { return std::find(keys.begin(), keys.end(), column) != keys.end(); };
    if (!is_text_label(column) && !is_key(params.left_on) && !is_key(params.right_on))
      throw NoNativeForm("merge: a suffix makes text of other labels");
  }
  if (options.left_index != options.right_index)
    throw NoNativeForm("merge: labels of one side with columns of the other");
  return params;
}

// Categories that are keys stay categories where the other side has the same ones; else values are compared, and the
// key of the result is one of values, as in pandas.
DataFrame with_shared_categories(const DataFrame& frame, const std::vector<std::string>& keys, const DataFrame& other,
                                 const std::vector<std::string>& other_keys, Location where) {
  const Table known = frame.meta();
  const Table others = other.meta();
  std::map<std::string, std::string> plain;
  for (std::size_t i = 0; i < std::min(keys.size(), other_keys.size()); ++i) {
    if (!known.has(keys[i]) || !others.has(other_keys[i])) continue;
    const ColumnType& type = known.type(keys[i]);
    if (type.kind != TypeKind::category) continue;
    const bool are_both = others.type(other_keys[i]).kind == TypeKind::category;
    if (are_both && !have_other_categories(known, keys[i], others, other_keys[i])) continue;
    plain[keys[i]] = name(ColumnType{.kind = type.categories, .unit = type.unit});
  }
  return plain.empty() ? frame : frame.astype(plain, where);
}

std::vector<ExprPtr> exprs_of(const auto& collections) {
  std::vector<ExprPtr> exprs;
  for (const auto& collection : collections) exprs.push_back(collection.expr());
  return exprs;
}

// Python objects are kept as they are, and cannot be made alike.
void require_alike(const std::vector<ExprPtr>& frames) {
  const auto has_objects = [](const ExprPtr& frame) {
    return column_of_objects(frame_meta(frame).empty().schema()).has_value();
  };
  if (std::none_of(frames.begin(), frames.end(), has_objects)) return;
  for (const ExprPtr& frame : frames) {
    if (data_columns(frame) != data_columns(frames.front()))
      throw NoNativeForm("frames with object columns must have the same columns and types; convert them with astype");
  }
}

bool is_whole_number(const ColumnType& type) { return type.family == TypeFamily::numpy && is_integer(type.kind); }

bool is_no_number(const ColumnType& type) {
  return type.kind == TypeKind::string || type.kind == TypeKind::datetime || type.kind == TypeKind::timedelta ||
         type.kind == TypeKind::category;
}

// What the same column of several frames holds.
struct Kinds {
  std::optional<ColumnType> whole_numbers;
  std::optional<ColumnType> others;

  void add(const ColumnType& type) {
    if (is_whole_number(type)) whole_numbers = type;
    if (is_no_number(type)) others = type;
    if (whole_numbers && others)
      throw NoNativeForm("columns of types " + name(*whole_numbers) + " and " + name(*others) +
                         " make a column of objects");
  }
};

// The labels of a frame, as far as they are known to be there: without divisions, a range may be one of no rows.
std::vector<Field> labels_of(const FrameMeta& meta) {
  if (meta.empty().index().is_range() && !meta.known_divisions()) return {};
  return meta.empty().index_values().schema().columns;
}

// A column of floats without any value takes the type of the others (see the kernel). One of whole numbers misses
// nothing: beside texts, dates or categories it makes objects.
void require_one_kind(const std::vector<ExprPtr>& frames) {
  std::map<std::string, Kinds> columns;
  std::vector<Kinds> levels;
  for (const ExprPtr& frame : frames) {
    const Schema& schema = frame_meta(frame).empty().schema();
    for (const std::string& column : schema.names()) columns[column].add(schema.field(column).type);
    const std::vector<Field> labels = labels_of(frame_meta(frame));
    levels.resize(std::max(levels.size(), labels.size()));
    for (std::size_t k = 0; k < labels.size(); ++k) levels[k].add(labels[k].type);
  }
}

}  // namespace

DataFrame DataFrame::merge(const DataFrame& right, const MergeOptions& options, Location where) const {
  const SourceScope scope = source_scope(where);
  JoinParams params = join_params(*this, right, options);
  if (are_all_labels(*this, right, params)) {
    params.left_on.clear();
    params.right_on.clear();
    params.left_index = params.right_index = true;
  }
  if (has_level_keys(*this, right, params)) return merge_by_levels(*this, right, params, where);
  const DataFrame left = with_shared_categories(*this, params.left_on, right, params.right_on, where);
  const DataFrame other = with_shared_categories(right, params.right_on, *this, params.left_on, where);
  return DataFrame(merge_expr(left.expr(), other.expr(), params));
}

DataFrame DataFrame::join(const DataFrame& right, const std::string& how,
                          const std::pair<std::string, std::string>& suffixes, Location where) const {
  return merge(right, {.left_index = true, .right_index = true, .how = how, .suffixes = suffixes}, where);
}

DataFrame concat(const std::vector<DataFrame>& frames, const ConcatOptions& how, Location where) {
  const SourceScope scope = source_scope(where);
  if (how.join != "outer" && how.join != "inner")
    throw value_error("concat: join must be 'inner' or 'outer'; found '" + how.join + "'");
  std::vector<ExprPtr> exprs = exprs_of(frames);
  if (how.axis == 0) {
    require_alike(exprs);
    require_one_kind(exprs);
    return DataFrame(make_expr<Concat>(std::move(exprs), how.join == "outer"));
  }
  if (how.axis != 1) throw value_error(fmt::format("concat: axis must be 0 or 1; found {}", how.axis));
  const AlignHow align = how.join == "outer" ? AlignHow::beside : AlignHow::beside_inner;
  exprs = aligned(std::move(exprs), align, "concat", how.ignore_unknown_divisions);
  return DataFrame(make_expr<PartitionCall>(std::move(exprs), table_kernel::concat_columns(), std::string("concat"),
                                            std::string(), CallTraits{.rowwise = true, .keeps_rows = true}));
}

Series concat(const std::vector<Series>& series, Location where) {
  const SourceScope scope = source_scope(where);
  std::vector<ExprPtr> exprs;
  const auto has_first_name = [&](const Series& each) { return each.name() == series.front().name(); };
  const bool have_one_name = std::all_of(series.begin(), series.end(), has_first_name);
  // Rows of series go one after the other whatever the names; the result has one where all have it.
  for (const Series& each : series)
    exprs.push_back(have_one_name ? each.expr() : each.rename(std::string(kUnnamed), where).expr());
  require_alike(exprs);
  require_one_kind(exprs);
  return Series(make_expr<Concat>(std::move(exprs), true));
}

}  // namespace plait
