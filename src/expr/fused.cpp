#include "expr/fused.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <mutex>

#include "base/elsewhere.h"
#include "graph/graph.h"

namespace plait {
namespace {

// One kernel call inside a fused task. An argument is an input of the task (>= 0) or the result of step -1 - argument.
struct FusedStep {
  KernelCall call;
  std::vector<std::int32_t> arguments;
  static constexpr auto fields = std::tuple{&FusedStep::call, &FusedStep::arguments};
};

struct FusedParams {
  std::vector<FusedStep> steps;
  static constexpr auto fields = std::tuple{&FusedParams::steps};
};

constinit KernelId<FusedParams> fused_kernel{"fused"};

Value run_fused(Inputs inputs, const FusedParams& params, const TaskContext& context) {
  std::vector<Value> results;
  std::vector<Value> arguments;
  const TaskContext inner_context = context.without_destination();
  for (std::size_t i = 0; i < params.steps.size(); ++i) {
    const FusedStep& step = params.steps[i];
    arguments.clear();
    for (std::int32_t argument : step.arguments) {
      // Every result has one use, so it need not outlive it.
      if (argument >= 0)
        arguments.push_back(inputs[argument]);
      else
        arguments.push_back(std::move(results[-1 - argument]));
    }
    const bool is_last = i + 1 == params.steps.size();
    results.push_back(step.call.run(arguments, is_last ? context : inner_context));
  }
  return std::move(results.back());
}

// Beyond so many kernels in a row, another hand-over of whole blocks is no matter, while each join costs as much as the
// joined node is long.
constexpr std::int64_t kMaxSteps = 64;

struct Fused final : Op<Fused> {
  ExprPtr consumer;  // part of this node, as producer is
  std::int64_t operand = 0;
  std::vector<ExprPtr> inputs;  // the operands of consumer without the fused one, then those of producer
  ExprPtr producer;

  static constexpr auto op_name = "fused";
  static constexpr auto fields = std::tuple{&Fused::consumer, &Fused::operand, &Fused::inputs, &Fused::producer};

  std::int64_t num_steps() const { return num_steps_; }

  std::string_view op() const override { return consumer->op(); }
  std::vector<ExprPtr> operands() const override { return inputs; }

  ExprPtr with_operands(const std::vector<ExprPtr>& operands) const override {
    const auto split = operands.begin() + static_cast<std::ptrdiff_t>(consumer->operands().size()) - 1;
    const ExprPtr new_producer = producer->with_operands({split, operands.end()});
    std::vector<ExprPtr> of_consumer(operands.begin(), split);
    of_consumer.insert(of_consumer.begin() + operand, new_producer);
    return fuse_blockwise(consumer->with_operands(of_consumer), static_cast<std::size_t>(operand), new_producer);
  }

  std::string describe() const override {
    const std::string own = consumer->describe();
    return fmt::format("{} after {}", own.empty() ? consumer->op() : own, producer->op());
  }
  Origin origin() const override { return std::max(consumer->origin(), producer->origin()); }
  bool is_blockwise() const override { return producer->is_blockwise(); }
  MetaPtr infer_meta() const override;

  BlockTask block_task(std::int64_t block) const override;

 private:
  mutable std::int64_t num_steps_ = 0;
};

std::int64_t num_steps_of(const ExprPtr& node) {
  const auto* fused = dynamic_cast<const Fused*>(node.get());
  return fused ? fused->num_steps() : 1;
}

MetaPtr Fused::infer_meta() const {
  num_steps_ = num_steps_of(consumer) + num_steps_of(producer);
  return consumer->meta_ptr();
}

// The only block of an operand that a node takes for one of its own: a transposed array takes another than it makes.
std::int64_t block_taken(const Expr& node, std::int64_t block, std::int64_t operand) {
  const auto* fused = dynamic_cast<const Fused*>(&node);
  if (!fused) {
    const BlockTask task = node.block_task(block);
    const auto taken = std::find_if(task.inputs.begin(), task.inputs.end(),
                                    [&](const auto& input) { return input.operand == operand; });
    PLAIT_CHECK(taken != task.inputs.end());
    return taken->block;
  }
  const auto num_other = static_cast<std::int64_t>(fused->consumer->operands().size()) - 1;
  if (operand < num_other) return block_taken(*fused->consumer, block, operand + (operand >= fused->operand ? 1 : 0));
  const std::int64_t produced = block_taken(*fused->consumer, block, fused->operand);
  return block_taken(*fused->producer, produced, operand - num_other);
}

// Puts the steps of a node, fused or not, behind one another.
class StepWriter {
 public:
  // The argument that stands for an input of a node.
  using Place = std::function<std::int32_t(const BlockTask::Input& input)>;

  // Returns the argument that stands for the node's block.
  std::int32_t append(const Expr& node, std::int64_t block, const Place& place) {
    const auto* fused = dynamic_cast<const Fused*>(&node);
    return fused ? append_fused(*fused, block, place) : append_step(node.block_task(block), place);
  }

  FusedParams params;
  std::uint64_t output_bytes = 0;  // of the last step

 private:
  std::int32_t append_step(const BlockTask& task, const Place& place) {
    if (!task.call) return place(task.inputs.at(0));
    FusedStep step{task.call, {}};
    for (const auto& input : task.inputs) step.arguments.push_back(place(input));
    params.steps.push_back(std::move(step));
    output_bytes = task.output_bytes;
    return -static_cast<std::int32_t>(params.steps.size());
  }

  // The producer's steps come first.
  std::int32_t append_fused(const Fused& fused, std::int64_t block, const Place& place) {
    const auto num_other = static_cast<std::uint32_t>(fused.consumer->operands().size() - 1);
    const std::int64_t taken = block_taken(*fused.consumer, block, fused.operand);
    const std::int32_t produced = append(*fused.producer, taken, [&](const BlockTask::Input& input) {
      return place({input.operand + num_other, input.block});
    });
    return append(*fused.consumer, block, [&](const BlockTask::Input& input) {
      if (input.operand == fused.operand) return produced;
      return place({input.operand - (input.operand > fused.operand ? 1u : 0u), input.block});
    });
  }
};

BlockTask Fused::block_task(std::int64_t block) const {
  BlockTask task;
  StepWriter writer;
  writer.append(*this, block, [&](const BlockTask::Input& input) {
    task.inputs.push_back(input);
    return static_cast<std::int32_t>(task.inputs.size() - 1);
  });
  task.call = fused_kernel(std::move(writer.params));
  task.output_bytes = writer.output_bytes;
  return task;
}

// Whether a node's blocks are values some of which are elsewhere. They stay inputs of their own: whoever schedules has
// to know of them and where they are, and a task that opens what is still to be made would hold its thread until then.
bool has_values_elsewhere(const Expr& node) {
  if (!node.operands().empty()) return false;
  for (std::int64_t block = 0; block < node.meta().num_blocks(); ++block) {
    const BlockTask task = node.block_task(block);
    const Value* value = literal_kernel.params_of(task.call);
    if (!value || is_elsewhere(*value)) return value != nullptr;
  }
  return false;
}

bool takes_block_of_own_index(const Expr& consumer, std::size_t operand) {
  if (consumer.meta().num_blocks() == 0) return false;
  const BlockTask task = consumer.block_task(0);
  const auto uses = std::count_if(task.inputs.begin(), task.inputs.end(),
                                  [&](const auto& input) { return input.operand == operand; });
  return uses == 1;
}

}  // namespace

ExprPtr fuse_blockwise(const ExprPtr& consumer, std::size_t operand, const ExprPtr& producer) {
  if (!consumer->is_blockwise() || producer->meta().num_blocks() != consumer->meta().num_blocks()) return nullptr;
  if (num_steps_of(consumer) + num_steps_of(producer) > kMaxSteps) return nullptr;
  if (!takes_block_of_own_index(*consumer, operand) || has_values_elsewhere(*producer)) return nullptr;
  std::vector<ExprPtr> inputs = consumer->operands();
  if (std::count(inputs.begin(), inputs.end(), producer) != 1) return nullptr;
  inputs.erase(inputs.begin() + static_cast<std::ptrdiff_t>(operand));
  const std::vector<ExprPtr> of_producer = producer->operands();
  inputs.insert(inputs.end(), of_producer.begin(), of_producer.end());
  SourceScope scope(consumer->source());
  return make_expr<Fused>(consumer, static_cast<std::int64_t>(operand), std::move(inputs), producer);
}

void register_fused_kernel() {
  static std::once_flag once;
  std::call_once(once, [] { define(fused_kernel, "Kernels one after the other on one block.", run_fused); });
}

}  // namespace plait
