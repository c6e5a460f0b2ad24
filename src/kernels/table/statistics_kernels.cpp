#include "kernels/table/statistics_kernels.h"

#include "kernels/table/define_kernels.h"

namespace plait {

using namespace table_kernels;  // NOLINT: the helpers by which kernels are defined

void register_statistics_kernels() {
  one(table_kernel::median_partial, "The values of each column in order", median_partial);
  many(table_kernel::median_finalize, "The middle of several lists in order", median_finalize);
  one(table_kernel::extreme_label_partial, "The smallest or largest values with their labels", extreme_label_partial);
  many(table_kernel::extreme_label_combine, "Smallest or largest values, combined", extreme_label_combine);
  one(table_kernel::extreme_label_finalize, "The labels of the smallest or largest values", extreme_label_finalize);
  one(table_kernel::covariance_partial, "Sums of products of every two columns", covariance_partial);
  many(table_kernel::covariance_combine, "Sums of products, combined", covariance_combine);
  one(table_kernel::covariance_finalize, "Covariances or correlations", covariance_finalize);
  one(table_kernel::shape_partial, "Moments of each column", shape_partial);
  many(table_kernel::shape_combine, "Moments, combined", shape_combine);
  one(table_kernel::shape_finalize, "Skewness or kurtosis", shape_finalize);
}

}  // namespace plait
