#include "collections/dataframe/shuffle.h"

#include <fmt/format.h>

#include "collections/dataframe/frame_kernels.h"
#include "collections/dataframe/partition_size.h"
#include "graph/graph.h"
#include "kernels/table/join.h"

namespace plait {
namespace {

class SplitsMeta final : public Meta {
 public:
  SplitsMeta(std::int64_t npartitions, std::int64_t n) : npartitions_(npartitions), n_(n) {}
  std::vector<std::int64_t> grid() const override { return {npartitions_}; }
  std::string describe() const override { return fmt::format("{} partitions in {} parts each", npartitions_, n_); }
  Value assemble(std::vector<Value> blocks) const override { return Value::of(Sequence{std::move(blocks)}); }
  std::int64_t n() const { return n_; }

 private:
  std::int64_t npartitions_;
  std::int64_t n_;
};

class PartsMeta final : public Meta {
 public:
  PartsMeta(std::int64_t npartitions, std::int64_t n) : npartitions_(npartitions), n_(n) {}
  std::vector<std::int64_t> grid() const override { return {npartitions_, n_}; }
  std::string describe() const override { return fmt::format("{} parts of each of {} partitions", n_, npartitions_); }
  Value assemble(std::vector<Value> blocks) const override { return Value::of(Sequence{std::move(blocks)}); }

 private:
  std::int64_t npartitions_;
  std::int64_t n_;
};

// A call that takes the parts `block` of all splits.
BlockTask on_parts(const ExprPtr& parts, KernelCall call, std::int64_t block) {
  const std::vector<std::int64_t> grid = parts->meta().grid();
  BlockTask task{.call = std::move(call)};
  for (std::int64_t i = 0; i < grid[0]; ++i) task.inputs.push_back({.operand = 0, .block = i * grid[1] + block});
  return task;
}

// Partition j of the result is made of the parts j.
ExprPtr collected(ExprPtr splits, const Table& schema) {
  return make_expr<Collect>(make_expr<Parts>(std::move(splits)), schema);
}

}  // namespace

MetaPtr Split::infer_meta() const { return std::make_shared<SplitsMeta>(frame_meta(frame).npartitions(), n); }

bool Split::is_blockwise() const { return extra.empty(); }

BlockTask Split::block_task(std::int64_t block) const {
  BlockTask task{.call = kernel, .inputs = {{.operand = 0, .block = block}}};
  for (std::uint32_t i = 0; i < extra.size(); ++i) task.inputs.push_back({.operand = i + 1, .block = 0});
  return task;
}

MetaPtr Parts::infer_meta() const {
  const auto& meta = dynamic_cast<const SplitsMeta&>(splits->meta());
  return std::make_shared<PartsMeta>(meta.num_blocks(), meta.n());
}

BlockTask Parts::block_task(std::int64_t block) const {
  const std::int64_t n = meta().grid()[1];
  return {.call = item_kernel({n}), .inputs = {{.operand = 0, .block = block / n}}};
}

MetaPtr Collect::infer_meta() const { return make_frame_meta(schema, parts->meta().grid()[1]); }

BlockTask Collect::block_task(std::int64_t block) const { return on_parts(parts, collect_kernel({schema}), block); }

MetaPtr SplitParts::infer_meta() const { return std::make_shared<SplitsMeta>(parts->meta().grid()[1], n); }

BlockTask SplitParts::block_task(std::int64_t block) const { return on_parts(parts, kernel, block); }

MetaPtr CombineParts::infer_meta() const { return make_frame_meta(schema, parts->meta().grid()[1], divisions); }

BlockTask CombineParts::block_task(std::int64_t block) const { return on_parts(parts, kernel, block); }

ExprPtr hash_shuffle(ExprPtr frame, std::vector<std::string> keys, std::int64_t npartitions, bool keeps_range) {
  const Table schema = frame_meta(frame).empty();
  frame = in_pieces_within_budget(frame);
  const KernelCall split = table_kernel::hash_partition(
      HashPartitionParams{.keys = std::move(keys), .n = npartitions, .keeps_range = keeps_range});
  const ExprPtr splits =
      make_expr<Split>(std::move(frame), std::vector<ExprPtr>{}, split, std::string("hash_split"), npartitions);
  return collected(splits, schema);
}

ExprPtr range_shuffle(ExprPtr frame, ExprPtr divisions, std::string by, bool ascending, bool na_first,
                      std::int64_t npartitions) {
  const Table schema = frame_meta(frame).empty();
  frame = in_pieces_within_budget(frame);
  const KernelCall split = range_split_kernel(RangeSplit{std::move(by), ascending, na_first, npartitions});
  const ExprPtr splits = make_expr<Split>(std::move(frame), std::vector{std::move(divisions)}, split,
                                          std::string("range_split"), npartitions);
  return collected(splits, schema);
}

}  // namespace plait
