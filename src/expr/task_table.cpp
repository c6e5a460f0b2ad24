#include "expr/task_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>

namespace plait {
namespace {

// The kernel of whole_value: puts all blocks of a collection together.
constinit KernelId<MetaPtr> assemble_kernel{"assemble"};

// The parts that a long list of numbers has in common with another one are not looked for: they are hashed in one go.
Token hash_tokens(const std::vector<Token>& tokens) { return hash_bytes(tokens.data(), tokens.size() * sizeof(Token)); }

struct TaskTableNode final : Op<TaskTableNode> {
  Shared<TaskNames> names;
  Shared<TaskCalls> calls;
  std::vector<ExprPtr> taken;

  static constexpr auto op_name = "tasks";
  static constexpr auto fields = std::tuple{&TaskTableNode::names, &TaskTableNode::calls, &TaskTableNode::taken};

  std::string describe() const override;
  const TaskNames* task_names() const override { return &*names; }
  MetaPtr infer_meta() const override;

 protected:
  // The tokens of the calls say what they are, and of which operands.
  Token compute_token() const override {
    std::vector<Token> tokens{hash_tokens(names->tokens)};
    for (const ExprPtr& operand : taken) tokens.push_back(operand->token());
    return tokenize(op_name, tokens);
  }
};

std::string TaskTableNode::describe() const {
  constexpr std::size_t kMaxShown = 4;
  std::vector<std::size_t> counts(names->groups.size(), 0);
  for (std::size_t call = 0; call < calls->calls.size(); ++call) {
    if (calls->calls[call]) ++counts[names->group_of[call]];
  }
  std::map<std::string, std::size_t> by_op;
  for (std::size_t group = 0; group < counts.size(); ++group) {
    if (counts[group] > 0) by_op[names->groups[group].op] += counts[group];
  }
  std::vector<std::pair<std::string, std::size_t>> ops(by_op.begin(), by_op.end());
  std::stable_sort(ops.begin(), ops.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (std::size_t i = 0; i < std::min(ops.size(), kMaxShown); ++i) {
    text += (i == 0 ? "" : ", ") + ops[i].first;
    if (ops[i].second > 1) text += fmt::format(" {} times", ops[i].second);
  }
  return ops.size() > kMaxShown ? fmt::format("{} and {} others", text, ops.size() - kMaxShown) : text;
}

// Checked here, for a table may come out of a record.
MetaPtr TaskTableNode::infer_meta() const {
  const auto require = [](bool condition) {
    if (!condition) throw io_error("a table of tasks refers to something that it does not hold: it is damaged");
  };
  require(names && calls);
  const std::size_t size = calls->calls.size();
  require(names->tokens.size() == size && names->group_of.size() == size && calls->input_ends.size() == size);
  require(calls->operands.size() == calls->blocks.size());
  std::size_t begin = 0;
  for (std::size_t row = 0; row < size; ++row) {
    const std::size_t end = calls->input_ends[row];
    require(names->group_of[row] < names->groups.size());
    require(begin <= end && end <= calls->operands.size());
    require(calls->calls[row] || begin < end);
    for (; begin < end; ++begin) {
      const std::uint32_t operand = calls->operands[begin];
      const std::int64_t block = calls->blocks[begin];
      const bool is_own = operand == BlockTask::kSameNode;
      require(is_own || operand < taken.size());
      require(block >= 0 && block < (is_own ? static_cast<std::int64_t>(row) : taken[operand]->meta().num_blocks()));
    }
  }
  return std::make_shared<TaskValuesMeta>(static_cast<std::int64_t>(size));
}

struct PickedBlocks final : Op<PickedBlocks> {
  ExprPtr from;
  std::vector<std::int64_t> blocks;

  static constexpr auto op_name = "values";
  static constexpr auto type_name = "picked blocks";
  static constexpr auto fields = std::tuple{&PickedBlocks::from, &PickedBlocks::blocks};

  std::string describe() const override { return ""; }
  MetaPtr infer_meta() const override {
    const std::int64_t num_blocks = from->meta().num_blocks();
    for (std::int64_t block : blocks) {
      if (block < 0 || block >= num_blocks)
        throw io_error(
            fmt::format("a plan takes block {} of {}, which has {}: it is damaged", block, from->op(), num_blocks));
    }
    return std::make_shared<TaskValuesMeta>(static_cast<std::int64_t>(blocks.size()));
  }
  BlockTask block_task(std::int64_t block) const override {
    return {.call = {}, .inputs = {{0, blocks.at(static_cast<std::size_t>(block))}}, .output_bytes = 0};
  }
};

struct BlocksOfValues final : Op<BlocksOfValues> {
  ExprPtr values;
  KernelCall call;
  MetaPtr collection;
  std::string label;

  static constexpr auto op_name = "blocks of values";
  static constexpr auto fields =
      std::tuple{&BlocksOfValues::values, &BlocksOfValues::call, &BlocksOfValues::collection, &BlocksOfValues::label};

  std::string_view op() const override { return label; }
  std::string describe() const override { return ""; }
  bool is_blockwise() const override { return true; }
  MetaPtr infer_meta() const override {
    if (!values || !call || !collection || values->meta().num_blocks() != collection->num_blocks())
      throw io_error("a plan holds a collection of values that do not fit it: it is damaged");
    return collection;
  }
  BlockTask block_task(std::int64_t block) const override {
    return {.call = call, .inputs = {{0, block}}, .output_bytes = 0};
  }
};

struct WholeValue final : Op<WholeValue> {
  ExprPtr collection;

  static constexpr auto op_name = "finalize";
  static constexpr auto fields = std::tuple{&WholeValue::collection};

  MetaPtr infer_meta() const override { return std::make_shared<TaskValuesMeta>(1); }
  BlockTask block_task(std::int64_t) const override {
    BlockTask task{.call = assemble_kernel(collection->meta_ptr()), .inputs = {}, .output_bytes = 0};
    for (std::int64_t block = 0; block < collection->meta().num_blocks(); ++block) task.inputs.push_back({0, block});
    return task;
  }
};

}  // namespace

std::string TaskNames::key(std::int64_t block) const {
  const auto found = given.find(block);
  if (found != given.end()) return found->second;
  const auto row = static_cast<std::size_t>(block);
  return fmt::format("{}-{}", groups.at(group_of.at(row)).op, tokens.at(row).text());
}

template <>
const ValueType& value_type<TaskKeys>() {
  static const ValueType type = {
      .name = "task keys",
      .num_bytes = [](const void*) { return sizeof(TaskKeys); },
      .describe = [](const void*) { return std::string("keys of tasks"); },
      .encode = [](Encoder& to, const void* data) { encode(to, static_cast<const TaskKeys*>(data)->names); },
      .decode = [](Decoder& from) -> std::shared_ptr<const void> {
        return std::make_shared<const TaskKeys>(TaskKeys{decode<Shared<TaskNames>>(from)});
      },
      .item_name =
          [](const void* data, std::size_t i) {
            return static_cast<const TaskKeys*>(data)->names->key(static_cast<std::int64_t>(i));
          }};
  return type;
}

std::string layer_name(const Expr& node, std::size_t group) {
  return fmt::format("{}-{}-{}", node.task_names()->groups.at(group).op, node.token().text(), group);
}

namespace {

const TaskTableNode& table_of(const Expr& node) {
  const auto* table = dynamic_cast<const TaskTableNode*>(&node);
  PLAIT_CHECK(table != nullptr);
  return *table;
}

}  // namespace

Value task_keys(const Expr& node) { return Value::of(TaskKeys{table_of(node).names}); }
const TaskCalls& task_calls(const Expr& node) { return *table_of(node).calls; }

namespace {

// A number for each call, under a name that no other process has.
struct CallTokens {
  Token start = unique_token();
  std::atomic<std::uint64_t> count = 0;
};
CallTokens& call_tokens() {
  static auto* tokens = new CallTokens;
  return *tokens;
}

}  // namespace

Token next_call_token() {
  CallTokens& tokens = call_tokens();
  const std::uint64_t number = tokens.count.fetch_add(1, std::memory_order_relaxed);
  // People know a key by its first digits, so these differ most.
  return {tokens.start.high ^ (number * 0x9E3779B97F4A7C15u), tokens.start.low + number};
}

void renew_call_tokens() { call_tokens().start = unique_token(); }

void TaskTableBuilder::reserve(std::size_t num_calls) {
  calls_.calls.reserve(num_calls);
  calls_.input_ends.reserve(num_calls);
  names_.tokens.reserve(num_calls);
  names_.group_of.reserve(num_calls);
}

std::uint32_t TaskTableBuilder::add_group(std::string op, std::string source) {
  names_.groups.push_back({std::move(op), std::move(source)});
  return static_cast<std::uint32_t>(names_.groups.size() - 1);
}

std::int64_t TaskTableBuilder::add(KernelCall call, const Token& token, std::uint32_t group,
                                   std::span<const BlockTask::Input> inputs) {
  calls_.calls.push_back(std::move(call));
  for (const BlockTask::Input& input : inputs) {
    calls_.operands.push_back(input.operand);
    calls_.blocks.push_back(input.block);
  }
  calls_.input_ends.push_back(static_cast<std::uint32_t>(calls_.operands.size()));
  names_.tokens.push_back(token);
  names_.group_of.push_back(group);
  return static_cast<std::int64_t>(calls_.calls.size() - 1);
}

std::uint32_t TaskTableBuilder::add_operand(const ExprPtr& operand) {
  const auto [entry, is_new] = operand_numbers_.emplace(operand.get(), static_cast<std::uint32_t>(operands_.size()));
  if (is_new) operands_.push_back(operand);
  return entry->second;
}

ExprPtr TaskTableBuilder::take() {
  const Token token = hash_tokens(names_.tokens);
  // Parts of a record are found by their tokens, so each has its own.
  return make_expr<TaskTableNode>(Shared<TaskNames>(std::move(names_), token),
                                  Shared<TaskCalls>(std::move(calls_), tokenize("calls", token)), std::move(operands_));
}

ExprPtr picked_blocks(const ExprPtr& from, std::vector<std::int64_t> blocks) {
  return make_expr<PickedBlocks>(from, std::move(blocks));
}

ExprPtr blocks_of_values(const ExprPtr& values, KernelCall call, MetaPtr collection, std::string label) {
  return make_expr<BlocksOfValues>(values, std::move(call), std::move(collection), std::move(label));
}

ExprPtr whole_value(const ExprPtr& collection) { return make_expr<WholeValue>(collection); }

std::string TaskValuesMeta::describe() const { return fmt::format("{} value{}", count_, count_ == 1 ? "" : "s"); }

void register_task_tables() {
  static std::once_flag once;
  std::call_once(once, [] {
    register_value_type(value_type<TaskKeys>());
    register_meta_reader(
        "tasks", [](Decoder& from) -> MetaPtr { return std::make_shared<TaskValuesMeta>(decode<std::int64_t>(from)); });
    define(assemble_kernel, "All of a collection in one piece.",
           [](Inputs inputs, const MetaPtr& meta, const TaskContext&) {
             return meta->assemble(std::vector<Value>(inputs.begin(), inputs.end()));
           });
  });
}

}  // namespace plait
