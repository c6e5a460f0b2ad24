#include "collections/dataframe/set_index.h"

#include <fmt/format.h>

#include <algorithm>

#include "collections/dataframe/frame_kernels.h"
#include "collections/dataframe/label_order.h"
#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/partition_size.h"
#include "collections/dataframe/shuffle.h"
#include "collections/dataframe/sources.h"
#include "collections/dataframe/tree_reduction.h"
#include "kernels/table/columns.h"
#include "kernels/table/native_types.h"
#include "kernels/table/sort.h"

namespace plait {
namespace {

void require_ascending(const Divisions& divisions) {
  if (divisions.size() < 2) throw value_error("set_index: divisions are the starts of partitions and the last label");
  for (std::size_t i = 1; i < divisions.size(); ++i) {
    if (are_comparable(divisions[i - 1], divisions[i]) && !label_less(divisions[i], divisions[i - 1])) continue;
    throw value_error(fmt::format("set_index: divisions must be sorted; found {} before {}",
                                  to_string(divisions[i - 1]), to_string(divisions[i])));
  }
}

SetIndexParams labelled_by(const std::string& column) { return {{column}, true}; }

}  // namespace

KernelCall WithDivisions::kernel_call() const { return identity_kernel(); }

std::string WithDivisions::describe() const { return fmt::format("{} divisions", divisions.size()); }

MetaPtr WithDivisions::partition_meta(const FrameMeta& like, Table empty) const {
  require_ascending(divisions);
  if (static_cast<std::int64_t>(divisions.size()) != like.npartitions() + 1) {
    throw value_error(fmt::format("set_index: {} partitions have {} divisions; found {}", like.npartitions(),
                                  like.npartitions() + 1, divisions.size()));
  }
  return make_frame_meta(std::move(empty), like.npartitions(), divisions, like.estimated_bytes());
}

ExprPtr index_borders_expr(ExprPtr frame, const std::string& column, std::int64_t npartitions) {
  const auto samples_each = std::max<std::int64_t>(100, 10 * npartitions);
  const CallTraits traits{.makes_index = true, .keeps_divisions = false};
  const ExprPtr samples = make_expr<PartitionCall>(
      std::vector{in_pieces_within_budget(select_columns(std::move(frame), {column}))},
      table_kernel::sample_quantiles(SampleQuantilesParams{column, samples_each}), std::string("sample"), "", traits);
  const ExprPtr borders = make_expr<FanIn>(samples, table_kernel::divisions_from_samples(DivisionsParams{npartitions}),
                                           std::string("divisions"), std::int64_t{0});
  return select_column(borders, "value");
}

std::string SetIndex::describe() const { return fmt::format("{}, {} divisions", column, divisions.size()); }

MetaPtr SetIndex::infer_meta() const {
  require_ascending(divisions);
  const FrameMeta& meta = frame_meta(frame);
  require_native({meta.empty()});
  return make_frame_meta(set_index(meta.empty(), labelled_by(column)), static_cast<std::int64_t>(divisions.size()) - 1,
                         divisions, meta.estimated_bytes());
}

Wanted SetIndex::needs(std::size_t, const Wanted& wanted) const {
  Wanted needed = wanted;
  needed.index = false;
  needed.columns.insert(column);
  return needed;
}

ExprPtr SetIndex::lower() const {
  const std::int64_t npartitions = meta().num_blocks();
  const Table borders = Table::from_columns({{"value", divisions}});
  const ExprPtr moved = npartitions == 1 ? gather(frame)
                                         : range_shuffle(frame, from_table_expr(borders, {.npartitions = 1}), column,
                                                         true, false, npartitions);
  const ExprPtr sorted =
      make_expr<PartitionCall>(std::vector{moved}, table_kernel::sort(SortParams{.by = {column}, .ascending = {true}}),
                               std::string("sort"), fmt::format("by={}", column), CallTraits{.keeps_divisions = false});
  const ExprPtr labelled = make_expr<PartitionCall>(std::vector{sorted}, table_kernel::set_index(labelled_by(column)),
                                                    std::string("set_index"), std::string(),
                                                    CallTraits{.rowwise = true, .keeps_divisions = false});
  return make_expr<WithDivisions>(labelled, divisions);
}

}  // namespace plait
