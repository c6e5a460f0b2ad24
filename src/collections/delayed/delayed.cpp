// Delayed calls of C++ functions, and the table of tasks that they become.
#include "plait/delayed.h"

#include <array>
#include <atomic>
#include <map>
#include <mutex>

#include "collections/source_line.h"
#include "collections/start.h"
#include "expr/task_table.h"
#include "graph/graph.h"
#include "kernels/table/table_value.h"
#include "runtime/objects.h"

namespace plait::detail {

struct DelayedGroup {
  std::string name;
  std::string source;
};

namespace {

// The tasks that a call takes: most take two at most.
class TaskList {
 public:
  TaskList(DelayedTaskPtr* tasks, std::size_t count) {
    if (count <= few_.size())
      std::move(tasks, tasks + count, few_.begin());
    else
      many_.assign(std::make_move_iterator(tasks), std::make_move_iterator(tasks + count));
    count_ = count;
  }
  std::span<const DelayedTaskPtr> all() const {
    return many_.empty() ? std::span(few_).first(count_) : std::span<const DelayedTaskPtr>(many_);
  }
  void move_to(std::vector<DelayedTaskPtr>& to) {
    for (DelayedTaskPtr& task : few_) {
      if (task) to.push_back(std::move(task));
    }
    for (DelayedTaskPtr& task : many_) to.push_back(std::move(task));
  }

 private:
  std::array<DelayedTaskPtr, 2> few_;
  std::vector<DelayedTaskPtr> many_;
  std::size_t count_ = 0;
};

}  // namespace

class DelayedTask {
 public:
  DelayedTask(KernelCall call, DelayedGroupPtr group, DelayedTaskPtr* inputs, std::size_t count)
      : call(std::move(call)), group(std::move(group)), inputs(inputs, count), token(next_call_token()) {}
  // A block of a node, as it is.
  DelayedTask(ExprPtr node, std::int64_t block)
      : inputs(nullptr, 0), node(std::move(node)), block(block), token(next_call_token()) {}
  DelayedTask(const DelayedTask&) = delete;
  DelayedTask& operator=(const DelayedTask&) = delete;
  ~DelayedTask();

  KernelCall call;
  DelayedGroupPtr group;
  TaskList inputs;
  ExprPtr node;
  std::int64_t block = 0;
  Token token;
  // The walk that has seen it last, and the row that it became. Under the mutex of walks.
  mutable std::uint64_t walk = 0;
  mutable std::int64_t row = 0;
};

namespace {

// Calls that wait to be let go of on this thread; null while none is.
thread_local std::vector<DelayedTaskPtr>* dying = nullptr;

}  // namespace

// A chain of a million calls dies without recursion.
DelayedTask::~DelayedTask() {
  if (dying) {
    inputs.move_to(*dying);
    return;
  }
  std::vector<DelayedTaskPtr> waiting;
  inputs.move_to(waiting);
  dying = &waiting;
  while (!waiting.empty()) {
    const DelayedTaskPtr next = std::move(waiting.back());
    waiting.pop_back();
  }
  dying = nullptr;
}

namespace {

constexpr std::int64_t kOpen = -1;

// Guards the marks of all calls.
std::mutex& walks() {
  static auto* mutex = new std::mutex;
  return *mutex;
}

// One walk from the wanted calls, inputs first, without recursion.
class TableMaker {
 public:
  ExprPtr make(const std::vector<DelayedTaskPtr>& wanted) {
    static std::uint64_t num_walks = 0;
    const std::lock_guard lock(walks());
    walk_ = ++num_walks;
    std::vector<std::int64_t> picked;
    picked.reserve(wanted.size());
    for (const DelayedTaskPtr& task : wanted) {
      visit(*task);
      picked.push_back(task->row);
    }
    return picked_blocks(builder_.take(), std::move(picked));
  }

 private:
  void visit(const DelayedTask& root) {
    waiting_.push_back(&root);
    while (!waiting_.empty()) {
      const DelayedTask& task = *waiting_.back();
      if (task.walk != walk_) {
        task.walk = walk_;
        task.row = kOpen;
        const std::size_t before = waiting_.size();
        const auto inputs = task.inputs.all();
        for (auto input = inputs.rbegin(); input != inputs.rend(); ++input) {
          if ((*input)->walk != walk_) waiting_.push_back(input->get());
        }
        if (waiting_.size() > before) continue;
      }
      waiting_.pop_back();
      if (task.row == kOpen) add(task);
    }
  }

  void add(const DelayedTask& task) {
    taken_.clear();
    if (task.node) {
      taken_.push_back({builder_.add_operand(task.node), task.block});
      task.row = builder_.add({}, task.token, group_of(nullptr), taken_);
      return;
    }
    for (const DelayedTaskPtr& input : task.inputs.all()) taken_.push_back({BlockTask::kSameNode, input->row});
    task.row = builder_.add(task.call, task.token, group_of(task.group.get()), taken_);
  }

  std::uint32_t group_of(const DelayedGroup* group) {
    if (last_group_ == group && !groups_.empty()) return last_number_;
    const auto [entry, is_new] = groups_.try_emplace(group, 0);
    if (is_new)
      entry->second = group ? builder_.add_group(group->name, group->source) : builder_.add_group("values", "");
    last_group_ = group;
    return last_number_ = entry->second;
  }

  std::uint64_t walk_ = 0;
  std::vector<const DelayedTask*> waiting_;
  std::vector<BlockTask::Input> taken_;
  std::map<const DelayedGroup*, std::uint32_t> groups_;
  const DelayedGroup* last_group_ = nullptr;
  std::uint32_t last_number_ = 0;
  TaskTableBuilder builder_;
};

DelayedTaskPtr value_task(Value value, Location where) {
  start();
  register_object_types();
  return std::make_shared<const DelayedTask>(literal_kernel(std::move(value)), delayed_group("value", where), nullptr,
                                             0);
}

}  // namespace

DelayedGroupPtr delayed_group(std::string name, Location where) {
  const SourceScope scope = source_scope(where);
  return std::make_shared<const DelayedGroup>(DelayedGroup{std::move(name), SourceScope::current()});
}

DelayedCallee delayed_callee(const DelayedGroupPtr& group, Function function) {
  start();
  register_object_types();
  return {call_kernel(plait::Function(group->name, calling(std::move(function)))).params, group};
}

DelayedCallee delayed_named(const std::string& function, Location where) {
  start();
  register_object_types();
  return {call_kernel(plait::Function::named(function)).params, delayed_group(function, where)};
}

DelayedTaskPtr delayed_call(const DelayedCallee& callee, DelayedTaskPtr* inputs, std::size_t count) {
  return std::make_shared<const DelayedTask>(KernelCall{&call_kernel.kernel(), callee.function}, callee.group, inputs,
                                             count);
}

DelayedTaskPtr delayed_object(std::shared_ptr<const void> value, const ObjectOps* ops, Location where) {
  return value_task(Value::of(Object{std::move(value), ops}), where);
}

DelayedTaskPtr delayed_array(NdArray value, Location where) { return value_task(Value::of(std::move(value)), where); }

DelayedTaskPtr delayed_collection(const std::shared_ptr<const Expr>& collection) {
  return std::make_shared<const DelayedTask>(whole_value(collection), 0);
}

DelayedTaskPtr delayed_block(const std::shared_ptr<const Expr>& node, std::int64_t block) {
  return std::make_shared<const DelayedTask>(node, block);
}

std::shared_ptr<const Expr> delayed_values(const std::vector<DelayedTaskPtr>& wanted) {
  start();
  return TableMaker().make(wanted);
}

const void* result_of(const Value& results, std::size_t i, const ObjectOps& type, bool& may_move) {
  const Value& value = results.as<Sequence>().items.at(i);
  may_move = false;
  if (*type.type == typeid(Table)) return &table_in(value);
  const auto* object = value.get_if<Object>();
  may_move = object && results.use_count() == 1 && value.use_count() == 1 && object->data.use_count() == 1;
  return object_in(value, type);
}

const Table& table_in(const Value& value) {
  const auto* table = value.get_if<Table>();
  return table ? *table : *static_cast<const Table*>(object_in(value, *ops_of<Table>()));
}

const Table& table_input(const Call& call, std::size_t i) {
  return table_in(static_cast<const RunningCall&>(call).inputs[i]);
}

}  // namespace plait::detail
