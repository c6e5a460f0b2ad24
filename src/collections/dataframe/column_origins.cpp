#include "collections/dataframe/column_origins.h"

#include <algorithm>
#include <unordered_set>

#include "base/contains.h"
#include "collections/dataframe/isin_keys.h"
#include "collections/dataframe/merge.h"
#include "collections/dataframe/parted_reduction.h"
#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/tree_reduction.h"
#include "kernels/table/columns.h"
#include "kernels/table/elementwise.h"
#include "kernels/table/groupby.h"
#include "kernels/table/key_kernels.h"
#include "kernels/table/rows.h"

namespace plait {
namespace {

// Plans may be long: what lies further down is not looked for.
constexpr std::size_t kMaxSteps = 64;

using Places = std::vector<ColumnPlace>;

bool is_there(const ExprPtr& node, const std::string& column) {
  const Table& table = frame_meta(node).empty();
  return table.has(column) || contains(table.index().columns, column);
}

Places below(const ExprPtr& node, const std::string& column) {
  return is_frame(*node) && is_there(node, column) ? Places{{node, column}} : Places{};
}

// The side of a join that the column is of, and where it is a key also the other's.
Places below_join(const Merge& merge, const std::string& column) {
  const JoinParams& params = merge.params;
  const bool by_label = params.left_index || params.right_index;
  const bool in_left = frame_meta(merge.left).empty().has(column);
  const bool in_right = frame_meta(merge.right).empty().has(column);
  const auto key_in = [&](const std::vector<std::string>& names) -> std::ptrdiff_t {
    const auto found = std::ranges::find(names, column);
    return found == names.end() ? -1 : found - names.begin();
  };
  const std::ptrdiff_t left_key = key_in(params.left_on);
  const std::ptrdiff_t right_key = key_in(params.right_on);
  const bool is_shared = in_left && in_right && left_key >= 0 && left_key == right_key;
  // Else the two have other names in the result.
  if (by_label || (in_left && in_right && !is_shared)) return {};
  const bool is_inner = params.how == JoinHow::inner;
  const bool is_choice = params.how == JoinHow::leftsemi || params.how == JoinHow::leftanti;
  Places places;
  if (is_shared) {
    if (params.how == JoinHow::outer) return {};
    const bool from_right = params.how == JoinHow::right;
    places = below(from_right ? merge.right : merge.left, column);
    if (is_inner || params.how == JoinHow::leftsemi) places.push_back({merge.right, column});
    return places;
  }
  if (in_left && (is_inner || is_choice || params.how == JoinHow::left)) {
    places = below(merge.left, column);
    if (left_key >= 0 && (is_inner || params.how == JoinHow::leftsemi))
      places.push_back({merge.right, params.right_on[static_cast<std::size_t>(left_key)]});
  } else if (in_right && (is_inner || params.how == JoinHow::right)) {
    places = below(merge.right, column);
    if (right_key >= 0 && is_inner) places.push_back({merge.left, params.left_on[static_cast<std::size_t>(right_key)]});
  }
  return places;
}

// Groups have the values that their keys have in the rows.
Places below_groups(const ExprPtr& input, const GroupBySpec* spec, const std::string& column) {
  if (!spec || !spec->observed || !contains(spec->keys, column)) return {};
  return below(input, column);
}

Places below_call(const PartitionCall& call, const std::string& column) {
  const bool keeps_columns =
      table_kernel::reset_index.is_called_by(call.kernel) || table_kernel::set_form.is_called_by(call.kernel);
  return keeps_columns ? below(call.inputs.front(), column) : Places{};
}

// The keys by which a filter keeps rows, if it looks at the column: conditions that must hold are looked through.
Places keys_of(const Filter& filter, const std::string& column) {
  Places places;
  std::vector<ExprPtr> waiting{filter.condition};
  for (std::size_t steps = 0; !waiting.empty() && steps < kMaxSteps; ++steps) {
    const ExprPtr part = waiting.back();
    waiting.pop_back();
    const auto* call = dynamic_cast<const PartitionCall*>(part.get());
    const BinaryParams* binary = call ? table_kernel::binary.params_of(call->kernel) : nullptr;
    if (binary && binary->op == BinaryOp::and_) waiting.insert(waiting.end(), call->inputs.begin(), call->inputs.end());
    const auto* isin = dynamic_cast<const IsinKeys*>(part.get());
    const auto* series = isin ? dynamic_cast<const SelectColumns*>(isin->series.get()) : nullptr;
    if (series && series->as_series && series->frame == filter.frame && series->columns.front() == column)
      places.push_back({isin->keys, frame_meta(isin->keys).empty().names().front()});
  }
  return places;
}

}  // namespace

std::vector<ColumnPlace> origins_of(const ColumnPlace& place) {
  const Expr* node = place.node.get();
  const std::string& column = place.column;
  if (const auto* select = dynamic_cast<const SelectColumns*>(node)) return below(select->frame, column);
  if (const auto* filter = dynamic_cast<const Filter*>(node)) {
    Places places = below(filter->frame, column);
    if (!places.empty()) std::ranges::move(keys_of(*filter, column), std::back_inserter(places));
    return places;
  }
  if (const auto* rename = dynamic_cast<const Rename*>(node)) {
    const auto renamed = std::ranges::find(rename->names, column, [](const auto& names) { return names.second; });
    return below(rename->frame, renamed == rename->names.end() ? column : renamed->first);
  }
  if (const auto* assign = dynamic_cast<const Assign*>(node))
    return contains(assign->names, column) ? Places{} : below(assign->frame, column);
  if (const auto* merge = dynamic_cast<const Merge*>(node)) return below_join(*merge, column);
  if (const auto* call = dynamic_cast<const PartitionCall*>(node)) return below_call(*call, column);
  if (const auto* fan_in = dynamic_cast<const FanIn*>(node)) {
    const bool keeps_columns =
        table_kernel::in_order.is_called_by(fan_in->kernel) || table_kernel::concat.is_called_by(fan_in->kernel);
    return keeps_columns ? below(fan_in->input, column) : Places{};
  }
  if (const auto* groups = dynamic_cast<const PartedReduction*>(node))
    return below_groups(groups->input, table_kernel::groupby_finalize.params_of(groups->finalize), column);
  if (const auto* groups = dynamic_cast<const TreeReduction*>(node))
    return below_groups(groups->input, table_kernel::groupby_finalize.params_of(groups->finalize), column);
  return {};
}

std::vector<ColumnPlace> path_of(const ColumnPlace& place) {
  Places path{place};
  while (path.size() < kMaxSteps) {
    Places next = origins_of(path.back());
    if (next.empty()) break;
    path.push_back(std::move(next.front()));
  }
  return path;
}

std::vector<ColumnPlace> lineage_of(const ColumnPlace& place) {
  Places lineage{place};
  for (std::size_t i = 0; i < lineage.size() && lineage.size() < kMaxSteps; ++i) {
    for (ColumnPlace& next : origins_of(lineage[i])) {
      const bool is_known = std::ranges::any_of(
          lineage, [&](const ColumnPlace& known) { return known.node == next.node && known.column == next.column; });
      if (!is_known) lineage.push_back(std::move(next));
    }
  }
  return lineage;
}

}  // namespace plait
