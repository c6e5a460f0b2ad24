// The kernels of operations in which a row depends on rows before or after it.
#pragma once

#include "base/kernel.h"
#include "kernels/table/cumulative.h"
#include "kernels/table/interpolate.h"
#include "kernels/table/neighbours.h"
#include "kernels/table/numbered.h"
#include "kernels/table/rolling.h"

namespace plait {

// Part of register_table_kernels.
void register_row_order_kernels();

namespace table_kernel {

inline constinit KernelId<CumulativeParams> cumulative_edge{"table_cumulative_edge"};
inline constinit KernelId<CumulativeParams> cumulative_combine{"table_cumulative_combine"};
inline constinit KernelId<CumulativeParams> cumulative{"table_cumulative"};
inline constinit KernelId<EdgeRowsParams> edge_rows{"table_edge_rows"};
inline constinit KernelId<EdgeRowsParams> edge_rows_combine{"table_edge_rows_combine"};
inline constinit KernelId<ShiftParams> shift{"table_shift"};
inline constinit KernelId<DiffParams> diff{"table_diff"};
inline constinit KernelId<FillAlongParams> last_values{"table_last_values"};
inline constinit KernelId<FillAlongParams> last_values_combine{"table_last_values_combine"};
inline constinit KernelId<FillAlongParams> fill_from_neighbours{"table_fill_from_neighbours"};
inline constinit KernelId<NearestValueParams> nearest_value{"table_nearest_value"};
inline constinit KernelId<NearestValueParams> nearest_value_combine{"table_nearest_value_combine"};
inline constinit KernelId<InterpolateParams> interpolate{"table_interpolate"};
inline constinit KernelId<EdgeSpanParams> edge_span{"table_edge_span"};
inline constinit KernelId<EdgeSpanParams> edge_span_combine{"table_edge_span_combine"};
inline constinit KernelId<> number_rows{"table_number_rows"};
inline constinit KernelId<RollingParams> rolling{"table_rolling"};

}  // namespace table_kernel

}  // namespace plait
