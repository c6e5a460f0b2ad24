#include "ml/center_tiles.h"

#include <limits>

namespace plait::ml {

CenterTable::CenterTable(const std::vector<double>& all, std::int64_t num_columns)
    : columns(num_columns), origin(static_cast<std::size_t>(num_columns)) {
  const std::int64_t count = std::ssize(all) / columns;
  padded = (count + 3) / 4 * 4;
  for (std::size_t i = 0; i < all.size(); ++i) origin[i % origin.size()] += all[i] / static_cast<double>(count);
  centers.resize(static_cast<std::size_t>(padded * columns));
  half_norms.assign(static_cast<std::size_t>(padded), std::numeric_limits<double>::infinity());
  for (std::int64_t c = 0; c < count; ++c) {
    double norm = 0;
    for (std::int64_t j = 0; j < columns; ++j) {
      const auto at = static_cast<std::size_t>(c * columns + j);
      centers[at] = all[at] - origin[static_cast<std::size_t>(j)];
      norm += centers[at] * centers[at];
    }
    half_norms[static_cast<std::size_t>(c)] = norm / 2;
  }
}

}  // namespace plait::ml
