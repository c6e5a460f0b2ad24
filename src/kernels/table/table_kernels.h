// The kernels of this module.
//
// Every function of the headers here that takes tables and a params struct is a kernel of the same name in namespace
// table_kernel: table_kernel::select(SelectParams{...}), table_kernel::groupby_partial(GroupBySpec{...}), ...
// Functions that take a vector of tables take all inputs of the task. Those that return a vector of tables yield a
// Sequence; `part` picks one item. In records their names begin with "table_".
#pragma once

#include <cstdint>
#include <vector>

#include "base/kernel.h"
#include "kernels/table/table_value.h"

namespace plait {

struct AssignParams;
struct AstypeParams;
struct BetweenParams;
struct BinaryParams;
struct ClipParams;
struct ConcatParams;
struct DescribeParams;
struct DivisionsParams;
struct DropDuplicatesParams;
struct DropParams;
struct DropnaParams;
struct DtParams;
struct FillnaParams;
struct FilterParams;
struct GroupBySpec;
struct HashPartitionParams;
struct HeadParams;
struct IsinParams;
struct JoinParams;
struct LocParams;
struct MapValuesParams;
struct OrderCountsParams;
struct QuantileParams;
struct RangePartitionParams;
struct ReduceFinalizeParams;
struct ReduceParams;
struct RenameParams;
struct ResetIndexParams;
struct RoundParams;
struct SampleQuantilesParams;
struct SelectParams;
struct SetFormParams;
struct SetIndexParams;
struct SetNamesParams;
struct SliceParams;
struct SortParams;
struct SortedHeadParams;
struct StrCatParams;
struct StrParams;
struct TopParams;
struct UnaryParams;
struct ValueCountsParams;
struct WhereParams;

// Registers value type "table" and all kernels. Once, at start-up.
void register_table_kernels();

// One item of a Sequence: its position.
struct PartParams {
  std::int64_t part = 0;
  static constexpr auto fields = std::tuple{&PartParams::part};
};

// The handles. Making a call needs the header that has the parameters.
namespace table_kernel {

inline constinit KernelId<SelectParams> select{"table_select"};
inline constinit KernelId<DropParams> drop{"table_drop"};
inline constinit KernelId<RenameParams> rename{"table_rename"};
inline constinit KernelId<SetNamesParams> set_names{"table_set_names"};
inline constinit KernelId<SetIndexParams> set_index{"table_set_index"};
inline constinit KernelId<ResetIndexParams> reset_index{"table_reset_index"};
inline constinit KernelId<SetFormParams> set_form{"table_set_form"};
inline constinit KernelId<UnaryParams> unary{"table_unary"};
inline constinit KernelId<FillnaParams> fillna{"table_fillna"};
inline constinit KernelId<IsinParams> isin{"table_isin"};
inline constinit KernelId<BetweenParams> between{"table_between"};
inline constinit KernelId<AstypeParams> astype{"table_astype"};
inline constinit KernelId<ClipParams> clip{"table_clip"};
inline constinit KernelId<RoundParams> round{"table_round"};
inline constinit KernelId<MapValuesParams> map_values{"table_map_values"};
inline constinit KernelId<StrParams> str{"table_str"};
inline constinit KernelId<DtParams> dt{"table_dt"};
inline constinit KernelId<HeadParams> head{"table_head"};
inline constinit KernelId<HeadParams> tail{"table_tail"};
inline constinit KernelId<SliceParams> slice{"table_slice"};
inline constinit KernelId<DropnaParams> dropna{"table_dropna"};
inline constinit KernelId<LocParams> loc{"table_loc"};
inline constinit KernelId<SortParams> sort{"table_sort"};
inline constinit KernelId<SortedHeadParams> sorted_head{"table_sorted_head"};
inline constinit KernelId<TopParams> top{"table_top"};
inline constinit KernelId<DropDuplicatesParams> drop_duplicates{"table_drop_duplicates"};
inline constinit KernelId<SampleQuantilesParams> sample_quantiles{"table_sample_quantiles"};
inline constinit KernelId<ValueCountsParams> value_counts_finalize{"table_value_counts_finalize"};
inline constinit KernelId<ReduceParams> reduce_partial{"table_reduce_partial"};
inline constinit KernelId<ReduceFinalizeParams> reduce_finalize{"table_reduce_finalize"};
inline constinit KernelId<ReduceParams> reduce{"table_reduce"};
inline constinit KernelId<QuantileParams> quantile_partial{"table_quantile_partial"};
inline constinit KernelId<GroupBySpec> groupby_partial{"table_groupby_partial"};
inline constinit KernelId<GroupBySpec> groupby_finalize{"table_groupby_finalize"};
inline constinit KernelId<GroupBySpec> groupby{"table_groupby"};
inline constinit KernelId<StrCatParams> str_cat{"table_str_cat"};
inline constinit KernelId<FilterParams> filter{"table_filter"};
inline constinit KernelId<JoinParams> join{"table_join"};
inline constinit KernelId<JoinParams> join_table{"table_join_table"};
inline constinit KernelId<ConcatParams> concat{"table_concat"};
inline constinit KernelId<DivisionsParams> divisions_from_samples{"table_divisions_from_samples"};
inline constinit KernelId<ReduceParams> reduce_combine{"table_reduce_combine"};
inline constinit KernelId<QuantileParams> quantile_finalize{"table_quantile_finalize"};
inline constinit KernelId<DescribeParams> describe_assemble{"table_describe_assemble"};
inline constinit KernelId<GroupBySpec> groupby_combine{"table_groupby_combine"};
inline constinit KernelId<RangePartitionParams> range_partition{"table_range_partition"};
inline constinit KernelId<HashPartitionParams> hash_partition{"table_hash_partition"};
inline constinit KernelId<> index_of{"table_index_of"};
inline constinit KernelId<> value_counts_partial{"table_value_counts_partial"};
inline constinit KernelId<AssignParams> assign{"table_assign"};
inline constinit KernelId<> concat_columns{"table_concat_columns"};
inline constinit KernelId<BinaryParams> binary{"table_binary"};
inline constinit KernelId<> fillna_from{"table_fillna_from"};
inline constinit KernelId<WhereParams> where{"table_where"};
inline constinit KernelId<PartParams> part{"table_part"};
inline constinit KernelId<> value_counts_combine{"table_value_counts_combine"};
inline constinit KernelId<OrderCountsParams> order_counts{"table_order_counts"};
inline constinit KernelId<GroupBySpec> groupby_rows{"table_groupby_rows"};

}  // namespace table_kernel

}  // namespace plait
