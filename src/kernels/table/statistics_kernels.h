// The kernels of statistics that look at all values at once.
#pragma once

#include "base/kernel.h"
#include "kernels/table/distinct.h"
#include "kernels/table/group_matrices.h"
#include "kernels/table/group_top.h"
#include "kernels/table/rank.h"
#include "kernels/table/statistics.h"

namespace plait {

// Part of register_table_kernels.
void register_statistics_kernels();

namespace table_kernel {

inline constinit KernelId<StatisticParams> statistic_partial{"table_statistic_partial"};
inline constinit KernelId<StatisticParams> statistic_combine{"table_statistic_combine"};
inline constinit KernelId<StatisticParams> statistic_finalize{"table_statistic_finalize"};
inline constinit KernelId<> rank_counts{"table_rank_counts"};
inline constinit KernelId<> rank_counts_combine{"table_rank_counts_combine"};
inline constinit KernelId<RankParams> rank{"table_rank"};
inline constinit KernelId<ModeParams> most_frequent{"table_most_frequent"};
inline constinit KernelId<ModeParams> mode_finalize{"table_mode_finalize"};
inline constinit KernelId<CovarianceParams> covariance_partial{"table_covariance_partial"};
inline constinit KernelId<CovarianceParams> covariance_combine{"table_covariance_combine"};
inline constinit KernelId<CovarianceFinalizeParams> covariance_finalize{"table_covariance_finalize"};
inline constinit KernelId<GroupMatricesParams> group_matrices{"table_group_matrices"};
inline constinit KernelId<GroupTopParams> group_top_rows{"table_group_top_rows"};
inline constinit KernelId<GroupTopParams> group_top{"table_group_top"};

}  // namespace table_kernel

}  // namespace plait
