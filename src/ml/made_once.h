// Rows that several runs read, such as both parts of a split: the first fit that goes through some of them has all of
// them made, in one run, and they stay as long as a plan can still ask for them. Nothing is kept where that does not
// pay or there is no room (see make_once); then every run makes what it needs, as ever.
#pragma once

#include <mutex>
#include <optional>
#include <vector>

#include "expr/expr.h"
#include "expr/plan.h"

namespace plait::ml {

// Arrays that are made together. Any thread may call it.
class RowsTogether {
 public:
  explicit RowsTogether(std::vector<ExprPtr> rows) : rows_(std::move(rows)) {}

  // The array with its blocks made; null as long as they are not.
  ExprPtr made(std::size_t place) const;
  // Has them made, unless that was decided before.
  void make(const ComputeOptions& options);

 private:
  const std::vector<ExprPtr> rows_;
  mutable std::mutex mutex_;
  std::optional<std::vector<ExprPtr>> made_;  // empty: they are not to be kept
};

// One of these arrays. In another process it is the array alone.
struct MadeOnce final : Op<MadeOnce> {
  ExprPtr rows;
  std::shared_ptr<RowsTogether> together;
  std::size_t place = 0;
  static constexpr auto op_name = "made_once";
  static constexpr auto fields = std::tuple{&MadeOnce::rows};

  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override { return rows->meta_ptr(); }
  ExprPtr with_operands(const std::vector<ExprPtr>& operands) const override;
  ExprPtr simplify() const override { return lower(); }
  ExprPtr lower() const override;
};

// The arrays, to be made together.
std::vector<ExprPtr> made_once(const std::vector<ExprPtr>& rows);

// To be called before a run that goes through all blocks of the plans. Rows are kept that are dear to make (read from
// files, made by functions or drawn) and take at most a quarter of the memory budget, where tasks share this memory.
void make_once(const std::vector<ExprPtr>& plans, const ComputeOptions& options);

}  // namespace plait::ml
