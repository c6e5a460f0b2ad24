#include "kernels/array/lu.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "kernels/array/lapack.h"

namespace plait {
namespace {

using lapack::visit_element_type;

const NdArray& panel_of(const Value& factored) { return factored.as<Sequence>().items.at(0).as<NdArray>(); }
const NdArray& pivots_of(const Value& factored) { return factored.as<Sequence>().items.at(1).as<NdArray>(); }

// Exchanges rows as the pivots say; the first of them stands for row `first_row`.
template <class T>
void exchange_rows(NdArray& panel, const NdArray& pivots, std::int64_t first_row) {
  const std::int64_t width = panel.shape()[1];
  T* rows = panel.mutable_data<T>();
  const std::int64_t* other = pivots.data<std::int64_t>();
  for (std::int64_t i = 0; i < pivots.size(); ++i) {
    const std::int64_t row = first_row + i;
    if (other[i] != row) std::swap_ranges(rows + row * width, rows + (row + 1) * width, rows + other[i] * width);
  }
}

Value lu_factor(Inputs inputs, const LuPanelParams& params, const TaskContext& context) {
  const BlasThreads one_thread;
  NdArray panel = inputs[0].as<NdArray>().copy();
  context.check_cancelled();
  const std::int64_t width = panel.shape()[1];
  NdArray pivots = NdArray::empty(DType::int64, {width});
  visit_element_type(panel.dtype(), [&]<class T>(T) {
    std::vector<lapack_int> exchanged(static_cast<std::size_t>(width));
    if (width > 0) {
      // A zero pivot is no error: U then has it on its diagonal.
      lapack::checked(
          lapack::getrf(lapack::extent(panel.shape()[0] - params.first_row), lapack::extent(width),
                        panel.mutable_data<T>() + params.first_row * width, lapack::extent(width), exchanged.data()),
          "lu");
    }
    std::int64_t* to = pivots.mutable_data<std::int64_t>();
    for (const lapack_int row : exchanged) *to++ = params.first_row + row - 1;  // LAPACK counts from one
  });
  return Value::of(Sequence{{Value::of(std::move(panel)), Value::of(std::move(pivots))}});
}

Value lu_update(Inputs inputs, const LuPanelParams& params, const TaskContext& context) {
  const BlasThreads one_thread;
  NdArray panel = inputs[0].as<NdArray>().copy();
  context.check_cancelled();
  const NdArray& before = panel_of(inputs[1]);
  const std::int64_t width = panel.shape()[1];
  const std::int64_t depth = before.shape()[1];
  const std::int64_t below = params.first_row + depth;
  visit_element_type(panel.dtype(), [&]<class T>(T) {
    exchange_rows<T>(panel, pivots_of(inputs[1]), params.first_row);
    if (width == 0 || depth == 0) return;
    const lapack_int columns = lapack::extent(width);
    const lapack_int k = lapack::extent(depth);
    const T* l = before.data<T>() + params.first_row * depth;
    T* u = panel.mutable_data<T>() + params.first_row * width;
    lapack::trsm(true, true, k, columns, l, k, u, columns);
    context.check_cancelled();
    lapack::subtract_product(lapack::extent(panel.shape()[0] - below), columns, k, before.data<T>() + below * depth, k,
                             u, columns, panel.mutable_data<T>() + below * width, columns);
  });
  return Value::of(std::move(panel));
}

Value lu_columns(Inputs inputs, const LuColumnsParams& params, const TaskContext&) {
  NdArray columns = panel_of(inputs[0]).copy();
  const std::int64_t rows = columns.shape()[0];
  const std::int64_t width = columns.shape()[1];
  visit_element_type(columns.dtype(), [&]<class T>(T) {
    std::int64_t next_row = params.first_row + width;
    for (const Value& later : inputs.subspan(1)) {
      exchange_rows<T>(columns, pivots_of(later), next_row);
      next_row += pivots_of(later).size();
    }
    for (std::int64_t i = 0; i < rows; ++i) {
      T* row = columns.mutable_data<T>() + i * width;
      const std::int64_t diagonal = std::clamp<std::int64_t>(i - params.first_row, -1, width);
      if (!params.is_lower) {
        std::fill(row, row + std::max<std::int64_t>(diagonal, 0), T(0));
        continue;
      }
      std::fill(row + std::max<std::int64_t>(diagonal, 0), row + width, T(0));
      if (diagonal >= 0 && diagonal < width) row[diagonal] = T(1);
    }
  });
  return Value::of(std::move(columns));
}

Value lu_permutation(Inputs inputs, const TaskContext&) {
  const std::int64_t rows = panel_of(inputs[0]).shape()[0];
  NdArray order = NdArray::empty(DType::int64, {rows});
  std::int64_t* row = order.mutable_data<std::int64_t>();
  std::iota(row, row + rows, std::int64_t{0});
  std::int64_t at = 0;
  for (const Value& factored : inputs) {
    const NdArray& pivots = pivots_of(factored);
    for (std::int64_t i = 0; i < pivots.size(); ++i) std::swap(row[at + i], row[pivots.data<std::int64_t>()[i]]);
    at += pivots.size();
  }
  return Value::of(std::move(order));
}

}  // namespace

void register_lu_kernels() {
  define(lu_factor_kernel, "Factors a panel of columns.", lu_factor);
  define(lu_update_kernel, "Applies a factored panel to one behind it.", lu_update);
  define(lu_columns_kernel, "Columns of L or U from a factored panel.", lu_columns);
  define(lu_permutation_kernel, "The order of rows that the pivots make.", lu_permutation);
}

}  // namespace plait
