// A plan as text for people.
#include <fmt/format.h>

#include <unordered_map>

#include "expr/plan.h"

namespace plait {
namespace {

const char* origin_mark(Origin origin) {
  switch (origin) {
    case Origin::native:
      return "";
    case Origin::pandas:
      return "  [pandas, one partition at a time]";
    case Origin::python:
      return "  [Python function]";
  }
  return "";
}

// Writes every node once; a second mention refers to the first by number.
class TreeWriter {
 public:
  std::string write(const Roots& roots) {
    for (const ExprPtr& root : roots) node(root, 0);
    return std::move(text_);
  }

 private:
  void node(const ExprPtr& expr, int depth) {
    const auto [entry, is_new] = number_of_.emplace(expr.get(), number_of_.size() + 1);
    text_ += fmt::format("{:{}}", "", 2 * depth);
    if (!is_new) {
      text_ += fmt::format("{} (see {})\n", expr->op(), entry->second);
      return;
    }
    const std::string parameters = expr->describe();
    text_ +=
        fmt::format("{}. {}{}: {}{}\n", entry->second, expr->op(), parameters.empty() ? "" : "(" + parameters + ")",
                    expr->meta().describe(), origin_mark(expr->origin()));
    for (const ExprPtr& operand : expr->operands()) node(operand, depth + 1);
  }

  std::unordered_map<const Expr*, std::size_t> number_of_;
  std::string text_;
};

}  // namespace

std::string tree_text(const Roots& roots) { return TreeWriter().write(roots); }

std::string explain(const Roots& roots) {
  std::string text = "As written:\n" + tree_text(roots);
  Roots current = roots;
  std::string tree = tree_text(current);
  for (const Pass& pass : passes()) {
    if (!is_enabled(pass)) {
      text += fmt::format("\n{}: switched off by optimization.{}\n", pass.name, pass.name);
      continue;
    }
    current = pass.run(std::move(current));
    std::string now = tree_text(current);
    text += now == tree ? fmt::format("\nAfter {}: unchanged\n", pass.name)
                        : fmt::format("\nAfter {}:\n{}", pass.name, now);
    tree = std::move(now);
  }
  const Graph graph = build_graph(current);
  return text + fmt::format("\n{} tasks in {} layers\n", graph.size(), graph.layers().size());
}

}  // namespace plait
