// From a lowered plan to tasks: only the blocks that the roots need, producers before consumers.
#include <algorithm>
#include <unordered_map>

#include "expr/plan.h"
#include "expr/task_table.h"

namespace plait {
namespace {

constexpr std::size_t kStepsPerPoll = 4096;
constexpr TaskId kNoTask = static_cast<TaskId>(-1);
constexpr LayerId kNoLayer = static_cast<LayerId>(-1);

// The blocks of one node that somebody needs, and how each is made.
struct NeededBlocks {
  std::vector<std::int64_t> blocks;  // in the order in which they were asked for
  std::vector<BlockTask> tasks;      // one for each of `blocks`
  std::vector<bool> is_needed;
  std::vector<TaskId> task_of;  // by block
  std::vector<LayerId> layers;  // by group of tasks; one where the node does not name its tasks

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
    for (const ExprPtr& node : nodes_) {
      needed_.emplace(node.get(), NeededBlocks(node->meta().num_blocks()));
      if (node->task_names()) ++num_tables_;
    }
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
    if (node.task_names()) return ask_own_blocks(node, needed);
    needed.tasks.reserve(needed.blocks.size());
    for (std::int64_t block : needed.blocks) {
      needed.tasks.push_back(node.block_task(block));
      ask_inputs(node, needed.tasks.back());
    }
  }

  // From the last block on, for a block may take those before it.
  void ask_own_blocks(const Expr& node, NeededBlocks& needed) {
    std::vector<std::int64_t> blocks;
    for (auto block = static_cast<std::int64_t>(needed.is_needed.size()); block-- > 0;) {
      if (!needed.is_needed[block]) continue;
      blocks.push_back(block);
      needed.tasks.push_back(node.block_task(block));
      ask_inputs(node, needed.tasks.back());
    }
    std::reverse(blocks.begin(), blocks.end());
    std::reverse(needed.tasks.begin(), needed.tasks.end());
    needed.blocks = std::move(blocks);
  }

  void ask_inputs(const Expr& node, const BlockTask& task) {
    poll_now_and_then();
    if (task.inputs.empty()) return;
    const std::vector<ExprPtr>& operands = operands_of(node);
    for (const auto& input : task.inputs) {
      NeededBlocks& from =
          input.operand == BlockTask::kSameNode ? needed_.at(&node) : blocks_of(operands.at(input.operand));
      from.need(input.block);
    }
  }

  // Kept for the next block of the same node.
  const std::vector<ExprPtr>& operands_of(const Expr& node) {
    if (operands_owner_ != &node) operands_ = node.operands();
    operands_owner_ = &node;
    return operands_;
  }

  void add_layer(const Expr& node) {
    NeededBlocks& needed = needed_.at(&node);
    for (std::size_t i = 0; i < needed.blocks.size(); ++i) {
      poll_now_and_then();
      needed.task_of[needed.blocks[i]] = task_for(node, needed, needed.blocks[i], needed.tasks[i]);
    }
    needed.tasks = {};
  }

  TaskId task_for(const Expr& node, NeededBlocks& needed, std::int64_t block, BlockTask& task) {
    const std::vector<ExprPtr>& operands = operands_of(node);
    inputs_.clear();
    for (const auto& input : task.inputs) {
      const NeededBlocks& from = input.operand == BlockTask::kSameNode ? needed : blocks_of(operands[input.operand]);
      inputs_.push_back(from.task_of[input.block]);
    }
    if (!task.call) return inputs_.at(0);
    const TaskNames* names = node.task_names();
    // Another table may hold the same work.
    TaskId* known = names && num_tables_ > 1 ? &task_named(names->tokens[block]) : nullptr;
    if (known && *known != kNoTask) return *known;
    const LayerId layer = layer_of(node, needed, names ? names->group_of[block] : 0);
    const TaskId made =
        graph_.add_task(std::move(task.call), inputs_, layer, static_cast<std::uint32_t>(block), task.output_bytes);
    if (known) *known = made;
    return made;
  }

  TaskId& task_named(const Token& token) { return task_named_.try_emplace(token, kNoTask).first->second; }

  // Made for its first task.
  LayerId layer_of(const Expr& node, NeededBlocks& needed, std::size_t group) {
    const TaskNames* names = node.task_names();
    if (needed.layers.empty()) needed.layers.assign(names ? names->groups.size() : 1, kNoLayer);
    LayerId& layer = needed.layers[group];
    if (layer != kNoLayer) return layer;
    if (!names)
      return layer = graph_.add_layer({node.name(), std::string(node.op()), node.meta().grid(), node.source()});
    const TaskNames::Group& made = names->groups[group];
    return layer =
               graph_.add_layer({layer_name(node, group), made.op, node.meta().grid(), made.source, task_keys(node)});
  }

  void poll_now_and_then() {
    if (poll_ && ++num_steps_ % kStepsPerPoll == 0) poll_();
  }

  const Roots& roots_;
  const std::function<void()>& poll_;
  std::size_t num_steps_ = 0;
  std::vector<ExprPtr> nodes_;
  std::unordered_map<const Expr*, NeededBlocks> needed_;
  const Expr* operands_owner_ = nullptr;
  std::vector<ExprPtr> operands_;
  std::vector<TaskId> inputs_;
  std::size_t num_tables_ = 0;  // nodes that name their tasks
  std::unordered_map<Token, TaskId> task_named_;
  Graph graph_;
};

}  // namespace

Graph build_graph(const Roots& lowered, const std::function<void()>& poll) { return Builder(lowered, poll).build(); }

}  // namespace plait
