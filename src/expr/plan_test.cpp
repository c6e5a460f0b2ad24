// Plans over a toy collection: vectors of numbers cut into blocks.
#include "expr/plan.h"

#include <gmock/gmock.h>

#include <mutex>

#include "expr/plan_codec.h"
#include "graph/graph.h"
#include "plait/config.h"

namespace plait {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;

class ToyMeta final : public Meta {
 public:
  explicit ToyMeta(std::int64_t num_blocks) : num_blocks_(num_blocks) {}
  std::vector<std::int64_t> grid() const override { return {num_blocks_}; }
  std::string describe() const override { return std::to_string(num_blocks_) + " blocks"; }
  Value assemble(std::vector<Value> blocks) const override { return Value::of(Sequence{std::move(blocks)}); }
  std::string kind() const override { return "toy"; }
  void encode_fields(Encoder& to) const override { encode(to, num_blocks_); }
  static MetaPtr read(Decoder& from) { return std::make_shared<ToyMeta>(decode<std::int64_t>(from)); }

 private:
  std::int64_t num_blocks_;
};

struct NumberParams {
  double value = 0;
  static constexpr auto fields = std::tuple{&NumberParams::value};
};

double number(const Value& value) { return value.as<NdArray>().item<double>(); }

Value run_add(Inputs inputs, const NumberParams& params, const TaskContext&) {
  double sum = params.value;
  for (const Value& input : inputs) sum += number(input);
  return Value::of(NdArray::scalar(sum));
}

constinit KernelId<NumberParams> add_number{"toy_add"};

// Block i holds start + i.
struct Count final : Op<Count> {
  double start = 0;
  std::int64_t num_blocks = 1;
  static constexpr auto op_name = "count";
  static constexpr auto fields = std::tuple{&Count::start, &Count::num_blocks};
  MetaPtr infer_meta() const override { return std::make_shared<ToyMeta>(num_blocks); }
  BlockTask block_task(std::int64_t block) const override {
    return {add_number({start + static_cast<double>(block)}), {}};
  }
};

// Adds a number to every block. Two in a row are one.
struct Plus final : Op<Plus> {
  ExprPtr input;
  double value = 0;
  static constexpr auto op_name = "plus";
  static constexpr auto fields = std::tuple{&Plus::input, &Plus::value};
  MetaPtr infer_meta() const override { return input->meta_ptr(); }
  bool is_blockwise() const override { return true; }
  ExprPtr simplify() const override {
    const auto* below = dynamic_cast<const Plus*>(input.get());
    return below ? make_expr<Plus>(below->input, below->value + value) : nullptr;
  }
  BlockTask block_task(std::int64_t block) const override { return {add_number({value}), {{0, block}}}; }
};

struct Total final : Op<Total> {
  ExprPtr input;
  static constexpr auto op_name = "total";
  static constexpr auto fields = std::tuple{&Total::input};
  MetaPtr infer_meta() const override { return std::make_shared<ToyMeta>(1); }
  BlockTask block_task(std::int64_t) const override {
    BlockTask task{add_number({0}), {}};
    for (std::int64_t i = 0; i < input->meta().num_blocks(); ++i) task.inputs.push_back({0, i});
    return task;
  }
};

// Takes one block of many.
struct Pick final : Op<Pick> {
  ExprPtr input;
  std::int64_t picked = 0;
  static constexpr auto op_name = "pick";
  static constexpr auto fields = std::tuple{&Pick::input, &Pick::picked};
  MetaPtr infer_meta() const override { return std::make_shared<ToyMeta>(1); }
  BlockTask block_task(std::int64_t) const override { return {add_number({0}), {{0, picked}}}; }
};

class Plan : public testing::Test {
 protected:
  void SetUp() override {
    register_graph_kernels();
    register_expr_kernels();
    static std::once_flag once;
    std::call_once(once, [] { define(add_number, "", run_add); });
  }
};

// Runs a graph in the order of its tasks.
std::vector<double> run(const Graph& graph) {
  std::vector<Value> values;
  for (TaskId id = 0; id < graph.size(); ++id) {
    std::vector<Value> inputs;
    for (TaskId input : graph.inputs(id)) inputs.push_back(values[input]);
    values.push_back(graph.call_of(id).run(inputs, TaskContext()));
  }
  std::vector<double> outputs;
  for (TaskId id : graph.outputs()) outputs.push_back(number(values[id]));
  return outputs;
}

TEST_F(Plan, EqualNodesHaveEqualTokens) {
  const ExprPtr a = make_expr<Plus>(make_expr<Count>(1.0, 3), 2.0);
  EXPECT_EQ(a->token(), make_expr<Plus>(make_expr<Count>(1.0, 3), 2.0)->token());
  EXPECT_NE(a->token(), make_expr<Plus>(make_expr<Count>(1.0, 3), 2.5)->token());
  EXPECT_NE(a->token(), make_expr<Plus>(make_expr<Count>(1.0, 4), 2.0)->token());
}

TEST_F(Plan, SimplifyIsAppliedUntilNothingIsLeft) {
  ExprPtr plan = make_expr<Count>(0.0, 2);
  for (int i = 0; i < 5; ++i) plan = make_expr<Plus>(plan, 1.0);
  const config::Scope no_fusion("optimization.fuse", "false");
  const Roots roots = optimize({plan});
  EXPECT_EQ(nodes_of(roots).size(), 2u);
  EXPECT_THAT(run(build_graph(roots)), ElementsAre(5, 6));
}

TEST_F(Plan, BlockwiseWorkBecomesOneTaskABlock) {
  const config::Scope no_simplify("optimization.simplify", "false");
  ExprPtr plan = make_expr<Count>(10.0, 3);
  for (int i = 0; i < 4; ++i) plan = make_expr<Plus>(plan, 1.0);
  const Graph graph = build_graph(optimize({plan}));
  EXPECT_EQ(graph.size(), 3u);
  EXPECT_THAT(run(graph), ElementsAre(14, 15, 16));
}

TEST_F(Plan, WorkThatTwoRootsShareRunsOnce) {
  const ExprPtr shared = make_expr<Count>(1.0, 4);
  const ExprPtr equal = make_expr<Count>(1.0, 4);
  const Graph graph = build_graph(optimize({make_expr<Plus>(shared, 1.0), make_expr<Total>(equal)}));
  EXPECT_EQ(graph.size(), 4u + 4u + 1u);
  EXPECT_THAT(run(graph), ElementsAre(2, 3, 4, 5, 10));
}

TEST_F(Plan, OnlyNeededBlocksBecomeTasks) {
  const ExprPtr many = make_expr<Plus>(make_expr<Count>(0.0, 1000), 1.0);
  const Graph graph = build_graph(optimize({make_expr<Pick>(many, 7)}));
  EXPECT_EQ(graph.size(), 2u);
  EXPECT_THAT(run(graph), ElementsAre(8));
}

TEST_F(Plan, ExplainNamesThePassesThatChangedThePlan) {
  const ExprPtr plan = make_expr<Plus>(make_expr<Plus>(make_expr<Count>(0.0, 2), 1.0), 1.0);
  const std::string text = explain({plan});
  EXPECT_THAT(text,
              HasSubstr("As written:\n1. plus(1): 2 blocks\n  2. plus(1): 2 blocks\n    3. count(0, 2): 2 blocks\n"));
  EXPECT_THAT(text, HasSubstr("After simplify:\n1. plus(2): 2 blocks\n  2. count(0, 2): 2 blocks\n"));
  EXPECT_THAT(text, HasSubstr("After lower: unchanged"));
  EXPECT_THAT(text, HasSubstr("2 tasks in 1 layers"));
}

TEST_F(Plan, AnalyzeCountsTheTasksAndBytesOfTheStepsThatRan) {
  const ExprPtr plan = make_expr<Total>(make_expr<Plus>(make_expr<Count>(0.0, 3), 1.0));
  const std::string text = analyze({plan}, {.scheduler = "sync"});
  EXPECT_THAT(text, MatchesRegex("1\\. total.*\\[1 task, .* s, 8 B\\]\n  2\\. .*\\[3 tasks, .* s, 24 B\\]\n.*"));
}

TEST_F(Plan, AFusedTaskTravelsByTheNamesOfItsKernels) {
  const config::Scope no_simplify("optimization.simplify", "false");
  const ExprPtr plan = make_expr<Plus>(make_expr<Plus>(make_expr<Count>(0.0, 1), 1.0), 2.0);
  const Graph graph = build_graph(optimize({plan}));
  Encoder to;
  encode(to, graph.call_of(0));
  const Record record = to.take();
  Decoder from(record);
  EXPECT_EQ(number(decode<KernelCall>(from).run({}, TaskContext())), 3);
}

TEST_F(Plan, IsTheSameAfterBeingWrittenAndRead) {
  const ExprPtr count = make_expr<Count>(3.0, 2);
  const Roots roots = {make_expr<Total>(make_expr<Plus>(count, 1.5)), count};
  const Roots back = decode_plan(encode_plan(roots));
  ASSERT_EQ(back.size(), 2u);
  EXPECT_EQ(back[0]->token(), roots[0]->token());
  EXPECT_EQ(nodes_of(back).size(), 3u);
  EXPECT_EQ(run(build_graph(back)), run(build_graph(roots)));
}

TEST_F(Plan, ADamagedPlanIsRefused) {
  Record record = encode_plan({make_expr<Plus>(make_expr<Count>(3.0, 2), 1.5)});
  record.head.resize(record.head.size() - 9);
  EXPECT_THROW(decode_plan(record), Error);
}

TEST_F(Plan, BlocksInMemoryArePartOfAPlan) {
  std::vector<Value> values = {Value::of(NdArray::scalar(1.5)), Value::of(NdArray::scalar(2.5))};
  const ExprPtr kept = blocks_expr(std::make_shared<ToyMeta>(2), values, unique_token(), "kept");
  const ExprPtr total = make_expr<Total>(kept);
  EXPECT_THAT(run(build_graph(optimize({total}))), ElementsAre(4));
  register_base_value_types();
  register_meta_reader("toy", ToyMeta::read);
  const ExprPtr again = decode_plan(encode_plan({total})).at(0);
  EXPECT_EQ(again->token(), total->token());
  EXPECT_THAT(run(build_graph(optimize({again}))), ElementsAre(4));
}

}  // namespace
}  // namespace plait
