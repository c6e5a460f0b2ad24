#include "kernels/table/rank.h"

#include <algorithm>
#include <limits>
#include <span>

#include "base/kernel.h"
#include "kernels/table/column_output.h"
#include "kernels/table/elementwise_apply.h"
#include "kernels/table/order_keys.h"
#include "kernels/table/radix_sort.h"

namespace plait {
namespace {

// A value of a column by its key, or a missing one, and in how many rows it is.
struct Counted {
  std::int64_t column = 0;
  std::int64_t is_missing = 0;
  std::uint64_t key = 0;
  std::int64_t count = 0;

  auto place() const { return std::tuple(column, is_missing, key); }
};

void require_rank(const std::string& name, const ColumnType& type) {
  const bool native =
      type.family == TypeFamily::numpy && (is_numeric(type.kind) || type.kind == TypeKind::bool_ ||
                                           type.kind == TypeKind::datetime || type.kind == TypeKind::timedelta);
  if (!native) throw NoNativeForm("rank of column '" + name + "', which has type " + plait::name(type));
}

Table table_of_counts(const std::vector<Counted>& all) {
  const auto n = static_cast<std::int64_t>(all.size());
  ColumnOutput<std::int64_t> columns(n), missing(n), counts(n);
  ColumnOutput<std::uint64_t> keys(n);
  for (std::int64_t i = 0; i < n; ++i) {
    const Counted& each = all[static_cast<std::size_t>(i)];
    columns.set(i, each.column);
    missing.set(i, each.is_missing);
    keys.set(i, each.key);
    counts.set(i, each.count);
  }
  return table_of({{"column", chunked(columns.finish(arrow::int64())), TypeFamily::arrow},
                   {"is_missing", chunked(missing.finish(arrow::int64())), TypeFamily::arrow},
                   {"key", chunked(keys.finish(arrow::uint64())), TypeFamily::arrow},
                   {"count", chunked(counts.finish(arrow::int64())), TypeFamily::arrow}});
}

std::vector<Counted> counts_in(const Table& table) {
  const auto columns = array_of(table, "column"), missing = array_of(table, "is_missing");
  const auto keys = array_of(table, "key"), counts = array_of(table, "count");
  std::vector<Counted> all(static_cast<std::size_t>(table.num_rows()));
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i] = {columns->data()->GetValues<std::int64_t>(1)[i], missing->data()->GetValues<std::int64_t>(1)[i],
              keys->data()->GetValues<std::uint64_t>(1)[i], counts->data()->GetValues<std::int64_t>(1)[i]};
  }
  return all;
}

void count(const std::shared_ptr<arrow::Array>& array, std::int64_t column, std::vector<Counted>& all) {
  const PooledVector<KeyedRow> rows = sorted_present(order_keys(array));
  const std::size_t first = all.size();
  for (const KeyedRow& row : rows) {
    if (all.size() == first || all.back().key != row.key) all.push_back({column, 0, row.key, 0});
    ++all.back().count;
  }
  const auto num_missing = array->length() - static_cast<std::int64_t>(rows.size());
  if (num_missing > 0) all.push_back({column, 1, 0, num_missing});
}

std::span<const Counted> of_column(const std::vector<Counted>& all, std::int64_t column) {
  const auto range = std::equal_range(all.begin(), all.end(), Counted{.column = column},
                                      [](const Counted& a, const Counted& b) { return a.column < b.column; });
  return {range.first, range.second};
}

// The ranks of the values of one column.
class Ranks {
 public:
  Ranks(std::span<const Counted> counts, const RankParams& params) : params_(params), counts_(counts) {
    if (!counts_.empty() && counts_.back().is_missing) {
      num_missing_ = counts_.back().count;
      counts_ = counts_.first(counts_.size() - 1);
    }
    for (const Counted& each : counts_) {
      below_.push_back(present_);
      present_ += each.count;
    }
  }

  // These rows come before those that are ranked.
  void pass(std::span<const Counted> before) {
    seen_.assign(counts_.size(), 0);
    for (const Counted& each : before) {
      if (each.is_missing)
        seen_missing_ = each.count;
      else
        seen_[place_of(each.key)] = each.count;
    }
  }

  // Of the next row.
  double of_key(std::uint64_t key) {
    const std::size_t i = place_of(key);
    const std::int64_t count = counts_[i].count;
    const bool shifts = params_.missing == MissingRanks::top && num_missing_ > 0;
    const std::int64_t below = params_.ascending ? below_[i] : present_ - below_[i] - count;
    const auto different = static_cast<std::int64_t>(params_.ascending ? i : counts_.size() - 1 - i);
    std::int64_t no_place = 0;
    std::int64_t& seen = seen_.empty() ? no_place : seen_[i];
    return ranked(below + (shifts ? num_missing_ : 0), count, different + (shifts ? 1 : 0), seen);
  }

  double of_missing() {
    if (params_.missing == MissingRanks::keep) return std::numeric_limits<double>::quiet_NaN();
    if (params_.missing == MissingRanks::top) return ranked(0, num_missing_, 0, seen_missing_);
    return ranked(present_, num_missing_, static_cast<std::int64_t>(counts_.size()), seen_missing_);
  }

 private:
  std::size_t place_of(std::uint64_t key) const {
    const auto found = std::lower_bound(counts_.begin(), counts_.end(), key,
                                        [](const Counted& each, std::uint64_t k) { return each.key < k; });
    return static_cast<std::size_t>(found - counts_.begin());
  }

  // Of `count` equal rows with so many rows, and so many different values, before them; of the equal ones, `seen`.
  double ranked(std::int64_t below, std::int64_t count, std::int64_t different, std::int64_t& seen) const {
    const double rank = params_.method == RankMethod::min     ? static_cast<double>(below + 1)
                        : params_.method == RankMethod::first ? static_cast<double>(below + ++seen)
                        : params_.method == RankMethod::max   ? static_cast<double>(below + count)
                        : params_.method == RankMethod::dense
                            ? static_cast<double>(different + 1)
                            : static_cast<double>(below) + static_cast<double>(count + 1) / 2;
    return params_.pct ? rank / highest() : rank;
  }
  double highest() const {
    const bool counts_missing = params_.missing != MissingRanks::keep && num_missing_ > 0;
    if (params_.method == RankMethod::dense) return static_cast<double>(counts_.size() + (counts_missing ? 1 : 0));
    return static_cast<double>(present_ + (counts_missing ? num_missing_ : 0));
  }

  const RankParams& params_;
  std::span<const Counted> counts_;  // of the values that are there
  std::vector<std::int64_t> below_;
  std::vector<std::int64_t> seen_;  // of each value, if passed rows count
  std::int64_t seen_missing_ = 0;
  std::int64_t present_ = 0;
  std::int64_t num_missing_ = 0;
};

}  // namespace

RankMethod parse_rank_method(std::string_view text) {
  if (text == "average") return RankMethod::average;
  if (text == "min") return RankMethod::min;
  if (text == "max") return RankMethod::max;
  if (text == "dense") return RankMethod::dense;
  if (text == "first") return RankMethod::first;
  throw value_error("method must be 'average', 'min', 'max', 'first' or 'dense'; found '" + std::string(text) + "'");
}

MissingRanks parse_missing_ranks(std::string_view text) {
  if (text == "keep") return MissingRanks::keep;
  if (text == "top") return MissingRanks::top;
  if (text == "bottom") return MissingRanks::bottom;
  throw value_error("na_option must be one of 'keep', 'top', or 'bottom'; found '" + std::string(text) + "'");
}

Table rank_counts(const Table& table) {
  std::vector<Counted> all;
  std::int64_t column = 0;
  for (const std::string& name : table.names()) {
    require_rank(name, table.type(name));
    check_cancelled();
    count(array_of(table, name), column++, all);
  }
  return table_of_counts(all);
}

Table rank_counts_combine(const std::vector<Table>& partials) {
  std::vector<Counted> all;
  for (const Table& partial : partials) {
    const std::vector<Counted> more = counts_in(partial);
    const auto middle = all.insert(all.end(), more.begin(), more.end());
    std::inplace_merge(all.begin(), middle, all.end(),
                       [](const Counted& a, const Counted& b) { return a.place() < b.place(); });
    check_cancelled();
  }
  std::vector<Counted> together;
  for (const Counted& each : all) {
    if (together.empty() || together.back().place() != each.place())
      together.push_back(each);
    else
      together.back().count += each.count;
  }
  return table_of_counts(together);
}

Table rank(const Table& table, const Table& counts, const Table& before, const RankParams& params) {
  const std::vector<Counted> all = counts_in(counts);
  const std::vector<Counted> passed = counts_in(before);
  std::int64_t column = 0;
  return apply_columns(table, [&](const NamedColumn& values) {
    Ranks ranks(of_column(all, column), params);
    if (params.method == RankMethod::first) ranks.pass(of_column(passed, column));
    ++column;
    const OrderKeys keys = order_keys(array_of(values.values));
    ColumnOutput<double> out(static_cast<std::int64_t>(keys.keys.size()));
    for (std::size_t i = 0; i < keys.keys.size(); ++i)
      out.set(static_cast<std::int64_t>(i), keys.is_missing(i) ? ranks.of_missing() : ranks.of_key(keys.keys[i]));
    return NamedColumn{values.name, chunked(out.finish(arrow::float64()))};
  });
}

}  // namespace plait
