// Expr: an immutable node of a plan. Collections build them; the drivers in plan.h simplify, lower, fuse and run them.
//
// A node knows its operands, its Meta (what is known of the result without computing it: checked when the node is made,
// so that a mistake fails on the user's own line) and its token, a hash of the operation, its fields and its operands'
// tokens: nodes with equal tokens are the same work and run once.
//
// An operation is a struct that lists its fields and answers a few questions (see conventions.md and Op below). An
// operation is either lowered into simpler ones (`lower`), or is a block operation: each block of its result is one
// task
// (`block_task`).
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/kernel.h"
#include "base/shared.h"
#include "base/token.h"

namespace plait {

class Expr;
using ExprPtr = std::shared_ptr<const Expr>;

// What is known of a collection before it is computed.
class Meta {
 public:
  virtual ~Meta() = default;
  // Blocks along each axis: {3, 4} for chunks, {npartitions} for frames, {} for one value.
  virtual std::vector<std::int64_t> grid() const = 0;
  // One line for explain(): "float64 (1000, 1000) in (4, 4) chunks".
  virtual std::string describe() const = 0;
  // The whole result from its blocks, in C order of the grid.
  virtual Value assemble(std::vector<Value> blocks) const = 0;
  // Memory for the whole result and the place of every block in it, where that is known beforehand; else empty.
  // `assemble` recognises blocks that already stand in their place.
  virtual std::vector<NdArray> destinations() const { return {}; }

  // How it is written where it is a field of a node: the kind by which its reader is found, and the fields. Kinds that
  // no user's collection has need neither.
  virtual std::string kind() const;
  virtual void encode_fields(Encoder& to) const;

  std::int64_t num_blocks() const;
};
using MetaPtr = std::shared_ptr<const Meta>;

// Reads the fields of one kind of Meta. Made known at start-up, each kind once.
using MetaReader = MetaPtr (*)(Decoder& from);
void register_meta_reader(std::string kind, MetaReader read);
template <>
struct Codec<MetaPtr> {
  static void encode(Encoder& to, const MetaPtr& meta);
  static MetaPtr decode(Decoder& from);
};

// How one block of a result is made: a kernel call on blocks of the operands, or, without a call, its only input as it
// is.
struct BlockTask {
  // In place of an operand, in task tables only (task_table.h): an earlier call of the table itself.
  static constexpr std::uint32_t kSameNode = 0xFFFFFFFF;
  struct Input {
    std::uint32_t operand = 0;
    std::int64_t block = 0;  // flat position in that operand's grid
  };
  KernelCall call;
  std::vector<Input> inputs;
  std::uint64_t output_bytes = 0;  // 0 if not known
};

// The names of blocks that are work of their own (task_table.h).
struct TaskNames;

// Where the work of a node is done; explain() shows it.
enum class Origin { native, pandas, python };

class Expr : public std::enable_shared_from_this<Expr> {
 public:
  virtual ~Expr() = default;

  virtual std::string_view op() const = 0;
  // Every node among its fields.
  virtual std::vector<ExprPtr> children() const = 0;
  // Those of them whose blocks its tasks take; the others are parts of itself, such as what it was fused of.
  virtual std::vector<ExprPtr> operands() const { return children(); }
  // The same operation on other operands.
  virtual ExprPtr with_operands(const std::vector<ExprPtr>& operands) const = 0;
  // The parameters, for explain(): "axes=[0], keepdims=false". Operands are not repeated.
  virtual std::string describe() const { return ""; }
  virtual Origin origin() const { return Origin::native; }

  // A cheaper node of the same meaning, or null. Asked again of what it returns.
  virtual ExprPtr simplify() const { return nullptr; }
  // The same in simpler operations, or null for a block operation.
  virtual ExprPtr lower() const { return nullptr; }

  // Block operations only.
  virtual BlockTask block_task(std::int64_t block) const;
  // Null where the blocks of the result are named by the node and their places.
  virtual const TaskNames* task_names() const { return nullptr; }
  // Whether block i takes block i of every operand that has as many blocks: such an operation can become one task with
  // the producers of those operands.
  virtual bool is_blockwise() const { return false; }
  // This operation and the one that makes its operand as a single one, or null. Only asked when nobody else needs the
  // operand (or it is cheap to make again) and both are block operations.
  virtual ExprPtr absorb(std::size_t /*operand*/, const ExprPtr& /*producer*/) const { return nullptr; }
  // Whether making a block again costs less than keeping it: constants, ranges.
  virtual bool is_cheap() const { return false; }

  const Meta& meta() const { return *meta_; }
  const MetaPtr& meta_ptr() const { return meta_; }
  // Found when it is first asked for. Thread-safe.
  const Token& token() const;
  // "sum-<token>": the layer name.
  std::string name() const;
  // The user's line that made this node: see SourceScope.
  const std::string& source() const { return source_; }

  // How a plan is written for another process: the type by which its reader is found, and the fields.
  virtual std::string_view type() const = 0;
  virtual void encode_fields(Encoder& to) const = 0;

 protected:
  virtual MetaPtr infer_meta() const = 0;
  // From the fields; the children have their tokens.
  virtual Token compute_token() const = 0;

  MetaPtr meta_;
  std::string source_;

 private:
  bool has_token() const { return has_token_.load(std::memory_order_acquire); }
  void keep_token(const Token& token) const;

  mutable std::atomic<bool> has_token_ = false;
  mutable Token token_;
};

namespace detail {
// Deletes the node, and after it the nodes that it alone held, one after the other: a chain of a million nodes dies
// without recursion.
void let_go(const Expr* node) noexcept;
}  // namespace detail

// A node whose fields are still to be set. The only way to make one.
template <class T>
std::shared_ptr<T> new_node() {
  return std::shared_ptr<T>(new T, [](const T* node) { detail::let_go(node); });
}

// Says which line of the user's program the nodes made now, on this thread, belong to. Nested scopes keep the outer
// line: it is the user's.
class SourceScope {
 public:
  explicit SourceScope(std::string source);
  ~SourceScope();
  SourceScope(const SourceScope&) = delete;
  SourceScope& operator=(const SourceScope&) = delete;
  static const std::string& current();

 private:
  bool is_outer_;
};

// A node as a field is hashed by its token; in the record of a plan (plan_codec.h) it is the number of its node.
template <>
struct Codec<ExprPtr> {
  static void encode(Encoder& to, const ExprPtr& expr);
  static ExprPtr decode(Decoder& from);
};

// Reads the fields of a node of one type. Known from the start of the program for every type that is used in it; two
// types of one name are a bug.
using NodeReader = ExprPtr (*)(Decoder& from, std::string source);
bool register_node_reader(std::string_view type, NodeReader read);

// Text of a field for describe(); overload for types of your own, found by argument-dependent lookup.
std::string field_text(bool value);
std::string field_text(std::int64_t value);
std::string field_text(double value);
std::string field_text(const std::string& value);
template <class T>
  requires requires(const T& value) { field_text(value); }
std::string field_text(const std::vector<T>& values) {
  std::string text;
  for (const T& value : values) text += (text.empty() ? "" : ", ") + field_text(value);
  return "[" + text + "]";
}

// The base of every operation:
//   struct Sum final : Op<Sum> {
//     ExprPtr array;
//     Axes axes;
//     static constexpr auto op_name = "sum";
//     static constexpr auto fields = std::tuple{&Sum::array, &Sum::axes};
//     MetaPtr infer_meta() const override { ... }
//     ExprPtr lower() const override { ... }
//   };
//   ExprPtr sum = make_expr<Sum>(array, axes);
// Fields of type ExprPtr and std::vector<ExprPtr> are its operands, in order. Where several operations have one name
// for people, each also has a type_name of its own: records name it.
template <class Self>
class Op : public Expr {
 public:
  Op() { static_cast<void>(is_registered_); }

  std::string_view op() const override { return Self::op_name; }

  std::vector<ExprPtr> children() const override {
    std::vector<ExprPtr> found;
    for_each_field(self(), [&]<class F>(const F& field) {
      if constexpr (std::is_same_v<F, ExprPtr>) {
        if (field) found.push_back(field);
      } else if constexpr (std::is_same_v<F, std::vector<ExprPtr>>) {
        found.insert(found.end(), field.begin(), field.end());
      }
    });
    return found;
  }

  ExprPtr with_operands(const std::vector<ExprPtr>& operands) const override {
    auto copy = new_node<Self>();
    std::size_t next = 0;
    copy_fields(*copy, [&]<class F>(F& field) {
      if constexpr (std::is_same_v<F, ExprPtr>) {
        if (field) field = operands.at(next++);
      } else if constexpr (std::is_same_v<F, std::vector<ExprPtr>>) {
        for (ExprPtr& item : field) item = operands.at(next++);
      }
    });
    copy->source_ = source_;
    copy->meta_ = copy->infer_meta();
    return copy;
  }

  std::string describe() const override {
    std::string text;
    for_each_field(self(), [&]<class F>(const F& field) {
      if constexpr (requires { field_text(field); } && !std::is_same_v<F, std::vector<ExprPtr>>) {
        text += (text.empty() ? "" : ", ") + field_text(field);
      }
    });
    return text;
  }

  static constexpr std::string_view name_of_type() {
    if constexpr (requires { Self::type_name; })
      return Self::type_name;
    else
      return Self::op_name;
  }
  std::string_view type() const override { return name_of_type(); }
  void encode_fields(Encoder& to) const override {
    for_each_field(self(), [&](const auto& field) { encode(to, field); });
  }
  static ExprPtr read(Decoder& from, std::string source) {
    auto node = new_node<Self>();
    for_each_field(*node, [&]<class F>(F& field) { field = decode<F>(from); });
    node->source_ = std::move(source);
    node->meta_ = node->infer_meta();
    return node;
  }

  // Called once by make_expr.
  void finish() {
    source_ = SourceScope::current();
    meta_ = infer_meta();
  }

 protected:
  Token compute_token() const override {
    Encoder to(parts_by_token());
    encode(to, std::string(name_of_type()));
    for_each_field(self(), [&](const auto& field) { encode(to, field); });
    return hash_record(to.take());
  }

 private:
  template <class F>
  void copy_fields(Self& copy, F&& then) const {
    std::apply([&](auto... member) { ((copy.*member = self().*member, then(copy.*member)), ...); }, Self::fields);
  }
  const Self& self() const { return static_cast<const Self&>(*this); }

  inline static const bool is_registered_ = register_node_reader(name_of_type(), Self::read);
};

// A node with its fields in their order; the rest keep their defaults. Throws what infer_meta throws.
template <class T, class... Args>
ExprPtr make_expr(Args&&... args) {
  auto node = new_node<T>();
  auto values = std::forward_as_tuple(std::forward<Args>(args)...);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((*node.*std::get<I>(T::fields) = std::get<I>(std::move(values))), ...);  // NOLINT(bugprone-use-after-move)
  }(std::make_index_sequence<sizeof...(Args)>{});
  node->finish();
  return node;
}

}  // namespace plait
