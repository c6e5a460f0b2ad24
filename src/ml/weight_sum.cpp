#include "ml/weight_sum.h"

#include <fmt/format.h>

#include "ml/row_fold.h"
#include "ml/row_tiles.h"
#include "ml/sparse_rows.h"

namespace plait::ml {
namespace {

constinit KernelId<> weight_kernel{"ml_weight_sum"};

// Rows and their weights.
Value of_block(Inputs inputs, const TaskContext& context) {
  const std::int64_t rows = rows_of_block(inputs[0]);
  double sum = static_cast<double>(rows);
  if (inputs.size() > 2) {
    const NdArray weights = as_doubles(inputs[2].as<NdArray>());
    sum = 0;
    for (std::int64_t i = 0; i < weights.size(); ++i) {
      const double weight = weights.data<double>()[i];
      if (weight < 0)
        throw value_error(fmt::format("Negative values in data passed to `sample_weight`: {} in row {} of block {}",
                                      weight, i, context.block()));
      sum += weight;
    }
  }
  return Value::of(NdArray::from<double>({2}, {static_cast<double>(rows), sum}));
}

}  // namespace

RowTotals row_totals(const std::vector<ExprPtr>& rows, const ComputeOptions& options) {
  const ExprPtr fold = row_fold(rows, "weight_sum", {weight_kernel(), add_partials_kernel()});
  const Value total = compute({fold}, options)[0];
  const double* of = total.as<NdArray>().data<double>();
  if (of[0] == 0) throw value_error("Found array with 0 sample(s) while a minimum of 1 is required.");
  if (!(of[1] > 0)) throw value_error("the sum of the sample weights is zero: no row is left to learn from");
  return {static_cast<std::int64_t>(of[0]), of[1]};
}

void register_weight_kernels() { define(weight_kernel, "The number of rows and the sum of their weights.", of_block); }

}  // namespace plait::ml
