// From a lowered plan to tasks: only the blocks that the roots need, producers before consumers.
#include <unordered_map>

#include "expr/plan.h"

namespace plait {
namespace {

constexpr std::size_t kStepsPerPoll = 4096;

// The blocks of one node that somebody needs, and how each is made.
struct NeededBlocks {
  std::vector<std::int64_t> blocks;  // in the order in which they were asked for
  std::vector<BlockTask> tasks;      // one for each of `blocks`
  std::vector<bool> is_needed;
  std::vector<TaskId> task_of;  // by block

  explicit NeededBlocks(std::int64_t num_blocks) : is_needed(num_blocks, false), task_of(num_blocks, 0) {}

  void need(std::int64_t block) {
    if (is_needed.at(block)) return;
    is_needed[block] = true;
    blocks.push_back(block);
  }
};

class Builder {
 public:
  Builder(const Roots& roots, const std::function<void()>& poll) : roots_(roots), poll_(poll), nodes_(nodes_of(roots)) {
    for (const ExprPtr& node : nodes_) needed_.emplace(node.get(), NeededBlocks(node->meta().num_blocks()));
  }

  Graph build() {
    for (const ExprPtr& root : roots_) {
      for (std::int64_t block = 0; block < root->meta().num_blocks(); ++block) blocks_of(root).need(block);
    }
    for (auto node = nodes_.rbegin(); node != nodes_.rend(); ++node) ask_operands(**node);
    for (const ExprPtr& node : nodes_) add_layer(*node);
    for (const ExprPtr& root : roots_) {
      for (TaskId task : blocks_of(root).task_of) graph_.add_output(task);
    }
    return std::move(graph_);
  }

 private:
  NeededBlocks& blocks_of(const ExprPtr& node) { return needed_.at(node.get()); }

  void ask_operands(const Expr& node) {
    NeededBlocks& needed = needed_.at(&node);
    const std::vector<ExprPtr> operands = node.operands();
    needed.tasks.reserve(needed.blocks.size());
    for (std::int64_t block : needed.blocks) {
      poll_now_and_then();
      needed.tasks.push_back(node.block_task(block));
      for (const auto& input : needed.tasks.back().inputs) blocks_of(operands.at(input.operand)).need(input.block);
    }
  }

  void add_layer(const Expr& node) {
    NeededBlocks& needed = needed_.at(&node);
    if (needed.blocks.empty()) return;
    const LayerId layer = graph_.add_layer({node.name(), std::string(node.op()), node.meta().grid(), node.source()});
    const std::vector<ExprPtr> operands = node.operands();
    std::vector<TaskId> inputs;
    for (std::size_t i = 0; i < needed.blocks.size(); ++i) {
      poll_now_and_then();
      BlockTask& task = needed.tasks[i];
      inputs.clear();
      for (const auto& input : task.inputs) inputs.push_back(blocks_of(operands[input.operand]).task_of[input.block]);
      const auto block = needed.blocks[i];
      needed.task_of[block] =
          graph_.add_task(std::move(task.call), inputs, layer, static_cast<std::uint32_t>(block), task.output_bytes);
    }
    needed.tasks = {};
  }

  void poll_now_and_then() {
    if (poll_ && ++num_steps_ % kStepsPerPoll == 0) poll_();
  }

  const Roots& roots_;
  const std::function<void()>& poll_;
  std::size_t num_steps_ = 0;
  std::vector<ExprPtr> nodes_;
  std::unordered_map<const Expr*, NeededBlocks> needed_;
  Graph graph_;
};

}  // namespace

Graph build_graph(const Roots& lowered, const std::function<void()>& poll) { return Builder(lowered, poll).build(); }

}  // namespace plait
