// Reductions by key whose result may be as large as their input: partials are cut into parts by a hash of their keys,
// and each part is combined and finished by itself. The result has one partition a part, in no order of its own.
//
// A reduction of few bytes is a TreeReduction instead: it has one part, and its result is in order.
#pragma once

#include <string>
#include <vector>

#include "collections/dataframe/frame_op.h"

namespace plait {

struct PartedReduction final : Op<PartedReduction>, FrameOp {
  ExprPtr input;
  std::string label;
  std::string text;             // of the parameters, for explain()
  KernelCall partial;           // one table -> partial; none: rows are cut as they are
  KernelCall combine_partials;  // of batches of one partition
  KernelCall split;             // partial (or rows) -> n of them
  KernelCall combine;           // part j of all partitions -> one partial
  KernelCall finalize;          // partial -> result
  std::int64_t n = 1;
  Wanted required;  // of the input
  static constexpr auto op_name = "parted_reduction";
  static constexpr auto fields = std::tuple{&PartedReduction::input,
                                            &PartedReduction::label,
                                            &PartedReduction::text,
                                            &PartedReduction::partial,
                                            &PartedReduction::combine_partials,
                                            &PartedReduction::split,
                                            &PartedReduction::combine,
                                            &PartedReduction::finalize,
                                            &PartedReduction::n,
                                            &PartedReduction::required};

  std::string_view op() const override { return label; }
  std::string describe() const override;
  ExprPtr lower() const override;
  Wanted needs(std::size_t, const Wanted&) const override { return required; }
  bool moves_rows() const override { return true; }
  bool is_reduction() const override { return true; }
  MetaPtr infer_meta() const override;

 private:
  ExprPtr splits() const;
};

// What is known of a reduction by key before it runs: how many bytes it may come to.
class KeyedBytes {
 public:
  // Of the columns and labels that it takes of its input.
  KeyedBytes(const ExprPtr& input, const Wanted& required);

  // So many that each fits a task many times over; 1 for few bytes, or where nothing is known. With `are_different`,
  // keys are likely to be as many as rows, and parts are so small that the tables in which they are looked up stay in
  // cache.
  std::int64_t num_parts(bool are_different = false) const;
  // Whether one task may well hold the whole result.
  bool fits_one_task() const;

 private:
  std::uint64_t bytes_ = 0;
  std::int64_t npartitions_ = 1;
};

}  // namespace plait
