// What is known of a lazy frame, series, index or scalar: its schema, its partitions, and their divisions if they are
// sorted by the index.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "expr/expr.h"
#include "kernels/table/rows.h"
#include "kernels/table/table_value.h"

namespace plait {

// Partition i holds the index labels from divisions[i] up to (not including) divisions[i + 1]; the last one includes
// its end. npartitions + 1 values, or none where they are not known.
using Divisions = std::vector<Literal>;

class FrameMeta final : public Meta {
 public:
  FrameMeta(Table empty, std::int64_t npartitions, Divisions divisions = {}, std::uint64_t estimated_bytes = 0);

  // A table of the same schema without rows: what an operation makes of it tells the schema of its own result.
  const Table& empty() const { return empty_; }
  const Schema& schema() const { return empty_.schema(); }
  TableForm form() const { return schema().form; }
  std::int64_t npartitions() const { return npartitions_; }
  bool known_divisions() const { return !divisions_.empty(); }
  const Divisions& divisions() const { return divisions_; }
  // No more than about this many bytes in all; 0 if nothing is known. Chooses the side of a join that is sent to all.
  std::uint64_t estimated_bytes() const { return estimated_bytes_; }

  std::vector<std::int64_t> grid() const override { return {npartitions_}; }
  std::string describe() const override;
  // The partitions one after the other, as pd.concat gives them.
  Value assemble(std::vector<Value> blocks) const override;
  std::string kind() const override { return "frame"; }
  void encode_fields(Encoder& to) const override;
  static MetaPtr read(Decoder& from);

 private:
  Table empty_;
  std::int64_t npartitions_;
  Divisions divisions_;
  std::uint64_t estimated_bytes_;
};

// How partitions of a form are put together: an index labels nothing, and has no labels to keep.
ConcatParams partition_concat(TableForm form);

// The meta of a node that is a frame, series, index or scalar.
const FrameMeta& frame_meta(const ExprPtr& expr);
bool is_frame(const Expr& expr);
MetaPtr make_frame_meta(Table empty, std::int64_t npartitions, Divisions divisions = {},
                        std::uint64_t estimated_bytes = 0);
// The same partitions with another schema, and as much smaller or larger as its rows are.
MetaPtr with_schema(const FrameMeta& meta, Table empty);
// Whether it matters which rows there are even where a filter leaves them out: categories are those of all.
bool has_categories(const ExprPtr& expr);
// Whether the node makes categories out of other values.
bool finds_categories(const ExprPtr& expr);
// About what a value of this type, and a row of this schema, takes.
std::uint64_t bytes_of_value(TypeKind kind);
std::uint64_t bytes_per_row(const Schema& schema);

}  // namespace plait
