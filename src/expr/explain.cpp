// A plan as text for people.
#include <fmt/format.h>

#include <algorithm>
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

// A person reads no more lines, and none that begin further right.
constexpr std::size_t kMaxLines = 1000;
constexpr int kMaxDepth = 60;

// Writes every node once; a second mention refers to the first by number.
class TreeWriter {
 public:
  explicit TreeWriter(std::function<std::string(const Expr&)> note) : note_(std::move(note)) {}

  std::string write(const Roots& roots) {
    push(roots, 0);
    while (!waiting_.empty() && num_lines_ < kMaxLines) {
      const auto [expr, depth] = std::move(waiting_.back());
      waiting_.pop_back();
      write_node(expr, depth);
      ++num_lines_;
    }
    if (!waiting_.empty()) text_ += fmt::format("... and more: {} operations in all\n", nodes_of(roots).size());
    return std::move(text_);
  }

 private:
  // The first is written first.
  void push(const std::vector<ExprPtr>& nodes, int depth) {
    for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) waiting_.emplace_back(*node, depth);
  }

  void write_node(const ExprPtr& expr, int depth) {
    const auto [entry, is_new] = number_of_.emplace(expr.get(), number_of_.size() + 1);
    text_ += fmt::format("{:{}}", "", 2 * std::min(depth, kMaxDepth));
    if (!is_new) {
      text_ += fmt::format("{} (see {})\n", expr->op(), entry->second);
      return;
    }
    const std::string parameters = expr->describe();
    text_ +=
        fmt::format("{}. {}{}: {}{}{}\n", entry->second, expr->op(), parameters.empty() ? "" : "(" + parameters + ")",
                    expr->meta().describe(), origin_mark(expr->origin()), note_ ? note_(*expr) : "");
    push(expr->operands(), depth + 1);
  }

  std::function<std::string(const Expr&)> note_;
  std::vector<std::pair<ExprPtr, int>> waiting_;
  std::unordered_map<const Expr*, std::size_t> number_of_;
  std::size_t num_lines_ = 0;
  std::string text_;
};

// Equal tokens are the same work.
bool is_same(const Roots& a, const Roots& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const ExprPtr& x, const ExprPtr& y) { return x->token() == y->token(); });
}

}  // namespace

std::string tree_text(const Roots& roots, const std::function<std::string(const Expr&)>& note) {
  return TreeWriter(note).write(roots);
}

std::string explain(const Roots& roots) {
  std::string text = "As written:\n" + tree_text(roots);
  Roots current = roots;
  for (const Pass& pass : passes()) {
    if (!is_enabled(pass)) {
      text += fmt::format("\n{}: switched off by optimization.{}\n", pass.name, pass.name);
      continue;
    }
    Roots better = pass.run(current);
    text += is_same(current, better) ? fmt::format("\nAfter {}: unchanged\n", pass.name)
                                     : fmt::format("\nAfter {}:\n{}", pass.name, tree_text(better));
    current = std::move(better);
  }
  const Graph graph = build_graph(current);
  return text + fmt::format("\n{} tasks in {} layers\n", graph.size(), graph.layers().size());
}

}  // namespace plait
