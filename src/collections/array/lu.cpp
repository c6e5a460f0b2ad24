#include "collections/array/lu.h"

#include <algorithm>

#include "collections/array/joining.h"
#include "collections/array/rechunk.h"
#include "collections/array/slicing.h"

namespace plait {
namespace {

// A task holds two or three panels.
constexpr std::int64_t kMaxPanelBytes = std::int64_t{128} << 20;

// The matrix's own columns of blocks, cut where they would be too large in one piece.
std::vector<std::int64_t> panel_widths(const ArrayMeta& matrix) {
  const std::int64_t column_bytes = matrix.shape()[0] * static_cast<std::int64_t>(item_size(matrix.dtype()));
  const std::int64_t widest = std::max<std::int64_t>(1, kMaxPanelBytes / std::max<std::int64_t>(column_bytes, 1));
  std::vector<std::int64_t> widths;
  for (const std::int64_t extent : matrix.chunks()[1]) {
    const std::int64_t pieces = std::max<std::int64_t>(1, (extent + widest - 1) / widest);
    for (std::int64_t i = 0; i < pieces; ++i) widths.push_back(extent * (i + 1) / pieces - extent * i / pieces);
  }
  return widths;
}

BlockTask one_task(KernelCall call, std::size_t num_operands, const ExprPtr& like) {
  BlockTask task{.call = std::move(call), .output_bytes = array_meta(like).block_bytes(0)};
  for (std::size_t i = 0; i < num_operands; ++i) task.inputs.push_back({static_cast<std::uint32_t>(i), 0});
  return task;
}

}  // namespace

BlockTask LuFactor::block_task(std::int64_t) const { return one_task(lu_factor_kernel({first_row}), 1, panel); }

BlockTask LuUpdate::block_task(std::int64_t) const { return one_task(lu_update_kernel({first_row}), 2, panel); }

BlockTask LuColumns::block_task(std::int64_t) const {
  return one_task(lu_columns_kernel(params), factored.size(), factored.front());
}

MetaPtr LuPermutation::infer_meta() const {
  return make_array_meta(DType::int64, {{array_meta(factored.front()).shape()[0]}});
}

BlockTask LuPermutation::block_task(std::int64_t) const {
  BlockTask task = one_task(lu_permutation_kernel(), factored.size(), factored.front());
  task.output_bytes = static_cast<const ArrayMeta&>(meta()).block_bytes(0);
  return task;
}

LuFactors lu_factors(const ExprPtr& matrix) {
  const ArrayMeta& from = array_meta(matrix);
  const std::int64_t n = from.shape()[0];
  const std::vector<std::int64_t> widths = panel_widths(from);
  const ExprPtr in_panels = rechunk(matrix, {{n}, widths});
  std::vector<ExprPtr> factored;
  std::vector<std::int64_t> first_rows;
  std::int64_t at = 0;
  for (const std::int64_t width : widths) {
    ExprPtr panel = make_expr<Slice>(in_panels, Spans{{0, n, 1}, {at, width, 1}});
    for (std::size_t k = 0; k < factored.size(); ++k) panel = make_expr<LuUpdate>(panel, factored[k], first_rows[k]);
    factored.push_back(make_expr<LuFactor>(panel, at));
    first_rows.push_back(at);
    at += width;
  }
  std::vector<ExprPtr> l;
  std::vector<ExprPtr> u;
  for (std::size_t k = 0; k < factored.size(); ++k) {
    std::vector<ExprPtr> from_here(factored.begin() + static_cast<std::ptrdiff_t>(k), factored.end());
    l.push_back(make_expr<LuColumns>(std::move(from_here), LuColumnsParams{first_rows[k], true}));
    u.push_back(make_expr<LuColumns>(std::vector{factored[k]}, LuColumnsParams{first_rows[k], false}));
  }
  return {make_expr<LuPermutation>(factored), rechunk(concatenate(std::move(l), 1), from.chunks()),
          rechunk(concatenate(std::move(u), 1), from.chunks())};
}

}  // namespace plait
