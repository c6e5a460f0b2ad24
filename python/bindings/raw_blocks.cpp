// Collections whose blocks are made by a raw graph: what `__dask_postpersist__` rebuilds, and what graph_manipulation
// makes.
#include <fmt/format.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <charconv>
#include <mutex>

#include "base/casting.h"
#include "bindings.h"
#include "collections/array/array_meta.h"
#include "expr/plan.h"
#include "gil.h"
#include "graph_reader.h"
#include "plain_arguments.h"
#include "plan.h"
#include "python_object.h"
#include "python_task.h"
#include "task_call.h"
#include "values.h"

namespace plait::python {
namespace {

// Of the value of one task, whatever it is.
class TaskValueMeta final : public Meta {
 public:
  std::vector<std::int64_t> grid() const override { return {}; }
  std::string describe() const override { return "the value of a task"; }
  Value assemble(std::vector<Value> blocks) const override { return std::move(blocks.at(0)); }
  std::string kind() const override { return "raw task value"; }
  void encode_fields(Encoder&) const override {}
};

MetaPtr task_value_meta() {
  static const MetaPtr meta = std::make_shared<const TaskValueMeta>();
  return meta;
}

// A call as the task of a block that it would not have otherwise.
struct CallForBlock {
  KernelCall call;
  std::uint32_t block = 0;
  static constexpr auto fields = std::tuple{&CallForBlock::call, &CallForBlock::block};
};
constinit KernelId<CallForBlock> call_for_block{"call_for_block"};
constinit KernelId<> block_of_object{"block_of_object"};

// What is known of a block of an array before it is made.
struct KnownBlock {
  DType dtype = DType::float64;
  Shape shape;  // with kUnknownExtent
  static constexpr auto fields = std::tuple{&KnownBlock::dtype, &KnownBlock::shape};
};
constinit KernelId<KnownBlock> block_of_array{"block_of_array"};

Value run_call_for_block(Inputs inputs, const CallForBlock& params, const TaskContext& context) {
  const std::function<void()> poll = [&] { context.check_cancelled(); };
  return params.call.run(inputs, TaskContext(context.cancelled(), nullptr, &poll, params.block));
}

// Objects of NumPy and pandas become what the engine's kernels take.
Value run_block_of_object(Inputs inputs, const TaskContext&) {
  const auto* object = inputs[0].get_if<PyRef>();
  if (!object) return inputs[0];
  const Gil gil;
  return unwrap(object->get());
}

Value array_of(const Value& value, const TaskContext& context) {
  if (value.get_if<NdArray>()) return value;
  return in_python(context, [&] { return Value::of(from_numpy(to_python(value))); });
}

bool fits(const NdArray& block, const Shape& known) {
  if (block.ndim() != static_cast<int>(known.size())) return false;
  for (std::size_t axis = 0; axis < known.size(); ++axis)
    if (known[axis] != kUnknownExtent && known[axis] != block.shape()[axis]) return false;
  return true;
}

// A graph's task may give whatever becomes an array, such as a number for a block of one element.
Value run_block_of_array(Inputs inputs, const KnownBlock& known, const TaskContext& context) {
  auto block = array_of(inputs[0], context).as<NdArray>();
  const bool is_one = block.ndim() == 0 && std::ranges::all_of(known.shape, [](std::int64_t n) { return n == 1; });
  if (is_one) block = block.reshaped(known.shape);
  if (!fits(block, known.shape))
    throw value_error(fmt::format("block {} of an array of a graph has shape {}, but its chunks say {}",
                                  context.block(), to_string(block.shape()), to_string(known.shape)));
  if (!keeps_kind(block.dtype(), known.dtype))
    throw type_error(fmt::format("block {} of an array of a graph is {}, but the array was said to be {}",
                                 context.block(), name(block.dtype()), name(known.dtype)));
  return Value::of(block.dtype() == known.dtype ? block : block.astype(known.dtype));
}

// One task of a raw graph.
struct RawTask final : Op<RawTask> {
  KernelCall call;
  std::vector<ExprPtr> inputs;
  Token known_token;
  std::string shown_op;

  static constexpr auto op_name = "task";
  static constexpr auto type_name = "raw_task";
  static constexpr auto fields =
      std::tuple{&RawTask::call, &RawTask::inputs, &RawTask::known_token, &RawTask::shown_op};

  std::string_view op() const override { return shown_op; }
  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override { return task_value_meta(); }
  Token compute_token() const override { return known_token; }
  BlockTask block_task(std::int64_t) const override {
    BlockTask task{.call = call, .inputs = {}};
    for (std::uint32_t i = 0; i < inputs.size(); ++i) task.inputs.push_back({.operand = i, .block = 0});
    return task;
  }
};

// A collection of such tasks' values.
struct RawBlocks final : Op<RawBlocks> {
  MetaPtr known_meta;
  std::vector<ExprPtr> blocks;
  Token known_token;
  std::string shown_op;

  static constexpr auto op_name = "raw_blocks";
  static constexpr auto fields =
      std::tuple{&RawBlocks::known_meta, &RawBlocks::blocks, &RawBlocks::known_token, &RawBlocks::shown_op};

  std::string_view op() const override { return shown_op; }
  std::string describe() const override { return "of a raw graph"; }
  MetaPtr infer_meta() const override { return known_meta; }
  Token compute_token() const override { return known_token; }
  BlockTask block_task(std::int64_t block) const override {
    return {.call = call_of(block), .inputs = {{.operand = static_cast<std::uint32_t>(block), .block = 0}}};
  }

 private:
  KernelCall call_of(std::int64_t block) const {
    const auto* array = dynamic_cast<const ArrayMeta*>(known_meta.get());
    if (!array) return block_of_object();
    return block_of_array({.dtype = array->dtype(), .shape = array->block_shape(block)});
  }
};

// A name such as "add-<token>" as its parts; a token of its own for one that has none.
std::pair<std::string, Token> parts_of(const std::string& name) {
  const std::size_t dash = name.rfind('-');
  if (dash != std::string::npos && name.size() - dash == 33) {
    Token token;
    const char* text = name.data() + dash + 1;
    const auto high = std::from_chars(text, text + 16, token.high, 16);
    const auto low = std::from_chars(text + 16, text + 32, token.low, 16);
    if (high.ptr == text + 16 && low.ptr == text + 32) return {name.substr(0, dash), token};
  }
  return {name, tokenize("name", name)};
}

std::vector<ExprPtr> tasks_of(const Graph& graph) {
  std::vector<ExprPtr> nodes;
  nodes.reserve(graph.size());
  for (TaskId id = 0; id < graph.size(); ++id) {
    std::vector<ExprPtr> inputs;
    for (TaskId input : graph.inputs(id)) inputs.push_back(nodes[input]);
    const Task& task = graph.task(id);
    KernelCall call = graph.call_of(id);
    if (task.block != 0 && graph.layer(task.layer).name != "graph") call = call_for_block({call, task.block});
    const Token token = tokenize("raw task", std::pair{graph.key(id), std::string(call.kernel->name)});
    nodes.push_back(make_expr<RawTask>(std::move(call), std::move(inputs), token, graph.layer(task.layer).op));
  }
  return nodes;
}

// The tasks that make the values of `keys`, as nodes of a plan.
std::vector<ExprHandle> raw_exprs(const nb::dict& tasks, const std::vector<nb::object>& keys) {
  const Graph graph = read_graph(tasks, keys);
  const std::vector<ExprPtr> nodes = tasks_of(graph);
  std::vector<ExprHandle> wanted;
  for (TaskId output : graph.outputs()) wanted.push_back({nodes[output]});
  return wanted;
}

// Nodes like `expr`, called `name`, whose blocks are the values of `keys` in the graph.
ExprHandle rebuilt(const ExprHandle& like, const nb::dict& tasks, const std::string& name, const nb::list& keys) {
  std::vector<nb::object> wanted;
  for (nb::handle key : keys) wanted.push_back(nb::borrow(key));
  const MetaPtr meta = like.expr->meta_ptr();
  if (static_cast<std::int64_t>(wanted.size()) != meta->num_blocks())
    throw value_error(
        fmt::format("{}: {} keys for a collection of {} blocks", name, wanted.size(), meta->num_blocks()));
  const Graph graph = read_graph(tasks, wanted);
  const std::vector<ExprPtr> nodes = tasks_of(graph);
  std::vector<ExprPtr> blocks;
  for (TaskId output : graph.outputs()) blocks.push_back(nodes[output]);
  const auto [op, token] = parts_of(name);
  return {make_expr<RawBlocks>(meta, std::move(blocks), token, op)};
}

// Nodes like `exprs` with blocks that are there, as `get` gives them: one list for each.
std::vector<ExprHandle> kept(const std::vector<ExprHandle>& exprs, const nb::list& blocks) {
  std::vector<ExprHandle> nodes;
  for (std::size_t i = 0; i < exprs.size(); ++i) {
    std::vector<Value> values;
    for (nb::handle value : blocks[i]) values.push_back(unwrap(value));
    const Expr& like = *exprs[i].expr;
    if (static_cast<std::int64_t>(values.size()) != like.meta().num_blocks())
      throw value_error(fmt::format("{}: {} values for a collection of {} blocks", like.name(), values.size(),
                                    like.meta().num_blocks()));
    nodes.push_back({blocks_expr(like.meta_ptr(), std::move(values), like.token(), std::string(like.op()))});
  }
  return nodes;
}

void register_raw_blocks() {
  static std::once_flag once;
  std::call_once(once, [] {
    define(call_for_block, "A call as the task of one block of its layer.", run_call_for_block);
    define(block_of_object, "A block of a collection, of a NumPy or pandas object.", run_block_of_object);
    define(block_of_array, "A block of an array, of what a task of a graph gives.", run_block_of_array);
    register_meta_reader("raw task value", [](Decoder&) { return task_value_meta(); });
  });
}

}  // namespace

void bind_raw_blocks(nb::module_& m) {
  register_raw_blocks();
  m.def("raw_exprs", raw_exprs);
  m.def("rebuilt", rebuilt);
  m.def("kept", kept);
}

}  // namespace plait::python
