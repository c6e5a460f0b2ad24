#include "collections/dataframe/tree_reduction.h"

#include <algorithm>

#include "kernels/table/rows.h"

namespace plait {

void Codec<Wanted>::encode(Encoder& to, const Wanted& wanted) {
  plait::encode(to, wanted.all_columns);
  plait::encode(to, std::vector<std::string>(wanted.columns.begin(), wanted.columns.end()));
  plait::encode(to, wanted.index);
}

Wanted Codec<Wanted>::decode(Decoder& from) {
  Wanted wanted{.all_columns = plait::decode<bool>(from)};
  for (std::string& column : plait::decode<std::vector<std::string>>(from)) wanted.columns.insert(std::move(column));
  wanted.index = plait::decode<bool>(from);
  return wanted;
}

MetaPtr TreeReduction::infer_meta() const {
  require_native({frame_meta(input).empty()});
  Table result = infer(partial, {frame_meta(input).empty()});
  if (combine) result = infer(combine, {result});
  if (finalize) result = infer(finalize, {result});
  // A reduction of no rows still has its row; only the schema counts here.
  if (result.form() != TableForm::scalar) result = Table::empty(result.schema());
  return make_frame_meta(std::move(result), 1);
}

ExprPtr TreeReduction::lower() const {
  ExprPtr partials = make_expr<FramePartial>(input, partial, combine, label + "-partial");
  if (!combine) return make_expr<FanIn>(partials, finalize, label, std::int64_t{0});
  while (frame_meta(partials).npartitions() > 1) {
    partials = make_expr<FanIn>(partials, combine, label + "-combine", kSplitEvery);
  }
  return finalize ? make_expr<FanIn>(partials, finalize, label, std::int64_t{0}) : partials;
}

MetaPtr FramePartial::partition_meta(const FrameMeta& like, Table empty) const {
  // Of no rows, not without rows: some partials have a row in any case, which the next steps look at.
  return make_frame_meta(std::move(empty), like.npartitions());
}

std::int64_t FanIn::width() const { return fan_in == 0 ? frame_meta(input).npartitions() : fan_in; }

MetaPtr FanIn::infer_meta() const {
  const FrameMeta& meta = frame_meta(input);
  return make_frame_meta(infer(kernel, {meta.empty()}), (meta.npartitions() + width() - 1) / width(), {},
                         meta.estimated_bytes());
}

BlockTask FanIn::block_task(std::int64_t block) const {
  BlockTask task{.call = kernel};
  const std::int64_t end = std::min((block + 1) * width(), frame_meta(input).npartitions());
  for (std::int64_t i = block * width(); i < end; ++i) task.inputs.push_back({.operand = 0, .block = i});
  return task;
}

ExprPtr gather(ExprPtr frame) {
  if (frame_meta(frame).npartitions() == 1) return frame;
  const KernelCall concat = table_kernel::concat(partition_concat(frame_meta(frame).form()));
  return make_expr<FanIn>(std::move(frame), concat, "gather", std::int64_t{0});
}

}  // namespace plait
