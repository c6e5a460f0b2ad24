// From a lowered plan to tasks: only the blocks that the roots need, producers before consumers.
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
    graph_.reserve(num_tasks_, num_inputs_);
    for (const ExprPtr& node : nodes_) add_tasks(*node);
    for (const ExprPtr& root : roots_) {
      for (TaskId task : blocks_of(root).task_of) graph_.add_output(task);
    }
    return std::move(graph_);
  }

 private:
  NeededBlocks& blocks_of(const ExprPtr& node) { return needed_.at(node.get()); }

  void ask_operands(const Expr& node) {
    NeededBlocks& needed = needed_.at(&node);
    if (node.task_names()) return ask_calls(node, needed);
    needed.tasks.reserve(needed.blocks.size());
    for (std::int64_t block : needed.blocks) {
      needed.tasks.push_back(node.block_task(block));
      ask_inputs(node, needed.tasks.back());
    }
  }

  // From the last call on, for a call may take those before it.
  void ask_calls(const Expr& node, NeededBlocks& needed) {
    const TaskCalls& table = task_calls(node);
    const std::vector<ExprPtr>& operands = operands_of(node);
    for (std::size_t call = table.calls.size(); call-- > 0;) {
      if (!needed.is_needed[call]) continue;
      note_task(table.input_ends[call] - table.first_input(call));
      for (std::size_t i = table.first_input(call); i < table.input_ends[call]; ++i)
        taken_from(table.operands[i], needed, operands).need(table.blocks[i]);
    }
  }

  void ask_inputs(const Expr& node, const BlockTask& task) {
    note_task(task.inputs.size());
    if (task.inputs.empty()) return;
    const std::vector<ExprPtr>& operands = operands_of(node);
    for (const auto& input : task.inputs) blocks_of(operands.at(input.operand)).need(input.block);
  }

  void note_task(std::size_t num_inputs) {
    poll_now_and_then();
    ++num_tasks_;
    num_inputs_ += num_inputs;
  }

  // Kept for the next block of the same node.
  const std::vector<ExprPtr>& operands_of(const Expr& node) {
    if (operands_owner_ != &node) operands_ = node.operands();
    operands_owner_ = &node;
    return operands_;
  }

  void add_tasks(const Expr& node) {
    NeededBlocks& needed = needed_.at(&node);
    if (needed.blocks.empty()) return;
    if (node.task_names()) return add_calls(node, needed);
    const std::vector<ExprPtr>& operands = operands_of(node);
    for (std::size_t i = 0; i < needed.blocks.size(); ++i) {
      poll_now_and_then();
      BlockTask& task = needed.tasks[i];
      inputs_.clear();
      for (const auto& input : task.inputs) inputs_.push_back(blocks_of(operands[input.operand]).task_of[input.block]);
      const std::int64_t block = needed.blocks[i];
      needed.task_of[block] = task.call ? graph_.add_task(std::move(task.call), inputs_, layer_of(node, needed, 0),
                                                          static_cast<std::uint32_t>(block), task.output_bytes)
                                        : inputs_.at(0);
    }
    needed.tasks = {};
  }

  void add_calls(const Expr& node, NeededBlocks& needed) {
    const TaskCalls& table = task_calls(node);
    const std::vector<ExprPtr>& operands = operands_of(node);
    for (std::size_t call = 0; call < table.calls.size(); ++call) {
      if (!needed.is_needed[call]) continue;
      poll_now_and_then();
      inputs_.clear();
      for (std::size_t i = table.first_input(call); i < table.input_ends[call]; ++i)
        inputs_.push_back(taken_from(table.operands[i], needed, operands).task_of[table.blocks[i]]);
      needed.task_of[call] = table.calls[call] ? task_of_call(node, needed, call, table.calls[call]) : inputs_.at(0);
    }
  }

  // Another table may hold the same work.
  TaskId task_of_call(const Expr& node, NeededBlocks& needed, std::size_t call, const KernelCall& work) {
    const TaskNames& names = *node.task_names();
    TaskId* known = num_tables_ > 1 ? &task_named(names.tokens[call]) : nullptr;
    if (known && *known != kNoTask) return *known;
    const LayerId layer = layer_of(node, needed, names.group_of[call]);
    const TaskId made = graph_.add_task(work, inputs_, layer, static_cast<std::uint32_t>(call));
    if (known) *known = made;
    return made;
  }

  NeededBlocks& taken_from(std::uint32_t operand, NeededBlocks& own, const std::vector<ExprPtr>& operands) {
    return operand == BlockTask::kSameNode ? own : blocks_of(operands.at(operand));
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
  std::size_t num_tasks_ = 0;
  std::size_t num_inputs_ = 0;
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
