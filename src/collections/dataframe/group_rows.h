// Operations that give rows of a group something of their own: rows go to parts by a hash of their keys, so that each
// group is whole in one of them; the operation works on each part by itself; what it made of the rows goes back to
// where they stood.
#pragma once

#include <string>
#include <vector>

#include "collections/dataframe/frame_op.h"

namespace plait {

// Rows by a hash of their keys, in `n` partitions.
struct Shuffle final : Op<Shuffle>, FrameOp {
  ExprPtr input;
  std::vector<std::string> keys;
  std::int64_t n = 1;
  static constexpr auto op_name = "shuffle";
  static constexpr auto fields = std::tuple{&Shuffle::input, &Shuffle::keys, &Shuffle::n};

  ExprPtr lower() const override;
  Wanted needs(std::size_t operand, const Wanted& wanted) const override;
  bool moves_rows() const override { return true; }
  MetaPtr infer_meta() const override;
};

// Rows with positions (kernels/table/key_parts.h) in the partitions of `like`, without the positions: all of its rows,
// or some.
struct InPlace final : Op<InPlace>, FrameOp {
  ExprPtr rows;
  ExprPtr like;
  bool has_all_rows = true;
  static constexpr auto op_name = "in_place";
  static constexpr auto fields = std::tuple{&InPlace::rows, &InPlace::like, &InPlace::has_all_rows};

  std::string describe() const override { return ""; }
  ExprPtr lower() const override;
  Wanted needs(std::size_t operand, const Wanted& wanted) const override;
  bool moves_rows() const override { return true; }
  ExprPtr row_source() const override { return row_source_; }
  ExprPtr partition_source() const override { return partition_source_; }
  MetaPtr infer_meta() const override;

 private:
  // Found when the node is made.
  mutable ExprPtr row_source_;
  mutable ExprPtr partition_source_;
};

// Throws NoNativeForm where a column has none.
ExprPtr with_positions_expr(ExprPtr rows);
// As many partitions as `n`; 0: as the rows have.
ExprPtr shuffle_expr(ExprPtr rows, std::vector<std::string> keys, std::int64_t n);
// The rows in the order of their keys, each group whole in one partition, in the order of its rows.
ExprPtr rows_in_order_expr(ExprPtr rows, std::vector<std::string> keys);
// The rows with their positions, each group whole in one partition, in the order of its rows.
ExprPtr rows_together_expr(ExprPtr rows, std::vector<std::string> keys);

}  // namespace plait
