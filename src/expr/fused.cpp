#include "expr/fused.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

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
      arguments.push_back(argument >= 0 ? inputs[argument] : std::move(results[-1 - argument]));
    }
    const bool is_last = i + 1 == params.steps.size();
    results.push_back(step.call.run(arguments, is_last ? context : inner_context));
  }
  return std::move(results.back());
}

// A task as fused steps; a task that is fused already gives its own.
FusedParams steps_of(const BlockTask& task) {
  if (const FusedParams* fused = fused_kernel.params_of(task.call)) return *fused;
  FusedStep step{task.call, {}};
  for (std::size_t i = 0; i < task.inputs.size(); ++i) step.arguments.push_back(static_cast<std::int32_t>(i));
  return {{std::move(step)}};
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

  BlockTask block_task(std::int64_t block) const override {
    const BlockTask outer = consumer->block_task(block);
    BlockTask joined{.call = {}, .inputs = {}, .output_bytes = outer.output_bytes};
    FusedParams params;

    // The producer's steps come first; they read its inputs, which are placed first too.
    const auto taken = std::find_if(outer.inputs.begin(), outer.inputs.end(),
                                    [&](const auto& input) { return input.operand == operand; });
    PLAIT_CHECK(taken != outer.inputs.end());
    const BlockTask inner = producer->block_task(taken->block);
    const auto num_other = static_cast<std::uint32_t>(consumer->operands().size() - 1);
    for (const auto& input : inner.inputs) joined.inputs.push_back({input.operand + num_other, input.block});
    params.steps = steps_of(inner).steps;
    const auto inner_result = -static_cast<std::int32_t>(params.steps.size());

    std::vector<std::int32_t> place_of;  // of the consumer's inputs, as arguments
    for (const auto& input : outer.inputs) {
      if (input.operand == operand) {
        place_of.push_back(inner_result);
        continue;
      }
      place_of.push_back(static_cast<std::int32_t>(joined.inputs.size()));
      joined.inputs.push_back({input.operand - (input.operand > operand ? 1u : 0u), input.block});
    }
    const auto shift = static_cast<std::int32_t>(params.steps.size());
    for (FusedStep step : steps_of(outer).steps) {
      for (std::int32_t& argument : step.arguments) argument = argument >= 0 ? place_of[argument] : argument - shift;
      params.steps.push_back(std::move(step));
    }
    joined.call = fused_kernel(std::move(params));
    return joined;
  }

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
  if (!takes_block_of_own_index(*consumer, operand)) return nullptr;
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
