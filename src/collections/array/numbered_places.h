// Which of the positions of an index meets each place of an axis: what lazy positions on the left of `=` need.
#pragma once

#include "collections/array/array_meta.h"
#include "expr/expr.h"

namespace plait {

// For each place of an axis the number of the position that names it (the last one, where several do), or -1.
struct NumberedPlaces final : Op<NumberedPlaces> {
  ExprPtr positions;  // integers along one axis
  std::int64_t extent = 0;
  int axis = 0;                   // which one it is, for messages
  std::int64_t num_expected = 0;  // how many positions there must be; unknown: any number
  static constexpr auto op_name = "numbered_places";
  static constexpr auto fields = std::tuple{&NumberedPlaces::positions, &NumberedPlaces::extent, &NumberedPlaces::axis,
                                            &NumberedPlaces::num_expected};

  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// Negative positions count from the end. Throws, when it runs, Error(index) for a position that the axis does not have,
// and Error(value) for another number of positions.
ExprPtr numbered_places(ExprPtr positions, std::int64_t extent, int axis, std::int64_t num_expected);

}  // namespace plait
