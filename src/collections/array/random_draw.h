// Random arrays: blocks drawn from a distribution, each with a seed of its own.
#pragma once

#include "collections/array/array_meta.h"
#include "expr/expr.h"
#include "kernels/array/random/random_kernels.h"

namespace plait {

struct RandomDraw final : Op<RandomDraw> {
  std::string label;  // what people call it: "random_sample"
  StreamSeeds seeds;  // of the blocks, in C order
  Distribution distribution;
  Chunks chunks;                      // without the axis that rows of multinomial add
  std::vector<ExprPtr> parameters;    // those that are arrays, stretched to the shape and in the same chunks
  std::vector<int> array_parameters;  // which of the distribution's parameters they are
  bool endpoint = false;
  static constexpr auto op_name = "random";
  static constexpr auto fields =
      std::tuple{&RandomDraw::label,   &RandomDraw::seeds,      &RandomDraw::distribution,
                 &RandomDraw::chunks,  &RandomDraw::parameters, &RandomDraw::array_parameters,
                 &RandomDraw::endpoint};

  std::string_view op() const override { return label; }
  MetaPtr infer_meta() const override;
  std::string describe() const override;
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override { return true; }
  // What the kernel gets for one block; a fused region draws with it, too.
  RandomParams params_of(std::int64_t block) const;
};

// Takes as many seeds from `streams` (GeneratorStreams, RandomStateStreams) as there are blocks.
template <class Streams>
ExprPtr draw(Streams& streams, std::string label, Distribution distribution, Chunks chunks,
             std::vector<ExprPtr> parameters = {}, std::vector<int> array_parameters = {}, bool endpoint = false) {
  const std::int64_t num_blocks = ArrayMeta(distribution.dtype, chunks).num_blocks();
  return make_expr<RandomDraw>(std::move(label), streams.spawn(static_cast<std::uint64_t>(num_blocks)),
                               std::move(distribution), std::move(chunks), std::move(parameters),
                               std::move(array_parameters), endpoint);
}

}  // namespace plait
