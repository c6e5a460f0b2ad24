#include "collections/array/numbered_places.h"

#include <utility>

#include "kernels/array/gather.h"

namespace plait {

MetaPtr NumberedPlaces::infer_meta() const { return make_array_meta(DType::int64, {{extent}}); }

BlockTask NumberedPlaces::block_task(std::int64_t block) const {
  BlockTask task{.call = number_places_kernel({extent, axis, num_expected}),
                 .output_bytes = static_cast<const ArrayMeta&>(meta()).block_bytes(block)};
  for (std::int64_t part = 0; part < positions->meta().num_blocks(); ++part) task.inputs.push_back({0, part});
  return task;
}

ExprPtr numbered_places(ExprPtr positions, std::int64_t extent, int axis, std::int64_t num_expected) {
  return make_expr<NumberedPlaces>(std::move(positions), extent, axis, num_expected);
}

}  // namespace plait
