#include "collections/array/random_draw.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace plait {
namespace {

bool yields_rows(DistributionKind kind) {
  return kind == DistributionKind::multinomial || kind == DistributionKind::multivariate_hypergeometric;
}

}  // namespace

MetaPtr RandomDraw::infer_meta() const {
  Chunks all = chunks;
  if (yields_rows(distribution.kind)) all.push_back({values_per_draw(distribution)});
  return make_array_meta(distribution.dtype, std::move(all));
}

std::string RandomDraw::describe() const { return fmt::format("{}", fmt::join(distribution.parameters, ", ")); }

RandomParams RandomDraw::params_of(std::int64_t block) const {
  const ArrayMeta drawn(distribution.dtype, chunks);
  RandomParams params{.seed = seeds[static_cast<std::uint64_t>(block)],
                      .distribution = distribution,
                      .shape = drawn.block_shape(block),
                      .array_parameters = array_parameters,
                      .endpoint = endpoint};
  if (params.seed.kind == StreamKind::counter)
    params.placement = {drawn.shape(), drawn.block_start(block), params.shape};
  return params;
}

BlockTask RandomDraw::block_task(std::int64_t block) const {
  BlockTask task{.call = random_kernel(params_of(block))};
  for (std::uint32_t i = 0; i < parameters.size(); ++i) task.inputs.push_back({i, block});
  task.output_bytes = static_cast<const ArrayMeta&>(meta()).block_bytes(block);
  return task;
}

}  // namespace plait
