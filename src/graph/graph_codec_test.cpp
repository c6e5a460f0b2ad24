// Graphs as records.
#include <gmock/gmock.h>

#include "base/function.h"
#include "base/shared.h"
#include "graph/graph.h"
#include "plait/ndarray.h"

namespace plait {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct AddParams {
  Shared<std::string> note;  // the same for every block
  double number = 0;
  static constexpr auto fields = std::tuple{&AddParams::note, &AddParams::number};
};
constinit KernelId<AddParams> add{"codec_test_add"};

class GraphCodec : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    register_base_value_types();
    register_graph_kernels();
    define(add, "", [](Inputs inputs, const AddParams& params, const TaskContext&) {
      double sum = params.number;
      for (const Value& input : inputs) sum += input.as<NdArray>().item<double>();
      return Value::of(NdArray::scalar(sum));
    });
  }
};

Record written(const Graph& graph) {
  Encoder to;
  encode(to, graph);
  return to.take();
}

Graph read(const Record& record) {
  Decoder from(record);
  return decode<Graph>(from);
}

// A value, `num_blocks` sums of it and a number each, and the sum of those.
Graph sums(std::uint32_t num_blocks) {
  Graph graph;
  const Shared<std::string> note(std::string(10'000, 'n'));
  const LayerId data = graph.add_layer({.name = "data-1", .op = "data"});
  const LayerId blocks = graph.add_layer({.name = "add-1", .op = "add", .grid = {num_blocks}, .source = "a.py:3"});
  const LayerId total = graph.add_layer({.name = "total-1", .op = "total"});
  const TaskId start = graph.add_value(Value::of(NdArray::scalar(100.0)), data, 0);
  std::vector<TaskId> made;
  for (std::uint32_t i = 0; i < num_blocks; ++i)
    made.push_back(graph.add_task(add({note, static_cast<double>(i)}), std::span(&start, 1), blocks, i, 8));
  graph.add_output(graph.add_task(add({note, 0}), made, total, 0, 8));
  graph.add_output(made[0]);
  return graph;
}

std::vector<double> run(const Graph& graph) {
  std::vector<Value> values;
  for (TaskId id = 0; id < graph.size(); ++id) {
    std::vector<Value> inputs;
    for (TaskId input : graph.inputs(id)) inputs.push_back(values[input]);
    values.push_back(graph.call_of(id).run(inputs, TaskContext(nullptr, nullptr, nullptr, graph.task(id).block)));
  }
  std::vector<double> outputs;
  for (TaskId output : graph.outputs()) outputs.push_back(values[output].as<NdArray>().item<double>());
  return outputs;
}

TEST_F(GraphCodec, GivesAGraphOfTheSameTasks) {
  const Graph graph = sums(3);
  const Graph copy = read(written(graph));
  EXPECT_THAT(run(copy), ElementsAre(303, 100));
  EXPECT_EQ(copy.size(), graph.size());
  EXPECT_EQ(copy.key(2), "('add-1', 1)");
  EXPECT_EQ(copy.layer_of(2).source, "a.py:3");
  EXPECT_EQ(copy.task(2).output_bytes, 8u);
}

TEST_F(GraphCodec, WritesWhatBlocksShareOnce) {
  const std::size_t bytes = written(sums(100)).num_bytes();
  EXPECT_LT(bytes, 30'000u);
  EXPECT_GT(bytes, 10'000u);
}

TEST_F(GraphCodec, NamesAFunctionThatCannotLeaveItsProcess) {
  Graph graph;
  const LayerId layer = graph.add_layer({.name = "mine-1", .op = "mine"});
  graph.add_task(call_kernel(Function("my_lambda", [](Inputs, const TaskContext&) { return Value(); })), {}, layer, 0);
  try {
    written(graph);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("'my_lambda'"));
  }
}

// Whatever byte is changed: an error, or a graph whose every number is in its range.
TEST_F(GraphCodec, ReadsNoNumberThatLeadsNowhere) {
  const Record whole = written(sums(3));
  for (std::size_t at = 0; at < whole.head.size(); ++at) {
    Record damaged = whole;
    damaged.head[at] ^= std::byte{0x55};
    try {
      const Graph graph = read(damaged);
      for (TaskId id = 0; id < graph.size(); ++id) {
        ASSERT_LT(graph.task(id).call, graph.calls().size());
        ASSERT_LT(graph.task(id).layer, graph.layers().size());
        for (TaskId input : graph.inputs(id)) ASSERT_LT(input, id);
      }
      for (TaskId output : graph.outputs()) ASSERT_LT(output, graph.size());
    } catch (const Error&) {
    }
  }
}

}  // namespace
}  // namespace plait
