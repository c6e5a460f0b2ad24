// Plans of a million nodes in a row, or side by side: what the engine does with them takes no stack, and time and
// memory in proportion to their size.
#include <gmock/gmock.h>

#include "expr/plan.h"
#include "expr/plan_codec.h"
#include "graph/graph.h"
#include "plait/config.h"

namespace plait {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

class OneBlock final : public Meta {
 public:
  std::vector<std::int64_t> grid() const override { return {1}; }
  std::string describe() const override { return "one block"; }
  Value assemble(std::vector<Value> blocks) const override { return blocks.front(); }
};

struct Number {
  double value = 0;
  static constexpr auto fields = std::tuple{&Number::value};
};

constinit KernelId<Number> sum_of_inputs{"long_plans_sum"};

Value run_sum(Inputs inputs, const Number& number, const TaskContext&) {
  double sum = number.value;
  for (const Value& input : inputs) sum += input.as<NdArray>().item<double>();
  return Value::of(NdArray::scalar(sum));
}

BlockTask task_adding(double value, std::uint32_t num_inputs) {
  BlockTask task{.call = sum_of_inputs({value})};
  for (std::uint32_t i = 0; i < num_inputs; ++i) task.inputs.push_back({.operand = i, .block = 0});
  return task;
}

struct Start final : Op<Start> {
  double value = 0;
  static constexpr auto op_name = "long_plans_start";
  static constexpr auto fields = std::tuple{&Start::value};
  MetaPtr infer_meta() const override { return std::make_shared<OneBlock>(); }
  BlockTask block_task(std::int64_t) const override { return task_adding(value, 0); }
};

// One more link of a chain; the lazy kind is lowered to the other.
struct Link final : Op<Link> {
  ExprPtr below;
  double value = 0;
  bool is_lowered = false;
  static constexpr auto op_name = "long_plans_link";
  static constexpr auto fields = std::tuple{&Link::below, &Link::value, &Link::is_lowered};
  MetaPtr infer_meta() const override { return below->meta_ptr(); }
  bool is_blockwise() const override { return true; }
  ExprPtr lower() const override { return is_lowered ? nullptr : make_expr<Link>(below, value, true); }
  BlockTask block_task(std::int64_t) const override { return task_adding(value, 1); }
};

struct Sum final : Op<Sum> {
  std::vector<ExprPtr> inputs;
  static constexpr auto op_name = "long_plans_sum";
  static constexpr auto fields = std::tuple{&Sum::inputs};
  MetaPtr infer_meta() const override { return std::make_shared<OneBlock>(); }
  BlockTask block_task(std::int64_t) const override {
    return task_adding(0, static_cast<std::uint32_t>(inputs.size()));
  }
};

// Both operands are the node below: as a tree it would have 2^depth leaves.
struct Twice final : Op<Twice> {
  ExprPtr a;
  ExprPtr b;
  static constexpr auto op_name = "long_plans_twice";
  static constexpr auto fields = std::tuple{&Twice::a, &Twice::b};
  MetaPtr infer_meta() const override { return a->meta_ptr(); }
  BlockTask block_task(std::int64_t) const override { return task_adding(0, 2); }
};

// Under a sanitizer a tenth: it takes as long, and its larger frames would overflow a stack just as well.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kLong = 100'000;
#else
constexpr int kLong = 1'000'000;
#endif
constexpr int kMany = kLong / 10;

ExprPtr chain(int length) {
  ExprPtr plan = make_expr<Start>(0.0);
  for (int i = 0; i < length; ++i) plan = make_expr<Link>(plan, 1.0);
  return plan;
}

class LongPlans : public testing::Test {
 protected:
  void SetUp() override {
    static const bool once = [] {
      register_graph_kernels();
      register_expr_kernels();
      define(sum_of_inputs, "The sum of the inputs and a number.", run_sum);
      return true;
    }();
    static_cast<void>(once);
  }
};

TEST_F(LongPlans, AChainOfManyNodesRuns) {
  const ExprPtr plan = chain(kLong);
  const std::vector<Value> values = compute({plan}, {.scheduler = "sync"});
  EXPECT_EQ(values.at(0).as<NdArray>().item<double>(), kLong);
}

TEST_F(LongPlans, AChainOfManyNodesRunsAsItIsWritten) {
  const std::vector<Value> values = compute({chain(kLong)}, {.scheduler = "sync", .optimize = false});
  EXPECT_EQ(values.at(0).as<NdArray>().item<double>(), kLong);
}

TEST_F(LongPlans, AChainOfManyNodesIsWrittenAndRead) {
  const ExprPtr plan = chain(kLong);
  const ExprPtr back = decode_plan(encode_plan({plan})).at(0);
  EXPECT_EQ(back->token(), plan->token());
  EXPECT_EQ(nodes_of({back}).size(), kLong + 1u);
}

TEST_F(LongPlans, AnOptimizedChainIsWrittenAndRead) {
  const Roots optimized = optimize({chain(kMany)});
  const Roots back = decode_plan(encode_plan(optimized));
  EXPECT_EQ(back.at(0)->token(), optimized.at(0)->token());
  EXPECT_EQ(compute(back, {.scheduler = "sync", .optimize = false}).at(0).as<NdArray>().item<double>(), kMany);
}

TEST_F(LongPlans, ExplainShowsTheTopOfALongChain) {
  const std::string text = tree_text({chain(kMany)});
  EXPECT_LT(text.size(), 1'000'000u);
  EXPECT_THAT(text, EndsWith("... and more: " + std::to_string(kMany + 1) + " operations in all\n"));
}

TEST_F(LongPlans, FusedTasksStayShort) {
  const Graph graph = build_graph(optimize({chain(10'000)}));
  EXPECT_GT(graph.size(), 10u) << "one program of all steps would take the square of their number to make";
  EXPECT_LT(graph.size(), 1000u);
}

TEST_F(LongPlans, ManyNodesSideBySideRun) {
  std::vector<ExprPtr> inputs;
  for (int i = 0; i < kMany; ++i) inputs.push_back(make_expr<Link>(make_expr<Start>(static_cast<double>(i)), 1.0));
  const ExprPtr sum = make_expr<Sum>(inputs);
  EXPECT_EQ(compute({sum}, {.scheduler = "sync"}).at(0).as<NdArray>().item<double>(), kMany * (kMany + 1.0) / 2);
}

TEST_F(LongPlans, SharedNodesAreSeenOnce) {
  ExprPtr plan = make_expr<Start>(1.0);
  for (int i = 0; i < 40; ++i) plan = make_expr<Twice>(plan, plan);
  EXPECT_EQ(compute({plan}, {.scheduler = "sync"}).at(0).as<NdArray>().item<double>(), 1099511627776.0);
  EXPECT_LT(explain({plan}).size(), 50'000u);
  EXPECT_EQ(decode_plan(encode_plan({plan})).at(0)->token(), plan->token());
}

}  // namespace
}  // namespace plait
