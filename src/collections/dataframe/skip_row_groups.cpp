// Readers of Parquet files that are only seen through filters are told which rows those let through.
#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "collections/dataframe/frame_passes.h"
#include "collections/dataframe/isin_keys.h"
#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/read_parquet.h"
#include "kernels/table/elementwise.h"

namespace plait {
namespace {

// A reader is told no more alternatives than that.
constexpr std::size_t kMaxAlternatives = 16;

// The column of `reader` that a series is, under whatever names it came by; none if it is anything else.
std::optional<std::string> stored_column(ExprPtr series, const Expr* reader) {
  const auto* selected = dynamic_cast<const SelectColumns*>(series.get());
  if (!selected || !selected->as_series) return std::nullopt;
  std::string column = selected->columns.front();
  ExprPtr frame = selected->frame;
  while (frame.get() != reader) {
    if (const auto* select = dynamic_cast<const SelectColumns*>(frame.get()); select && !select->as_series) {
      frame = select->frame;
    } else if (const auto* rename = dynamic_cast<const Rename*>(frame.get())) {
      const auto renamed = std::ranges::find(rename->names, column, [](const auto& names) { return names.second; });
      if (renamed != rename->names.end()) column = renamed->first;
      frame = rename->frame;
    } else if (const auto* assign = dynamic_cast<const Assign*>(frame.get());
               assign && std::ranges::find(assign->names, column) == assign->names.end()) {
      frame = assign->frame;
    } else {
      return std::nullopt;
    }
  }
  return column;
}

// `column op value`; none where that is no range.
std::optional<ParquetRange> range_of(const std::string& column, BinaryOp op, const Literal& value) {
  switch (op) {
    case BinaryOp::eq:
      return ParquetRange{.column = column, .lower = value, .upper = value};
    case BinaryOp::lt:
    case BinaryOp::le:
      return ParquetRange{.column = column, .upper = value, .is_below = op == BinaryOp::lt};
    case BinaryOp::gt:
    case BinaryOp::ge:
      return ParquetRange{.column = column, .lower = value, .is_above = op == BinaryOp::gt};
    default:
      return std::nullopt;
  }
}

// The same comparison with its sides exchanged.
BinaryOp flipped(BinaryOp op) {
  switch (op) {
    case BinaryOp::lt:
      return BinaryOp::gt;
    case BinaryOp::le:
      return BinaryOp::ge;
    case BinaryOp::gt:
      return BinaryOp::lt;
    case BinaryOp::ge:
      return BinaryOp::le;
    default:
      return op;
  }
}

std::optional<ParquetRange> range_of(const std::string& column, const BinaryParams& compare) {
  if (compare.right) return range_of(column, compare.op, *compare.right);
  if (compare.left) return range_of(column, flipped(compare.op), *compare.left);
  return std::nullopt;
}

std::optional<ParquetRange> range_of(const std::string& column, const BetweenParams& between) {
  const bool is_above = between.inclusive == Inclusive::right || between.inclusive == Inclusive::neither;
  const bool is_below = between.inclusive == Inclusive::left || between.inclusive == Inclusive::neither;
  return ParquetRange{column, between.left, between.right, is_above, is_below};
}

// From the least to the greatest of values of one kind that has an order.
std::optional<ParquetRange> range_of(const std::string& column, const IsinParams& among) {
  const auto& values = among.values;
  const auto has_order = [](const Literal& value) {
    return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<std::string>(value);
  };
  const auto is_alike = [&](const Literal& value) { return value.index() == values.front().index(); };
  if (values.empty() || !has_order(values.front()) || !std::ranges::all_of(values, is_alike)) return std::nullopt;
  const auto [least, greatest] = std::ranges::minmax(values);
  return ParquetRange{.column = column, .lower = least, .upper = greatest};
}

// What must hold of the reader's columns where the condition does: its parts that say so, which all have to be true.
ParquetRanges ranges_of(const ExprPtr& condition, const Expr* reader) {
  ParquetRanges ranges;
  std::vector<ExprPtr> waiting{condition};
  while (!waiting.empty()) {
    const ExprPtr part = waiting.back();
    waiting.pop_back();
    const auto* call = dynamic_cast<const PartitionCall*>(part.get());
    if (!call) continue;
    const BinaryParams* binary = table_kernel::binary.params_of(call->kernel);
    if (binary && binary->op == BinaryOp::and_ && !binary->fill_value) {
      waiting.insert(waiting.end(), call->inputs.begin(), call->inputs.end());
      continue;
    }
    if (call->inputs.size() != 1) continue;
    const auto column = stored_column(call->inputs.front(), reader);
    if (!column) continue;
    std::optional<ParquetRange> range;
    if (binary && !binary->fill_value) range = range_of(*column, *binary);
    if (const BetweenParams* between = table_kernel::between.params_of(call->kernel))
      range = range_of(*column, *between);
    if (const IsinParams* among = table_kernel::isin.params_of(call->kernel)) range = range_of(*column, *among);
    if (range) ranges.push_back(std::move(*range));
  }
  return ranges;
}

// Whether rows that nobody sees matter, as categories are those of all rows. Those of folders are known before.
bool makes_categories_of_rows(const ReadParquet& reader) {
  return std::ranges::any_of(reader.columns, [&](const std::string& column) {
    return reader.scan->schema.type(column).kind == TypeKind::category && !reader.scan->folder(column);
  });
}

// What the consumers of a plan's nodes see of its readers.
class Viewers {
 public:
  Viewers(const std::vector<ExprPtr>& nodes, const Roots& roots) : nodes_(nodes) {
    for (const ExprPtr& root : roots) roots_.insert(root.get());
  }

  // The ranges of all filters through which the reader's rows are seen; none if somebody sees all of them, or a filter
  // says nothing of ranges.
  std::vector<ParquetRanges> wanted_of(const ExprPtr& reader) const {
    if (makes_categories_of_rows(*dynamic_cast<const ReadParquet*>(reader.get()))) return {};
    std::unordered_set<const Expr*> same_rows{reader.get()};
    std::vector<ParquetRanges> wanted;
    for (const ExprPtr& node : nodes_) {
      const auto operands = node->operands();
      const auto has_rows = [&](const ExprPtr& operand) { return same_rows.contains(operand.get()); };
      if (std::ranges::none_of(operands, has_rows)) continue;
      const auto is_beside = [&](const ExprPtr& operand) {
        return has_rows(operand) || (is_frame(*operand) && frame_meta(operand).form() == TableForm::scalar);
      };
      const auto* isin = dynamic_cast<const IsinKeys*>(node.get());
      if (isin ? !has_rows(isin->keys) : keeps_rows(node) && std::ranges::all_of(operands, is_beside)) {
        if (finds_categories(node)) return {};
        same_rows.insert(node.get());
        continue;
      }
      const auto* filter = dynamic_cast<const Filter*>(node.get());
      if (!filter || !has_rows(filter->frame) || !has_rows(filter->condition)) return {};
      wanted.push_back(ranges_of(filter->condition, reader.get()));
      if (wanted.back().empty() || wanted.size() > kMaxAlternatives) return {};
    }
    const bool is_seen_whole = std::ranges::any_of(same_rows, [&](const Expr* node) { return roots_.contains(node); });
    return is_seen_whole ? std::vector<ParquetRanges>{} : wanted;
  }

 private:
  // Row by row, whatever rows there are.
  static bool keeps_rows(const ExprPtr& node) {
    const FrameOp* op = is_frame(*node) ? frame_op(node) : nullptr;
    return op && op->is_rowwise() && op->keeps_rows() && !op->numbers_rows();
  }

  const std::vector<ExprPtr>& nodes_;
  std::unordered_set<const Expr*> roots_;
};

}  // namespace

Roots skip_row_groups(Roots roots) {
  // Equal readers are one, so that the filters of both are seen.
  roots = rewrite(roots, [](const ExprPtr& node) { return node; });
  const auto nodes = nodes_of(roots);
  const Viewers viewers(nodes, roots);
  std::unordered_map<const Expr*, ExprPtr> told;
  for (const ExprPtr& node : nodes) {
    const auto* reader = dynamic_cast<const ReadParquet*>(node.get());
    if (!reader || !reader->wanted.empty()) continue;
    std::vector<ParquetRanges> wanted = viewers.wanted_of(node);
    if (wanted.empty()) continue;
    const SourceScope scope(node->source());
    told.emplace(node.get(), make_expr<ReadParquet>(reader->scan, reader->columns, reader->with_index,
                                                    std::move(wanted), reader->again));
  }
  return told.empty() ? roots : with_replaced(roots, told);
}

}  // namespace plait
