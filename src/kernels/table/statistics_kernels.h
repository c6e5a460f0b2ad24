// The kernels of statistics.h.
#pragma once

#include "base/kernel.h"
#include "kernels/table/statistics.h"

namespace plait {

// Part of register_table_kernels.
void register_statistics_kernels();

namespace table_kernel {

inline constinit KernelId<MedianParams> median_partial{"table_median_partial"};
inline constinit KernelId<MedianFinalizeParams> median_finalize{"table_median_finalize"};
inline constinit KernelId<ExtremeLabelParams> extreme_label_partial{"table_extreme_label_partial"};
inline constinit KernelId<ExtremeLabelParams> extreme_label_combine{"table_extreme_label_combine"};
inline constinit KernelId<ExtremeLabelFinalizeParams> extreme_label_finalize{"table_extreme_label_finalize"};
inline constinit KernelId<CovarianceParams> covariance_partial{"table_covariance_partial"};
inline constinit KernelId<CovarianceParams> covariance_combine{"table_covariance_combine"};
inline constinit KernelId<CovarianceFinalizeParams> covariance_finalize{"table_covariance_finalize"};
inline constinit KernelId<ShapeParams> shape_partial{"table_shape_partial"};
inline constinit KernelId<ShapeParams> shape_combine{"table_shape_combine"};
inline constinit KernelId<ShapeFinalizeParams> shape_finalize{"table_shape_finalize"};

}  // namespace table_kernel

}  // namespace plait
