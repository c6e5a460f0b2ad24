#include "collections/dataframe/conditions.h"

#include <algorithm>
#include <unordered_map>

namespace plait {

ExprPtr moved(const ExprPtr& series, const std::vector<ExprPtr>& from, const ExprPtr& to, const NameBelow& name_below) {
  std::unordered_map<const Expr*, ExprPtr> done;
  std::vector<ExprPtr> waiting{series};
  while (!waiting.empty()) {
    const ExprPtr node = waiting.back();
    if (done.contains(node.get())) {
      waiting.pop_back();
      continue;
    }
    if (is_frame(*node) && frame_meta(node).form() == TableForm::scalar) {
      done.emplace(node.get(), node);
      continue;
    }
    if (const auto* select = dynamic_cast<const SelectColumns*>(node.get()); select && select->as_series) {
      const auto column = name_below(select->columns.front());
      if (!column || std::ranges::find(from, select->frame) == from.end()) return nullptr;
      done.emplace(node.get(), select_column(to, *column));
      continue;
    }
    const auto* call = dynamic_cast<const PartitionCall*>(node.get());
    if (!call || !call->traits.rowwise || !call->traits.keeps_rows) return nullptr;
    std::vector<ExprPtr> inputs;
    for (const ExprPtr& input : call->inputs) {
      const auto found = done.find(input.get());
      if (found == done.end())
        waiting.push_back(input);
      else
        inputs.push_back(found->second);
    }
    if (inputs.size() == call->inputs.size()) done.emplace(node.get(), node->with_operands(inputs));
  }
  return done.at(series.get());
}

std::vector<ExprPtr> parts_of(const ExprPtr& condition, BinaryOp op) {
  std::vector<ExprPtr> parts;
  std::vector<ExprPtr> waiting{condition};
  const auto is_bool = [](const ExprPtr& part) {
    return frame_meta(part).form() == TableForm::series &&
           frame_meta(part).schema().columns.front().type.kind == TypeKind::bool_;
  };
  while (!waiting.empty()) {
    const ExprPtr part = waiting.back();
    waiting.pop_back();
    const auto* call = dynamic_cast<const PartitionCall*>(part.get());
    const BinaryParams* binary = call ? table_kernel::binary.params_of(call->kernel) : nullptr;
    if (binary && binary->op == op && call->inputs.size() == 2 && !binary->fill_value &&
        std::ranges::all_of(call->inputs, is_bool))
      waiting.insert(waiting.end(), call->inputs.rbegin(), call->inputs.rend());
    else
      parts.push_back(part);
  }
  return parts;
}

ExprPtr joined_by(BinaryOp op, const std::vector<ExprPtr>& conditions) {
  ExprPtr whole = conditions.front();
  for (std::size_t i = 1; i < conditions.size(); ++i)
    whole =
        elementwise_call({whole, conditions[i]}, table_kernel::binary(BinaryParams{.op = op}), std::string(name(op)));
  return whole;
}

FilterView::FilterView(const Filter& of) : filter(of), frames{of.frame} {
  while (const auto* select = dynamic_cast<const SelectColumns*>(below().get())) {
    if (select->as_series) return;
    frames.push_back(select->frame);
  }
}

ExprPtr FilterView::narrowed(ExprPtr filtered) const {
  return frames.size() == 1 ? filtered : select_columns(std::move(filtered), frame_meta(filter.frame).empty().names());
}

NameBelow names_of_side(const Merge& merge, bool is_left) {
  const ExprPtr& mine = is_left ? merge.left : merge.right;
  const ExprPtr& other = is_left ? merge.right : merge.left;
  const auto is_shared_key = [&params = merge.params](const std::string& column) {
    const auto key = std::ranges::find(params.left_on, column);
    return key != params.left_on.end() &&
           params.right_on.at(static_cast<std::size_t>(key - params.left_on.begin())) == column;
  };
  return [mine, other, is_shared_key](const std::string& column) -> std::optional<std::string> {
    if (!frame_meta(mine).empty().has(column)) return std::nullopt;
    if (frame_meta(other).empty().has(column) && !is_shared_key(column)) return std::nullopt;
    return column;
  };
}

bool keeps_side(const Merge& merge, bool is_left) {
  const JoinHow how = merge.params.how;
  return is_left ? how != JoinHow::right && how != JoinHow::outer : how == JoinHow::inner || how == JoinHow::right;
}

}  // namespace plait
