// Task tables: many calls, each with a name of its own, as one node of a plan. Delayed functions become one.
//
// A call takes earlier calls of its table and blocks of the operands, the collections that were among its arguments.
// Calls are named by tokens: work of one name runs once, in however many tables it stands. A table has one block a
// call, in the order in which they were added; build_graph() reads the calls themselves, not one block_task() a call.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/shared.h"
#include "expr/expr.h"

namespace plait {

// What people call the tasks of a node, and what makes them the same work.
struct TaskNames {
  // Tasks of one operation, made by one line of the user's program.
  struct Group {
    std::string op;
    std::string source;
    static constexpr auto fields = std::tuple{&Group::op, &Group::source};
  };
  std::vector<Group> groups;
  std::vector<Token> tokens;                  // by block
  std::vector<std::uint32_t> group_of;        // by block
  std::map<std::int64_t, std::string> given;  // keys that the user gave to tasks
  static constexpr auto fields =
      std::tuple{&TaskNames::groups, &TaskNames::tokens, &TaskNames::group_of, &TaskNames::given};

  // "inc-1f3a..."
  std::string key(std::int64_t block) const;
};

// The names as the keys of a graph's layer.
struct TaskKeys {
  Shared<TaskNames> names;
};
template <>
const ValueType& value_type<TaskKeys>();

// The calls themselves, side by side: there may be millions.
struct TaskCalls {
  std::vector<KernelCall> calls;
  std::vector<std::uint32_t> input_ends;  // by call: where its inputs end
  std::vector<std::uint32_t> operands;    // of all inputs; BlockTask::kSameNode for an earlier call
  std::vector<std::int64_t> blocks;
  // Which of all inputs are those of a call.
  std::size_t first_input(std::size_t call) const { return call == 0 ? 0 : input_ends[call - 1]; }

  static constexpr auto fields =
      std::tuple{&TaskCalls::calls, &TaskCalls::input_ends, &TaskCalls::operands, &TaskCalls::blocks};
};

// Of a node that has task_names(): the layer of a group, the keys of all layers, the calls.
std::string layer_name(const Expr& node, std::size_t group);
Value task_keys(const Expr& node);
const TaskCalls& task_calls(const Expr& node);

// The token of a call that is work of its own: no other call, in no other process, has it. Thread-safe.
Token next_call_token();
// For a process that was forked: it must not name its calls as its parent does.
void renew_call_tokens();

class TaskTableBuilder {
 public:
  void reserve(std::size_t num_calls);
  std::uint32_t add_group(std::string op, std::string source);
  // The block that the call makes. `inputs` are earlier calls and blocks of operands that were added.
  std::int64_t add(KernelCall call, const Token& token, std::uint32_t group, std::span<const BlockTask::Input> inputs);
  // The key of a call, where it is not made of its group and token.
  void name(std::int64_t block, std::string key) { names_.given.emplace(block, std::move(key)); }
  // An input's `operand`.
  std::uint32_t add_operand(const ExprPtr& operand);
  std::size_t size() const { return calls_.calls.size(); }
  ExprPtr take();

 private:
  TaskNames names_;
  TaskCalls calls_;
  std::vector<ExprPtr> operands_;
  std::map<const Expr*, std::uint32_t> operand_numbers_;
};

// Some blocks of a node, one after the other, as they are. The value is a Sequence of them.
ExprPtr picked_blocks(const ExprPtr& from, std::vector<std::int64_t> blocks);
// A collection of which `call` makes each block out of the value of the same number.
ExprPtr blocks_of_values(const ExprPtr& values, KernelCall call, MetaPtr collection, std::string label);
// All of a collection as the only block of a node: what compute() gives.
ExprPtr whole_value(const ExprPtr& collection);

// What is known of values that nobody has seen yet.
class TaskValuesMeta final : public Meta {
 public:
  explicit TaskValuesMeta(std::int64_t count) : count_(count) {}
  std::vector<std::int64_t> grid() const override { return {count_}; }
  std::string describe() const override;
  Value assemble(std::vector<Value> blocks) const override { return Value::of(Sequence{std::move(blocks)}); }
  std::string kind() const override { return "tasks"; }
  void encode_fields(Encoder& to) const override { encode(to, count_); }

 private:
  std::int64_t count_;
};

// The kernel of whole_value, the type of keys and the kind of Meta: registered by register_expr_kernels.
void register_task_tables();

}  // namespace plait
