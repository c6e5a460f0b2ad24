#include "collections/array/rechunk.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "collections/array/creation.h"
#include "collections/array/normalize_chunks.h"
#include "collections/array/rechunk_plan.h"
#include "kernels/array/gather.h"

namespace plait {
namespace {

template <class T>
const T* as_op(const ExprPtr& expr) {
  return dynamic_cast<const T*>(expr.get());
}

std::string chunk_text(const Chunks& chunks) {
  std::vector<std::int64_t> extents;
  for (const auto& blocks : chunks) extents.push_back(*std::max_element(blocks.begin(), blocks.end()));
  return to_string(extents);
}

void check_unknown_axes(const Chunks& from, const Chunks& to) {
  for (std::size_t axis = 0; axis < from.size(); ++axis) {
    const bool is_unknown = std::find(from[axis].begin(), from[axis].end(), kUnknownExtent) != from[axis].end();
    if (is_unknown && from[axis] != to[axis]) {
      throw value_error(fmt::format(
          "rechunk: the chunks along axis {} are not known before they are computed, so they cannot change; "
          "call compute_chunk_sizes() first",
          axis));
    }
  }
}

}  // namespace

MetaPtr Rechunk::infer_meta() const {
  const ArrayMeta& from = array_meta(array);
  if (chunks.size() == from.shape().size()) check_unknown_axes(from.chunks(), chunks);
  check_chunks("rechunk", chunks, from.shape());
  return make_array_meta(from.dtype(), chunks);
}

std::string Rechunk::describe() const { return fmt::format("chunks={}", chunk_text(chunks)); }

ExprPtr Rechunk::simplify() const {
  if (array_meta(array).chunks() == chunks) return array;
  if (const auto* inner = as_op<Rechunk>(array)) return rechunk(inner->array, chunks);
  // What is made from nothing or seen in memory can as well be made in these chunks.
  if (const auto* constant = as_op<Fill>(array)) return make_expr<Fill>(constant->label, constant->value, chunks);
  if (const auto* memory = as_op<FromArray>(array)) return from_array(memory->array(), chunks, memory->content);
  if (const auto* unit = as_op<Eye>(array)) return make_expr<Eye>(unit->dtype, unit->k, chunks);
  if (const auto* range = as_op<Range>(array)) {
    return make_expr<Range>(range->label, range->dtype, range->start, range->step, range->integer_start,
                            range->integer_step, range->last, chunks);
  }
  return nullptr;
}

ExprPtr Rechunk::lower() const {
  ExprPtr stage = array;
  for (const Chunks& between : intermediate_chunks(array_meta(array), chunks, rechunk_task_bytes())) {
    stage = make_expr<RechunkBlocks>(std::move(stage), between);
  }
  return make_expr<RechunkBlocks>(std::move(stage), chunks);
}

MetaPtr RechunkBlocks::infer_meta() const { return make_array_meta(array_meta(array).dtype(), chunks); }

std::string RechunkBlocks::describe() const { return fmt::format("chunks={}", chunk_text(chunks)); }

bool RechunkBlocks::is_blockwise() const { return false; }

BlockTask RechunkBlocks::block_task(std::int64_t block) const {
  const ArrayMeta& from = array_meta(array);
  const auto& known = static_cast<const ArrayMeta&>(meta());
  const auto from_grid = from.grid();
  const auto index = unravel(block, known.grid());
  GatherParams params{.dtype = known.dtype(), .shape = known.block_shape(block)};

  std::vector<std::vector<Overlap>> overlaps;
  for (std::size_t axis = 0; axis < index.size(); ++axis) {
    overlaps.push_back(overlaps_of(from.chunks()[axis], chunks[axis], index[axis]));
  }
  BlockTask task{.output_bytes = known.block_bytes(block)};
  std::vector<std::size_t> at(index.size(), 0);
  while (true) {
    Piece piece{.input = static_cast<std::uint32_t>(task.inputs.size())};
    std::vector<std::int64_t> source;
    for (std::size_t axis = 0; axis < at.size(); ++axis) {
      const Overlap& overlap = overlaps[axis][at[axis]];
      source.push_back(overlap.source);
      piece.from.push_back({overlap.start, overlap.count, 1});
      piece.to.push_back(overlap.target_start);
    }
    task.inputs.push_back({0, ravel(source, from_grid)});
    params.pieces.push_back(std::move(piece));

    std::size_t axis = at.size();
    while (axis > 0 && ++at[axis - 1] == overlaps[axis - 1].size()) at[--axis] = 0;
    if (axis == 0) break;
  }
  task.call = gather_kernel(std::move(params));
  return task;
}

ExprPtr rechunk(ExprPtr array, Chunks chunks) {
  if (array_meta(array).chunks() == chunks) return array;
  return make_expr<Rechunk>(std::move(array), std::move(chunks));
}

}  // namespace plait
