// The nearest centers of a tile of rows: rows side by side in vector registers, so that no lane has to ask another one
// for the smallest score.
#include <cstdint>
#include <limits>

#include "ml/center_tiles.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ml/kmeans_loops.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace plait::ml::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

void nearest_in_target(const double* tile, std::int64_t rows, const CenterTable& table, NearestCenters& found) {
  constexpr std::int64_t stride = kTileRows;
  const hn::ScalableTag<double> d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  HWY_ALIGN double chosen[2 * hn::MaxLanes(hn::ScalableTag<double>())];
  const std::int64_t columns = table.columns;
  for (std::int64_t row = 0; row < rows; row += 2 * lanes) {
    auto best_a = hn::Set(d, std::numeric_limits<double>::infinity());
    auto best_b = best_a;
    auto second_a = best_a;
    auto second_b = best_a;
    auto label_a = hn::Zero(d);
    auto label_b = label_a;
    auto norm_a = label_a;
    auto norm_b = label_a;
    for (std::int64_t j = 0; j < columns; ++j) {
      const auto xa = hn::LoadU(d, tile + j * stride + row);
      const auto xb = hn::LoadU(d, tile + j * stride + row + lanes);
      norm_a = hn::MulAdd(xa, xa, norm_a), norm_b = hn::MulAdd(xb, xb, norm_b);
    }
    for (std::int64_t c = 0; c < table.padded; c += 4) {
      const double* center = table.centers.data() + c * columns;
      auto a0 = hn::Set(d, table.half_norms[static_cast<std::size_t>(c)]);
      auto a1 = hn::Set(d, table.half_norms[static_cast<std::size_t>(c + 1)]);
      auto a2 = hn::Set(d, table.half_norms[static_cast<std::size_t>(c + 2)]);
      auto a3 = hn::Set(d, table.half_norms[static_cast<std::size_t>(c + 3)]);
      auto b0 = a0, b1 = a1, b2 = a2, b3 = a3;
      for (std::int64_t j = 0; j < columns; ++j) {
        const auto xa = hn::LoadU(d, tile + j * stride + row);
        const auto xb = hn::LoadU(d, tile + j * stride + row + lanes);
        const auto c0 = hn::Set(d, center[j]), c1 = hn::Set(d, center[columns + j]);
        const auto c2 = hn::Set(d, center[2 * columns + j]), c3 = hn::Set(d, center[3 * columns + j]);
        a0 = hn::NegMulAdd(xa, c0, a0), b0 = hn::NegMulAdd(xb, c0, b0);
        a1 = hn::NegMulAdd(xa, c1, a1), b1 = hn::NegMulAdd(xb, c1, b1);
        a2 = hn::NegMulAdd(xa, c2, a2), b2 = hn::NegMulAdd(xb, c2, b2);
        a3 = hn::NegMulAdd(xa, c3, a3), b3 = hn::NegMulAdd(xb, c3, b3);
      }
      const auto take = [&](auto& best, auto& second, auto& label, auto score, std::int64_t number) {
        const auto is_less = hn::Lt(score, best);
        second = hn::IfThenElse(is_less, best, hn::Min(second, score));
        best = hn::IfThenElse(is_less, score, best);
        label = hn::IfThenElse(is_less, hn::Set(d, static_cast<double>(number)), label);
      };
      take(best_a, second_a, label_a, a0, c), take(best_b, second_b, label_b, b0, c);
      take(best_a, second_a, label_a, a1, c + 1), take(best_b, second_b, label_b, b1, c + 1);
      take(best_a, second_a, label_a, a2, c + 2), take(best_b, second_b, label_b, b2, c + 2);
      take(best_a, second_a, label_a, a3, c + 3), take(best_b, second_b, label_b, b3, c + 3);
    }
    hn::StoreU(norm_a, d, found.norms.data() + row);
    hn::StoreU(norm_b, d, found.norms.data() + row + lanes);
    hn::StoreU(best_a, d, found.firsts.data() + row);
    hn::StoreU(best_b, d, found.firsts.data() + row + lanes);
    hn::StoreU(second_a, d, found.seconds.data() + row);
    hn::StoreU(second_b, d, found.seconds.data() + row + lanes);
    hn::Store(label_a, d, chosen);
    hn::Store(label_b, d, chosen + lanes);
    std::int32_t* labels = found.labels.data() + row;
    for (std::int64_t i = 0; i < 2 * lanes; ++i) labels[i] = static_cast<std::int32_t>(chosen[i]);
  }
}

}  // namespace
}  // namespace plait::ml::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace plait::ml {
HWY_EXPORT(nearest_in_target);
void nearest_of_tile(const double* tile, std::int64_t rows, const CenterTable& table, NearestCenters& found) {
  HWY_DYNAMIC_DISPATCH(nearest_in_target)(tile, rows, table, found);
}
}  // namespace plait::ml
#endif
