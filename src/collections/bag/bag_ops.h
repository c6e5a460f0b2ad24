// The nodes of bags. What a partition is, and what is called on it, is the caller's: a kernel call, in whatever
// language; the nodes say which partitions come together.
#pragma once

#include <string>
#include <vector>

#include "base/kernel.h"
#include "collections/bag/bag_meta.h"
#include "expr/expr.h"

namespace plait {

// Partitions that are there already.
struct BagItems final : Op<BagItems> {
  std::vector<Value> partitions;
  std::string label;
  static constexpr auto op_name = "bag_items";
  static constexpr auto fields = std::tuple{&BagItems::partitions, &BagItems::label};

  std::string_view op() const override { return label; }
  std::string describe() const override { return "in memory"; }
  bool is_cheap() const override { return true; }
  MetaPtr infer_meta() const override { return make_bag_meta(static_cast<std::int64_t>(partitions.size())); }
  BlockTask block_task(std::int64_t block) const override;
};

// Partition i is a call on the partitions i of the inputs; single values go with every partition.
struct BagCall final : Op<BagCall> {
  std::vector<ExprPtr> inputs;
  KernelCall call;
  std::string label;
  bool is_item = false;  // the result is one value
  static constexpr auto op_name = "bag_call";
  static constexpr auto fields = std::tuple{&BagCall::inputs, &BagCall::call, &BagCall::label, &BagCall::is_item};

  std::string_view op() const override { return label; }
  std::string describe() const override;
  Origin origin() const override;
  bool is_blockwise() const override { return true; }
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
  // Python functions one after the other become the steps of one call.
  ExprPtr absorb(std::size_t operand, const ExprPtr& producer) const override;
};

// Partition i is a call on the partitions from starts[i] up to starts[i + 1].
struct BagFanIn final : Op<BagFanIn> {
  ExprPtr bag;
  KernelCall call;
  std::string label;
  std::vector<std::int64_t> starts;
  bool is_item = false;
  static constexpr auto op_name = "bag_fan_in";
  static constexpr auto fields =
      std::tuple{&BagFanIn::bag, &BagFanIn::call, &BagFanIn::label, &BagFanIn::starts, &BagFanIn::is_item};

  std::string_view op() const override { return label; }
  std::string describe() const override { return ""; }
  Origin origin() const override;
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// Some partitions of a bag, in the given order.
struct BagPick final : Op<BagPick> {
  ExprPtr bag;
  std::vector<std::int64_t> numbers;
  static constexpr auto op_name = "bag_pick";
  static constexpr auto fields = std::tuple{&BagPick::bag, &BagPick::numbers};

  MetaPtr infer_meta() const override { return make_bag_meta(static_cast<std::int64_t>(numbers.size())); }
  BlockTask block_task(std::int64_t block) const override;
  // Picks from the inputs of a call, so that the other partitions are never made ready.
  ExprPtr simplify() const override;
};

// Bags one after the other.
struct BagConcat final : Op<BagConcat> {
  std::vector<ExprPtr> bags;
  static constexpr auto op_name = "bag_concat";
  static constexpr auto fields = std::tuple{&BagConcat::bags};

  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;

 private:
  mutable std::vector<std::int64_t> first_partitions_;  // of each bag
};

// Partition i * m + j is a call on partition i of the left and partition j of the right bag, which has m of them.
struct BagPairs final : Op<BagPairs> {
  ExprPtr left;
  ExprPtr right;
  KernelCall call;
  std::string label;
  static constexpr auto op_name = "bag_pairs";
  static constexpr auto fields = std::tuple{&BagPairs::left, &BagPairs::right, &BagPairs::call, &BagPairs::label};

  std::string_view op() const override { return label; }
  std::string describe() const override { return ""; }
  Origin origin() const override;
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// Partition i is calls[i] on partition sources[i]: a piece of it.
struct BagCut final : Op<BagCut> {
  ExprPtr bag;
  std::vector<KernelCall> calls;
  std::vector<std::int64_t> sources;
  static constexpr auto op_name = "bag_cut";
  static constexpr auto fields = std::tuple{&BagCut::bag, &BagCut::calls, &BagCut::sources};

  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override { return make_bag_meta(static_cast<std::int64_t>(sources.size())); }
  BlockTask block_task(std::int64_t block) const override;
};

// Each partition as a sequence of `n` parts, which a call makes of it.
struct BagSplit final : Op<BagSplit> {
  ExprPtr bag;
  KernelCall call;
  std::string label;
  std::int64_t n = 1;
  static constexpr auto op_name = "bag_split";
  static constexpr auto fields = std::tuple{&BagSplit::bag, &BagSplit::call, &BagSplit::label, &BagSplit::n};

  std::string_view op() const override { return label; }
  std::string describe() const override { return ""; }
  Origin origin() const override;
  bool is_blockwise() const override { return true; }
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// Block (i, j): part j of partition i.
struct BagParts final : Op<BagParts> {
  ExprPtr splits;
  std::int64_t n = 1;
  static constexpr auto op_name = "bag_parts";
  static constexpr auto fields = std::tuple{&BagParts::splits, &BagParts::n};

  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

// Partition j is a call on the parts j of all partitions.
struct BagMerge final : Op<BagMerge> {
  ExprPtr parts;
  KernelCall call;
  std::string label;
  static constexpr auto op_name = "bag_merge";
  static constexpr auto fields = std::tuple{&BagMerge::parts, &BagMerge::call, &BagMerge::label};

  std::string_view op() const override { return label; }
  std::string describe() const override { return ""; }
  Origin origin() const override;
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

}  // namespace plait
