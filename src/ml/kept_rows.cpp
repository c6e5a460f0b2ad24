#include "ml/kept_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ml/row_map.h"

namespace plait::ml {
namespace {

struct FiniteParams {
  DType dtype = DType::float64;
  std::string name;
  static constexpr auto fields = std::tuple{&FiniteParams::dtype, &FiniteParams::name};
};
constinit KernelId<FiniteParams> finite_kernel{"ml_finite_rows"};

constexpr std::int64_t kRowsAtOnce = 1 << 14;

template <class T>
void check_finite(const T* values, std::int64_t first_row, std::int64_t rows, std::int64_t columns,
                  const std::string& name, std::uint32_t block) {
  // x * 0 is 0 of every finite number, NaN of all else: one sum tells of all.
  constexpr std::int64_t kLanes = 16;
  T sums[kLanes] = {};
  std::int64_t next = 0;
  for (; next + kLanes <= rows * columns; next += kLanes)
    for (std::int64_t lane = 0; lane < kLanes; ++lane) sums[lane] += values[next + lane] * T(0);
  for (; next < rows * columns; ++next) sums[0] += values[next] * T(0);
  if (std::ranges::all_of(sums, [](T sum) { return sum == T(0); })) return;
  for (std::int64_t i = 0; i < rows * columns; ++i) {
    if (std::isfinite(values[i])) continue;
    const std::string what = std::isnan(values[i])
                                 ? "NaN"
                                 : fmt::format("infinity or a value too large for dtype('float{}')", 8 * sizeof(T));
    throw value_error(fmt::format("Input {} contains {}: row {} of block {}, column {}", name, what,
                                  first_row + i / columns, block, i % columns));
  }
}

Value finite(Inputs inputs, const FiniteParams& params, const TaskContext& context) {
  const NdArray& given = inputs[0].as<NdArray>();
  const NdArray block = given.astype(params.dtype).contiguous();
  const std::int64_t rows = block.shape()[0];
  const std::int64_t columns = block.ndim() == 1 ? 1 : block.shape()[1];
  for (std::int64_t row = 0; row < rows && columns > 0; row += kRowsAtOnce) {
    context.check_cancelled();
    const std::int64_t count = std::min(kRowsAtOnce, rows - row);
    if (params.dtype == DType::float32) {
      check_finite(block.data<float>() + row * columns, row, count, columns, params.name, context.block());
    } else {
      check_finite(block.data<double>() + row * columns, row, count, columns, params.name, context.block());
    }
  }
  return Value::of(block);
}

}  // namespace

ExprPtr finite_rows(ExprPtr rows, DType dtype, const std::string& name) {
  const ArrayMeta& meta = array_meta(rows);
  const std::int64_t columns = meta.ndim() == 1 ? RowMap::kOneAxis : meta.shape()[1];
  return row_map({std::move(rows)}, "finite", finite_kernel({dtype, name}), dtype, columns);
}

std::vector<ExprPtr> kept_rows(std::vector<ExprPtr> rows, const ComputeOptions& options) {
  return persist(rows, options);
}

void register_kept_kernels() { define(finite_kernel, "Numbers, refused where they are not finite.", finite); }

}  // namespace plait::ml
