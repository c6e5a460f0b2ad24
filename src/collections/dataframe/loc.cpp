#include "collections/dataframe/loc.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "collections/dataframe/final_step.h"
#include "collections/dataframe/label_order.h"
#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/sources.h"
#include "collections/dataframe/tree_reduction.h"
#include "kernels/table/label_kernels.h"
#include "kernels/table/rows.h"
#include "kernels/table/table_kernels.h"

namespace plait {
namespace {

bool is_label_of(const ColumnType& type, const Literal& label) {
  switch (type.kind) {
    case TypeKind::string:
      return std::holds_alternative<std::string>(label);
    case TypeKind::datetime: {
      const auto* moment = std::get_if<Timestamp>(&label);
      return moment && moment->timezone.empty() == type.timezone.empty();
    }
    case TypeKind::timedelta:
      return std::holds_alternative<Timedelta>(label);
    default:
      return is_numeric(type.kind) &&
             (std::holds_alternative<std::int64_t>(label) || std::holds_alternative<double>(label));
  }
}

// Throws NoNativeForm for labels that the index does not compare with: pandas says what is wrong with them.
void require_labels(const ExprPtr& rows, const std::vector<Literal>& labels) {
  const Table index = frame_meta(rows).empty().index_values();
  if (index.names().size() != 1) throw NoNativeForm("loc of rows with several labels each");
  const ColumnType& type = index.type(index.names().front());
  for (const Literal& label : labels) {
    if (std::holds_alternative<Missing>(label)) throw NoNativeForm("loc of a missing label");
    if (!is_label_of(type, label))
      throw NoNativeForm("loc of " + to_string(label) + " in an index of type " + name(type));
  }
}

ExprPtr partitions_from(ExprPtr rows, std::int64_t first, std::int64_t last) {
  if (first == 0 && last + 1 == frame_meta(rows).npartitions()) return rows;
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(last - first + 1));
  std::iota(numbers.begin(), numbers.end(), first);
  return make_expr<Partitions>(std::move(rows), std::move(numbers));
}

// The partition that holds a label, if any does; -1 before the first one.
std::int64_t partition_of(const Divisions& divisions, const Literal& label) {
  return std::upper_bound(divisions.begin(), divisions.end(), label, label_less) - divisions.begin() - 1;
}

// The partitions that may hold labels from `start` to `stop`.
ExprPtr partitions_between(ExprPtr rows, const Literal& start, const Literal& stop) {
  const FrameMeta& meta = frame_meta(rows);
  if (!meta.known_divisions()) return rows;
  const Divisions& divisions = meta.divisions();
  std::int64_t first = 0;
  std::int64_t last = meta.npartitions() - 1;
  if (!std::holds_alternative<Missing>(start)) first = partition_of(divisions, start);
  if (!std::holds_alternative<Missing>(stop)) last = partition_of(divisions, stop);
  first = std::clamp<std::int64_t>(first, 0, meta.npartitions() - 1);
  last = std::clamp<std::int64_t>(last, first, meta.npartitions() - 1);
  return partitions_from(std::move(rows), first, last);
}

std::string text_of(const Literal& bound) {
  return std::holds_alternative<Missing>(bound) ? std::string() : to_string(bound);
}

}  // namespace

ExprPtr loc_slice_expr(ExprPtr rows, Literal start, Literal stop) {
  std::vector<Literal> bounds;
  for (const Literal& bound : {start, stop}) {
    if (!std::holds_alternative<Missing>(bound)) bounds.push_back(bound);
  }
  require_labels(rows, bounds);
  const std::string text = text_of(start) + ":" + text_of(stop);
  rows = partitions_between(std::move(rows), start, stop);
  const CallTraits traits{.by_column = true, .reads_index = true};
  return make_expr<PartitionCall>(std::vector{std::move(rows)},
                                  table_kernel::loc({.start = std::move(start), .stop = std::move(stop)}),
                                  std::string("loc"), text, traits);
}

ExprPtr loc_labels_expr(ExprPtr rows, std::vector<Literal> labels) {
  require_labels(rows, labels);
  const FrameMeta& meta = frame_meta(rows);
  if (meta.known_divisions()) {
    const Divisions& divisions = meta.divisions();
    std::set<std::int64_t> numbers;
    for (const Literal& label : labels) {
      if (label_less(label, divisions.front()) || label_less(divisions.back(), label)) {
        throw key_error(fmt::format("{} is not in the index, whose labels go from {} to {}", to_string(label),
                                    to_string(divisions.front()), to_string(divisions.back())));
      }
      numbers.insert(std::min(partition_of(divisions, label), meta.npartitions() - 1));
    }
    if (labels.empty()) numbers.insert(0);
    rows = make_expr<Partitions>(std::move(rows), std::vector<std::int64_t>(numbers.begin(), numbers.end()));
  }
  const CallTraits traits{.by_column = true, .keeps_divisions = false, .reads_index = true};
  const std::string text = fmt::format("{} labels", labels.size());
  // What partitions have of them is put in their order, and repeated, where all of it is together.
  std::vector<Literal> different = labels;
  std::sort(different.begin(), different.end(), label_less);
  const auto is_same = [](const Literal& x, const Literal& y) { return !label_less(x, y) && !label_less(y, x); };
  different.erase(std::unique(different.begin(), different.end(), is_same), different.end());
  const ExprPtr found = make_expr<PartitionCall>(
      std::vector{std::move(rows)}, table_kernel::loc_labels({different, true}), std::string("loc"), text, traits);
  const Table schema = frame_meta(found).empty();
  return make_expr<FinalStep>(gather(found), table_kernel::loc_labels({std::move(labels), false}), schema,
                              std::string("loc"));
}

}  // namespace plait
