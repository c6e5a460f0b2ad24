#include "collections/dataframe/repartition.h"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "collections/dataframe/frame_kernels.h"
#include "collections/dataframe/label_order.h"
#include "collections/dataframe/tree_reduction.h"
#include "graph/graph.h"
#include "kernels/table/rows.h"

namespace plait {

MetaPtr JoinPartitions::infer_meta() const {
  const FrameMeta& meta = frame_meta(frame);
  Divisions divisions;
  if (meta.known_divisions()) {
    for (const std::int64_t start : starts) divisions.push_back(meta.divisions()[static_cast<std::size_t>(start)]);
  }
  return make_frame_meta(meta.empty(), static_cast<std::int64_t>(starts.size()) - 1, std::move(divisions),
                         meta.estimated_bytes());
}

BlockTask JoinPartitions::block_task(std::int64_t block) const {
  BlockTask task{.call = table_kernel::concat(partition_concat(frame_meta(frame).form()))};
  const auto i = static_cast<std::size_t>(block);
  for (std::int64_t part = starts[i]; part < starts[i + 1]; ++part)
    task.inputs.push_back({.operand = 0, .block = part});
  return task;
}

MetaPtr SplitPartitions::infer_meta() const {
  const FrameMeta& meta = frame_meta(frame);
  return make_frame_meta(meta.empty(), std::accumulate(pieces.begin(), pieces.end(), std::int64_t{0}), {},
                         meta.estimated_bytes());
}

BlockTask SplitPartitions::block_task(std::int64_t block) const {
  std::size_t partition = 0;
  while (block >= pieces[partition]) block -= pieces[partition++];
  return {.call = slice_part_kernel({block, pieces[partition]}),
          .inputs = {{.operand = 0, .block = static_cast<std::int64_t>(partition)}}};
}

std::string CutPartitions::describe() const { return fmt::format("{} divisions", divisions.size()); }

Wanted CutPartitions::needs(std::size_t, const Wanted& wanted) const {
  Wanted needed = wanted;
  needed.index = true;
  return needed;
}

MetaPtr CutPartitions::infer_meta() const {
  const FrameMeta& meta = frame_meta(frame);
  require_native({meta.empty()});
  PLAIT_CHECK(meta.known_divisions() && divisions.size() >= 2);
  return make_frame_meta(meta.empty(), static_cast<std::int64_t>(divisions.size()) - 1, divisions,
                         meta.estimated_bytes());
}

BlockTask CutPartitions::block_task(std::int64_t block) const {
  const Divisions& old = frame_meta(frame).divisions();
  const Literal& start = divisions[static_cast<std::size_t>(block)];
  const Literal& stop = divisions[static_cast<std::size_t>(block) + 1];
  const bool is_last = block + 2 == static_cast<std::int64_t>(divisions.size());
  BlockTask task;
  bool is_whole = false;
  for (std::size_t i = 0; i + 1 < old.size(); ++i) {
    const bool has_end = i + 2 == old.size() || !label_less(old[i], old[i + 1]);
    const bool begins_before = label_less(old[i], stop) || (is_last && !label_less(stop, old[i]));
    const bool ends_after = label_less(start, old[i + 1]) || (has_end && !label_less(old[i + 1], start));
    if (!begins_before || !ends_after) continue;
    task.inputs.push_back({.operand = 0, .block = static_cast<std::int64_t>(i)});
    is_whole = !label_less(old[i], start) && !label_less(stop, old[i + 1]) &&
               (is_last || !has_end || label_less(old[i + 1], stop));
  }
  if (task.inputs.empty())
    task.call = literal_kernel(Value::of(frame_meta(frame).empty()));
  else if (is_whole && task.inputs.size() == 1)
    task.call = identity_kernel();
  else
    task.call = concat_then_kernel({table_kernel::loc({.start = start, .stop = stop, .include_stop = is_last})});
  return task;
}

ExprPtr cut_expr(ExprPtr frame, Divisions divisions) {
  if (frame_meta(frame).divisions() == divisions) return frame;
  return make_expr<CutPartitions>(std::move(frame), std::move(divisions));
}

namespace {

void check_order(const Divisions& divisions, const Divisions& own) {
  for (std::size_t i = 0; i < divisions.size(); ++i) {
    if (!are_comparable(divisions[i], own.front()))
      throw type_error(fmt::format("repartition: the division {} has no order with the frame's labels, such as {}",
                                   to_string(divisions[i]), to_string(own.front())));
    if (i == 0 || label_less(divisions[i - 1], divisions[i])) continue;
    // The last partition may be of one label.
    if (i + 1 < divisions.size() || label_less(divisions[i], divisions[i - 1]))
      throw value_error(fmt::format("repartition: the divisions must be different and in order, found {} before {}",
                                    to_string(divisions[i - 1]), to_string(divisions[i])));
  }
}

// Whether the rows of the frame begin or end elsewhere.
void check_ends(const Divisions& divisions, const Divisions& own, bool force) {
  const bool leaves_out = label_less(own.front(), divisions.front()) || label_less(divisions.back(), own.back());
  const bool reaches_beyond = label_less(divisions.front(), own.front()) || label_less(own.back(), divisions.back());
  if (!leaves_out && (force || !reaches_beyond)) return;
  throw value_error(fmt::format(
      "repartition: the divisions go from {} to {}, but the frame's from {} to {}; {}", to_string(divisions.front()),
      to_string(divisions.back()), to_string(own.front()), to_string(own.back()),
      leaves_out ? "rows would be left out" : "set force=True for divisions that reach beyond them"));
}

// Starts of neighbours that have at most `limit` together.
std::vector<std::int64_t> starts_within(const std::vector<double>& sizes, double limit) {
  std::vector<std::int64_t> starts = {0};
  double together = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (together + sizes[i] > limit && static_cast<std::int64_t>(i) > starts.back()) {
      starts.push_back(static_cast<std::int64_t>(i));
      together = 0;
    }
    together += sizes[i];
  }
  starts.push_back(static_cast<std::int64_t>(sizes.size()));
  return starts;
}

constexpr double kMostPieces = 1 << 20;

}  // namespace

ExprPtr repartition_at_expr(ExprPtr frame, Divisions divisions, bool force) {
  const FrameMeta& meta = frame_meta(frame);
  if (!meta.known_divisions())
    throw value_error(
        "repartition: the divisions of the frame are not known, so that it cannot be cut at labels; make them known "
        "with "
        "set_index, or say npartitions=");
  if (divisions.size() < 2)
    throw value_error(fmt::format("repartition: expected at least two divisions, found {}", divisions.size()));
  check_order(divisions, meta.divisions());
  check_ends(divisions, meta.divisions(), force);
  return cut_expr(std::move(frame), std::move(divisions));
}

ExprPtr repartition_by_size_expr(ExprPtr frame, const std::vector<double>& bytes, double limit) {
  const std::int64_t now = frame_meta(frame).npartitions();
  if (static_cast<std::int64_t>(bytes.size()) != now)
    throw value_error(fmt::format("repartition: {} sizes are given for {} partitions", bytes.size(), now));
  if (!(limit >= 1)) throw value_error(fmt::format("repartition: partition_size must be at least 1, found {}", limit));
  std::vector<std::int64_t> pieces;
  std::vector<double> sizes;
  for (const double own : bytes) {
    const double count = 1 + std::floor(own / limit);
    if (!(count < kMostPieces))
      throw value_error(
          fmt::format("repartition: partitions of {} bytes would be {} for one of {}", limit, count, own));
    pieces.push_back(static_cast<std::int64_t>(count));
    sizes.insert(sizes.end(), static_cast<std::size_t>(count), own / count);
  }
  if (sizes.size() > bytes.size()) frame = make_expr<SplitPartitions>(std::move(frame), std::move(pieces));
  std::vector<std::int64_t> starts = starts_within(sizes, limit);
  if (starts.size() == sizes.size() + 1) return frame;
  return make_expr<JoinPartitions>(std::move(frame), std::move(starts));
}

ExprPtr repartition_expr(ExprPtr frame, std::int64_t npartitions) {
  const std::int64_t now = frame_meta(frame).npartitions();
  if (npartitions < 1)
    throw value_error(fmt::format("repartition: npartitions must be at least 1, found {}", npartitions));
  if (npartitions == now) return frame;
  if (npartitions < now) {
    std::vector<std::int64_t> starts;
    const double ratio = static_cast<double>(now) / static_cast<double>(npartitions);
    for (std::int64_t i = 0; i < npartitions; ++i)
      starts.push_back(static_cast<std::int64_t>(static_cast<double>(i) * ratio));
    starts.push_back(now);
    return make_expr<JoinPartitions>(std::move(frame), std::move(starts));
  }
  std::vector<std::int64_t> pieces(static_cast<std::size_t>(now), npartitions / now);
  pieces.back() += npartitions % now;
  return make_expr<SplitPartitions>(std::move(frame), std::move(pieces));
}

}  // namespace plait
