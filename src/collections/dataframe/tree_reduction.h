// Reductions over all partitions: a partial table a partition, partials combined in a tree that keeps their order, and
// the result, which is one partition. Every aggregate, group-by, value_counts, nlargest, ... is one of these.
#pragma once

#include <string>
#include <vector>

#include "collections/dataframe/frame_op.h"

namespace plait {

// Partials that one task combines.
inline constexpr std::int64_t kSplitEvery = 8;

template <>
struct Codec<Wanted> {
  static void encode(Encoder& to, const Wanted& wanted);
  static Wanted decode(Decoder& from);
};

struct TreeReduction final : Op<TreeReduction>, FrameOp {
  ExprPtr input;
  std::string label;
  std::string text;     // of the parameters, for explain()
  KernelCall partial;   // one table -> partial
  KernelCall combine;   // partials -> partial; none: they are sorted keys, of which `finalize` takes those of `ranks`
  KernelCall finalize;  // partial -> result; none: the last partial is the result
  Wanted required;      // of the input
  std::vector<double> ranks = {};  // kernels/table/ranked_keys.h
  static constexpr auto op_name = "tree_reduction";
  static constexpr auto fields =
      std::tuple{&TreeReduction::input,   &TreeReduction::label,    &TreeReduction::text,     &TreeReduction::partial,
                 &TreeReduction::combine, &TreeReduction::finalize, &TreeReduction::required, &TreeReduction::ranks};

  std::string_view op() const override { return label; }
  std::string describe() const override { return text; }
  ExprPtr lower() const override;
  Wanted needs(std::size_t, const Wanted&) const override { return required; }
  bool moves_rows() const override { return true; }
  bool is_reduction() const override { return true; }
  MetaPtr infer_meta() const override;
};

// The first step: each partition's partial. On batches of a partition it is run on each, and the results are combined.
struct FramePartial final : PartitionOp<FramePartial> {
  ExprPtr input;
  KernelCall partial;
  KernelCall combine;
  std::string label;
  static constexpr auto op_name = "partial";
  static constexpr auto fields =
      std::tuple{&FramePartial::input, &FramePartial::partial, &FramePartial::combine, &FramePartial::label};

  std::string_view op() const override { return label; }
  std::string describe() const override { return ""; }
  KernelCall kernel_call() const override { return partial; }

 protected:
  MetaPtr partition_meta(const FrameMeta& like, Table empty) const override;
};

// A call that takes `fan_in` neighbouring partitions at a time (0: all of them) and gives one.
struct FanIn final : Op<FanIn>, FrameOp {
  ExprPtr input;
  KernelCall kernel;
  std::string label;
  std::int64_t fan_in = 0;
  static constexpr auto op_name = "fan_in";
  static constexpr auto fields = std::tuple{&FanIn::input, &FanIn::kernel, &FanIn::label, &FanIn::fan_in};

  std::string_view op() const override { return label; }
  BlockTask block_task(std::int64_t block) const override;
  KernelCall kernel_call() const override { return kernel; }
  MetaPtr infer_meta() const override;

 private:
  std::int64_t width() const;
};

// All partitions as one.
ExprPtr gather(ExprPtr frame);

// One table of all inputs, then another call on it.
struct ConcatThen {
  KernelCall then;
  static constexpr auto fields = std::tuple{&ConcatThen::then};
};
inline constinit KernelId<ConcatThen> concat_then_kernel{"frame_concat_then"};

}  // namespace plait
