#include "plait/row_cuts.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "kernels/table/arrow_table.h"
#include "kernels/table/order_keys.h"
#include "kernels/table/sort.h"

namespace plait {
namespace {

enum class Order : std::uint8_t { ascending, mixed, none };

// The labels of the rows, and where each different one begins.
struct Labels {
  Order order = Order::none;
  std::vector<std::int64_t> firsts;  // empty: every row has a label of its own
};

bool have_order(const ColumnType& type) { return type.kind != TypeKind::other && type.family != TypeFamily::object; }

Labels labels_of(const Table& table) {
  const IndexSpec& index = table.index();
  if (index.is_range()) return {.order = index.step > 0 || table.num_rows() == 1 ? Order::ascending : Order::mixed};
  if (index.columns.size() > 1 || !have_order(table.type(index.columns[0]))) return {};
  const NamedColumn column = named_column_of(table, index.columns[0]);
  const auto array = array_of(column.values);
  const OrderKeys order = order_keys(column.encoded_text ? decoded(array) : array);
  if (std::ranges::find(order.missing, 1) != order.missing.end()) return {};
  if (!std::ranges::is_sorted(order.keys)) return {.order = Order::mixed};
  Labels labels{.order = Order::ascending};
  for (std::size_t row = 0; row < order.keys.size(); ++row) {
    if (row == 0 || order.keys[row] != order.keys[row - 1]) labels.firsts.push_back(static_cast<std::int64_t>(row));
  }
  if (labels.firsts.size() == order.keys.size()) labels.firsts.clear();
  return labels;
}

// How many rows Dask wants in each partition.
class Sizes {
 public:
  Sizes(std::int64_t num_rows, const CutOptions& how)
      : by_count_(!how.chunksize),
        size_(how.chunksize.value_or(num_rows / how.npartitions)),
        longer_(by_count_ ? num_rows % how.npartitions : 0) {}

  bool by_count() const { return by_count_; }
  std::int64_t operator[](std::size_t partition) const {
    return size_ + (static_cast<std::int64_t>(partition) < longer_ ? 1 : 0);
  }

 private:
  bool by_count_;
  std::int64_t size_;
  std::int64_t longer_;
};

std::vector<std::int64_t> even_starts(std::int64_t num_rows, const Sizes& sizes) {
  std::vector<std::int64_t> starts;
  for (std::int64_t at = 0; at < num_rows; at += std::max<std::int64_t>(1, sizes[starts.size() - 1]))
    starts.push_back(at);
  return starts;
}

// Dask's walk: a partition ends at the first row of the label that stands where it should end. It makes up in the next
// partition for what it took too much or too little, and where there are enough labels it makes all the partitions
// that it was asked for.
std::vector<std::int64_t> starts_between_labels(std::int64_t num_rows, const std::vector<std::int64_t>& firsts,
                                                const CutOptions& how) {
  const Sizes sizes(num_rows, how);
  const auto num_labels = static_cast<std::int64_t>(firsts.size());
  const bool is_exact = sizes.by_count() && num_labels >= how.npartitions;
  std::int64_t remaining = is_exact ? how.npartitions - 1 : 0;
  std::int64_t drift = 0;
  std::vector<std::int64_t> starts = {0};
  const auto label_at = [&](std::int64_t row) { return std::ranges::upper_bound(firsts, row) - firsts.begin() - 1; };
  for (std::int64_t wanted = sizes[0]; wanted < num_rows;) {
    std::int64_t label = label_at(wanted);
    if (is_exact) label = std::min(label, num_labels - remaining);
    if (firsts[label] <= starts.back()) ++label;
    if (label >= num_labels) break;
    const std::int64_t start = firsts[label];
    if (sizes.by_count()) drift += start - starts.back() - sizes[starts.size() - 1];
    remaining -= is_exact ? 1 : 0;
    wanted = start + std::max<std::int64_t>(1, sizes[starts.size()] - drift);
    starts.push_back(start);
  }
  return starts;
}

std::vector<Literal> divisions_at(const Table& table, const std::vector<std::int64_t>& starts) {
  const IndexSpec& index = table.index();
  std::vector<Literal> divisions;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const std::int64_t row = i + 1 < starts.size() ? starts[i] : table.num_rows() - 1;
    divisions.push_back(index.is_range() ? Literal(index.start + row * index.step) : table.at(index.columns[0], row));
  }
  // The order of categories need not be that of their values.
  return std::ranges::is_sorted(divisions) ? divisions : std::vector<Literal>();
}

void check(const CutOptions& how) {
  if (how.chunksize && *how.chunksize < 1)
    throw value_error(fmt::format("chunksize must be at least 1, found {}", *how.chunksize));
  if (!how.chunksize && how.npartitions < 1)
    throw value_error(fmt::format("npartitions must be at least 1, found {}", how.npartitions));
}

}  // namespace

RowCuts row_cuts(const Table& table, const CutOptions& how) {
  check(how);
  const std::int64_t num_rows = table.num_rows();
  if (num_rows == 0) {
    const auto npartitions = static_cast<std::size_t>(how.chunksize ? 1 : how.npartitions);
    return {.rows = table, .starts = std::vector<std::int64_t>(npartitions + 1, 0)};
  }
  RowCuts cuts{.rows = table};
  Labels labels = labels_of(table);
  if (labels.order == Order::mixed && how.sort) {
    cuts.rows = sort(table, {});
    labels = labels_of(cuts.rows);
  }
  if (labels.order == Order::ascending) {
    cuts.starts = labels.firsts.empty() ? even_starts(num_rows, Sizes(num_rows, how))
                                        : starts_between_labels(num_rows, labels.firsts, how);
  } else {
    const std::int64_t size = how.chunksize.value_or((num_rows + how.npartitions - 1) / how.npartitions);
    cuts.starts = even_starts(num_rows, Sizes(num_rows, {.chunksize = size}));
  }
  cuts.starts.push_back(num_rows);
  if (labels.order == Order::ascending) cuts.divisions = divisions_at(cuts.rows, cuts.starts);
  return cuts;
}

}  // namespace plait
