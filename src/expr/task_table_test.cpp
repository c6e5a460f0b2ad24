// Tables of tasks over numbers.
#include "expr/task_table.h"

#include <gmock/gmock.h>

#include <mutex>

#include "expr/plan.h"
#include "expr/plan_codec.h"
#include "graph/graph.h"

namespace plait {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct AddParams {
  double value = 0;
  static constexpr auto fields = std::tuple{&AddParams::value};
};

constinit KernelId<AddParams> add_kernel{"task_table_test add"};

double number(const Value& value) { return value.as<NdArray>().item<double>(); }

Value run_add(Inputs inputs, const AddParams& params, const TaskContext&) {
  double sum = params.value;
  for (const Value& input : inputs) sum += number(input);
  return Value::of(NdArray::scalar(sum));
}

class TaskTable : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    static std::once_flag once;
    std::call_once(once, [] {
      register_base_value_types();
      register_graph_kernels();
      register_expr_kernels();
      define(add_kernel, "Adds its inputs to a number.", run_add);
    });
  }
};

Token token(std::uint64_t i) { return {i, i}; }

BlockTask::Input row(std::int64_t block) { return {BlockTask::kSameNode, block}; }

std::int64_t add_row(TaskTableBuilder& table, double value, std::uint64_t name,
                     std::initializer_list<BlockTask::Input> inputs = {}) {
  return table.add(add_kernel({value}), token(name), 0, std::vector<BlockTask::Input>(inputs));
}

// 1, 10 + 1, 100 + 11 + 1
ExprPtr three_rows() {
  TaskTableBuilder table;
  table.add_group("add", "prog.py:1");
  add_row(table, 1, 1);
  add_row(table, 10, 2, {row(0)});
  add_row(table, 100, 3, {row(1), row(0)});
  return table.take();
}

std::vector<double> numbers(const Value& value) {
  std::vector<double> all;
  for (const Value& item : value.as<Sequence>().items) all.push_back(number(item));
  return all;
}

std::vector<double> computed(const ExprPtr& expr) { return numbers(compute({expr}, {.scheduler = "sync"}).front()); }

TEST_F(TaskTable, RowsTakeEarlierRows) {
  EXPECT_THAT(computed(picked_blocks(three_rows(), {2, 0})), ElementsAre(112, 1));
  EXPECT_THAT(computed(picked_blocks(three_rows(), {1, 1})), ElementsAre(11, 11));
}

TEST_F(TaskTable, MakesOnlyTheTasksThatAreNeeded) {
  EXPECT_EQ(build_graph({picked_blocks(three_rows(), {1})}).size(), 2u);
  EXPECT_EQ(build_graph({picked_blocks(three_rows(), {2})}).size(), 3u);
}

TEST_F(TaskTable, WorkOfOneNameInTwoTablesRunsOnce) {
  TaskTableBuilder other;
  other.add_group("add", "");
  add_row(other, 1, 1);
  add_row(other, 1000, 4, {row(0)});
  const ExprPtr table = other.take();
  const Graph graph = build_graph({picked_blocks(three_rows(), {2}), picked_blocks(table, {1})});
  EXPECT_EQ(graph.size(), 4u);
}

TEST_F(TaskTable, ATableTakesBlocksOfCollections) {
  TaskTableBuilder table;
  table.add_group("add", "");
  const ExprPtr values = picked_blocks(three_rows(), {0, 1});
  const BlockTask::Input second{table.add_operand(values), 1};
  add_row(table, 5, 7, {second});
  table.add({}, token(8), 0, std::vector{second});
  const ExprPtr plan = picked_blocks(table.take(), {0, 1});
  EXPECT_THAT(computed(plan), ElementsAre(16, 11));
  // A block that is taken as it is is no call.
  EXPECT_THAT(tree_text({plan}), HasSubstr("tasks(add)"));
}

TEST_F(TaskTable, AWholeCollectionIsOneValue) {
  const ExprPtr whole = whole_value(picked_blocks(three_rows(), {0, 2}));
  const Value value = compute({whole}, {.scheduler = "sync"}).front();
  EXPECT_THAT(numbers(value.as<Sequence>().items.at(0)), ElementsAre(1, 112));
}

TEST_F(TaskTable, KeysAreMadeOfTheNameAndTheTokenOrGiven) {
  TaskTableBuilder table;
  table.add_group("load", "prog.py:3, in main");
  add_row(table, 1, 1);
  table.name(add_row(table, 2, 2), "mine");
  const Graph graph = build_graph({picked_blocks(table.take(), {0, 1})});
  EXPECT_EQ(graph.key(0), "load-" + token(1).text());
  EXPECT_EQ(graph.key(1), "mine");
  EXPECT_EQ(graph.layer_of(0).source, "prog.py:3, in main");
}

TEST_F(TaskTable, IsTheSameAfterARecord) {
  const ExprPtr plan = picked_blocks(three_rows(), {2});
  const ExprPtr back = decode_plan(encode_plan({plan})).front();
  EXPECT_EQ(back->token(), plan->token());
  EXPECT_THAT(computed(back), ElementsAre(112));
}

TEST_F(TaskTable, AGraphWithItsKeysIsTheSameAfterARecord) {
  const Graph graph = build_graph({picked_blocks(three_rows(), {2})});
  Encoder to;
  encode(to, graph);
  const Record record = to.take();
  Decoder from(record);
  EXPECT_EQ(decode<Graph>(from).key(2), graph.key(2));
}

TEST_F(TaskTable, ExplainCountsTheCallsOfEachFunction) {
  EXPECT_THAT(explain({picked_blocks(three_rows(), {2})}), HasSubstr("add 3 times"));
}

TEST_F(TaskTable, ExplainAnalyzeAddsUpTheTasksOfATable) {
  EXPECT_THAT(analyze({picked_blocks(three_rows(), {2})}, {.scheduler = "sync"}), HasSubstr("[3 tasks"));
}

TEST_F(TaskTable, CallTokensDiffer) { EXPECT_NE(next_call_token(), next_call_token()); }

}  // namespace
}  // namespace plait
