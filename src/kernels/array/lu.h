// LU factorization by panels: all rows of some columns, so that every pivot is the best of its whole column.
#pragma once

#include "base/kernel.h"

namespace plait {

// Where a panel's own columns stand in the matrix, and so the row of its first pivot.
struct LuPanelParams {
  std::int64_t first_row = 0;
  static constexpr auto fields = std::tuple{&LuPanelParams::first_row};
};
// A panel, with all panels before it applied, as a Sequence: the panel with U on and above the diagonal and L below it,
// and for each of its columns the row (int64) with which that of the diagonal was exchanged.
inline constinit KernelId<LuPanelParams> lu_factor_kernel{"lu_factor"};
// Inputs: a panel and a factored one before it, whose place is `first_row`. The panel with that one applied.
inline constinit KernelId<LuPanelParams> lu_update_kernel{"lu_update"};

// Inputs: a factored panel at `first_row`, and for L the factored panels behind it, in order. Its columns of L or of U.
struct LuColumnsParams {
  std::int64_t first_row = 0;
  bool is_lower = true;
  static constexpr auto fields = std::tuple{&LuColumnsParams::first_row, &LuColumnsParams::is_lower};
};
inline constinit KernelId<LuColumnsParams> lu_columns_kernel{"lu_columns"};

// Inputs: all factored panels in order. The rows of the matrix, int64, in the order in which they make L U.
inline constinit KernelId<> lu_permutation_kernel{"lu_permutation"};

void register_lu_kernels();

}  // namespace plait
