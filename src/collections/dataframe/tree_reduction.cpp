#include "collections/dataframe/tree_reduction.h"

#include <algorithm>

#include "collections/dataframe/partition_ops.h"
#include "kernels/table/key_kernels.h"
#include "kernels/table/rows.h"
#include "runtime/machine.h"

namespace plait {
namespace {

// Samples of a column of one partition: where a rank may be is known up to as many values as lie between two of them.
// All samples together are a small share of the memory budget.
std::int64_t num_samples(const FrameMeta& sorted) {
  constexpr std::uint64_t kFewest = 16, kMost = 1024, kSampleBytes = 32;
  const std::uint64_t lists = static_cast<std::uint64_t>(sorted.npartitions()) * sorted.schema().columns.size();
  const std::uint64_t fitting = memory_budget_bytes() / 16 / kSampleBytes / std::max<std::uint64_t>(1, lists);
  return static_cast<std::int64_t>(std::clamp(fitting, kFewest, kMost));
}

// What is found of the ranks among the sorted keys of all partitions, as one partition.
ExprPtr ranked(const ExprPtr& sorted, const std::vector<double>& ranks, const std::string& label) {
  const CallTraits traits{.makes_index = true, .keeps_divisions = false};
  const auto call = [&](std::vector<ExprPtr> inputs, KernelCall kernel, const std::string& step) {
    return make_expr<PartitionCall>(std::move(inputs), std::move(kernel), label + step, std::string(), traits);
  };
  const ExprPtr samples =
      call({sorted}, table_kernel::key_samples(KeySamplesParams{num_samples(frame_meta(sorted))}), "-samples");
  const ExprPtr brackets = make_expr<FanIn>(samples, table_kernel::key_brackets(KeyBracketsParams{ranks}),
                                            label + "-brackets", std::int64_t{0});
  const ExprPtr within = gather(call({sorted, brackets}, table_kernel::keys_within(), "-within"));
  return call({within, brackets}, table_kernel::ranked_keys(), "-ranks");
}

}  // namespace

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
  result = combine ? infer(combine, {result}) : ranked_keys_of({result}, {ranks});
  if (finalize) result = infer(finalize, {result});
  // A reduction of no rows still has its row; only the schema counts here.
  if (result.form() != TableForm::scalar) result = Table::empty(result.schema());
  return make_frame_meta(std::move(result), 1);
}

ExprPtr TreeReduction::lower() const {
  ExprPtr partials = make_expr<FramePartial>(input, partial, combine, label + "-partial");
  if (!combine) partials = ranked(partials, ranks, label);
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
