#include "delayed_table.h"

#include <fmt/format.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "expr/task_table.h"
#include "gil.h"
#include "plan.h"
#include "user_line.h"
#include "values.h"

namespace plait::python {

// What the tasks of one table hold together.
struct DelayedRows {
  PyRef wanted;                    // keeps every object of the table
  std::vector<DelayedTask> tasks;  // of the calls

  // The function of calls, written once for all of them.
  Shared<PyRef> function(PyObject* object) const {
    const std::lock_guard lock(mutex);
    Shared<PyRef>& held = functions[object];
    if (!held) held = Shared<PyRef>(PyRef(nb::handle(object)), unique_token());
    return held;
  }

 private:
  mutable std::mutex mutex;
  mutable std::unordered_map<PyObject*, Shared<PyRef>> functions;
};

namespace {

// The arguments of a call, with values in the places of what is delayed. `next` counts the inputs.
nb::object evaluated(const DelayedObject& object, Inputs inputs, std::size_t& next);

nb::object argument_value(PyObject* argument, Inputs inputs, std::size_t& next) {
  const DelayedObject* taken = delayed_in(argument);
  if (!taken) return nb::borrow(argument);
  return taken->kind == DelayedKind::part ? evaluated(*taken, inputs, next) : to_python(inputs[next++]);
}

nb::object called(PyObject* function, PyObject* arguments, PyObject* keywords) {
  PyObject* result = stopping_at_shutdown([&] { return PyObject_Call(function, arguments, keywords); });
  if (!result) throw nb::python_error();
  return nb::steal(result);
}

nb::object evaluated(const DelayedObject& object, Inputs inputs, std::size_t& next) {
  if (!object.takes_delayed) return called(object.function, object.arguments, object.keywords);
  const Py_ssize_t size = PyTuple_GET_SIZE(object.arguments);
  const nb::object arguments = nb::steal(PyTuple_New(size));
  for (Py_ssize_t i = 0; i < size; ++i) {
    nb::object value = argument_value(PyTuple_GET_ITEM(object.arguments, i), inputs, next);
    PyTuple_SET_ITEM(arguments.ptr(), i, value.release().ptr());
  }
  if (!object.keywords) return called(object.function, arguments.ptr(), nullptr);
  nb::dict keywords;
  for (auto [name, argument] : nb::borrow<nb::dict>(object.keywords))
    keywords[name] = argument_value(argument.ptr(), inputs, next);
  return called(object.function, arguments.ptr(), keywords.ptr());
}

Value run_delayed(Inputs inputs, const DelayedTask& task, const TaskContext& context) {
  if (!task.object) return run_python_task(inputs, *task.computation, context);
  return in_python(context, [&] {
    std::size_t next = 0;
    return Value::of(PyRef(evaluated(*task.object, inputs, next)));
  });
}

Computation literal(const Shared<PyRef>& object) {
  Computation computation;
  computation.object = object;
  computation.is_small = true;
  return computation;
}

// For another process. Keywords become the last arguments of a function that gives them their names again.
Computation computation_of(const DelayedObject& object, const DelayedRows& rows, std::uint32_t& next) {
  const auto argument = [&](PyObject* given) {
    const DelayedObject* taken = delayed_in(given);
    if (!taken) return literal(Shared<PyRef>(PyRef(nb::handle(given)), unique_token()));
    if (taken->kind == DelayedKind::part) return computation_of(*taken, rows, next);
    Computation input;
    input.kind = Computation::Kind::input;
    input.input = next++;
    return input;
  };
  Computation computation;
  computation.kind = Computation::Kind::call;
  computation.object = rows.function(object.function);
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(object.arguments); ++i)
    computation.arguments.push_back(argument(PyTuple_GET_ITEM(object.arguments, i)));
  if (!object.keywords) return computation;
  Computation function;
  function.object = computation.object;
  computation.arguments.insert(computation.arguments.begin(), function);
  nb::list names;
  for (auto [name, value] : nb::borrow<nb::dict>(object.keywords)) {
    names.append(name);
    computation.arguments.push_back(argument(value.ptr()));
  }
  computation.arguments.insert(computation.arguments.begin() + 1,
                               literal(Shared<PyRef>(PyRef(nb::tuple(names)), unique_token())));
  const nb::object with_keywords = nb::module_::import_("plait._delayed_arguments").attr("with_keywords");
  computation.object = rows.function(with_keywords.ptr());
  return computation;
}

// One walk from the wanted objects, inputs first, without recursion: chains may be long. No code of Python runs
// meanwhile, so the marks on the objects are this walk's.
class TableMaker {
 public:
  explicit TableMaker(const nb::list& wanted)
      : wanted_(wanted), rows_(std::make_shared<DelayedRows>()), walk_(++walks) {
    rows_->wanted = PyRef(wanted);
  }

  ExprPtr make() {
    std::vector<std::int64_t> picked;
    for (nb::handle object : wanted_) {
      DelayedObject* delayed = delayed_in(object.ptr());
      if (!delayed) throw type_error("expected delayed objects");
      visit(*delayed);
      picked.push_back(row_of(*delayed));
    }
    // The tasks stand still from here on: calls point to them.
    rows_->tasks.reserve(made_.size());
    builder_.reserve(made_.size());
    for (const Row& row : made_) add(row);
    return picked_blocks(builder_.take(), std::move(picked));
  }

 private:
  struct Row {
    const DelayedObject* object;
    std::uint32_t first_input;
    std::uint32_t num_inputs;
  };
  static constexpr std::int64_t kOpen = -1;

  bool is_seen(const DelayedObject& object) const { return object.walk == walk_; }
  std::int64_t row_of(const DelayedObject& object) const { return object.row; }

  void visit(DelayedObject& root) {
    waiting_.push_back(&root);
    while (!waiting_.empty()) {
      DelayedObject& object = *waiting_.back();
      if (is_seen(object) && object.row != kOpen) {
        waiting_.pop_back();
        continue;
      }
      if (!is_seen(object)) {
        if (knows_twin(object)) continue;
        object.walk = walk_;
        object.row = kOpen;
        const std::size_t before = waiting_.size();
        for_each_taken(object, [&](DelayedObject& taken) {
          if (!is_seen(taken)) waiting_.push_back(&taken);
        });
        std::reverse(waiting_.begin() + static_cast<std::ptrdiff_t>(before), waiting_.end());  // the first comes first
        if (waiting_.size() > before) continue;
      }
      waiting_.pop_back();
      finish(object);
    }
  }

  // Another object with its key is the same work.
  bool knows_twin(DelayedObject& object) {
    if (object.has_unique_token) return false;
    const auto found = by_token_.find(object.token);
    if (found == by_token_.end()) return false;
    object.walk = walk_;
    object.row = found->second;
    return true;
  }

  void finish(DelayedObject& object) {
    if (knows_twin(object)) return;
    const auto first = static_cast<std::uint32_t>(inputs_.size());
    for_each_taken(object, [&](DelayedObject& taken) { inputs_.push_back(row_of(taken)); });
    object.row = static_cast<std::int64_t>(made_.size());
    made_.push_back({&object, first, static_cast<std::uint32_t>(inputs_.size()) - first});
    if (!object.has_unique_token) by_token_.emplace(object.token, object.row);
  }

  void add(const Row& row) {
    const DelayedObject& object = *row.object;
    taken_.clear();
    for (std::uint32_t i = 0; i < row.num_inputs; ++i)
      taken_.push_back({BlockTask::kSameNode, inputs_[row.first_input + i]});
    KernelCall call = call_of(object);
    const std::int64_t block = builder_.add(std::move(call), object.token, group_of(object), taken_);
    if (object.key) builder_.name(block, key_text(object));
  }

  KernelCall call_of(const DelayedObject& object) {
    if (object.kind == DelayedKind::value) return literal_kernel(Value::of(PyRef(nb::handle(object.function))));
    if (object.kind == DelayedKind::block) {
      const ExprPtr& expr = nb::inst_ptr<ExprHandle>(nb::handle(object.function))->expr;
      const ExprPtr node = object.block < 0 ? whole_value(expr) : expr;
      taken_.push_back({builder_.add_operand(node), std::max<std::int64_t>(object.block, 0)});
      return {};
    }
    DelayedTask& task = rows_->tasks.emplace_back();
    task.object = &object;
    task.rows = rows_.get();
    return {&delayed_kernel.kernel(), ParamsPtr(rows_, &task)};
  }

  // Calls of one function on one line.
  std::uint32_t group_of(const DelayedObject& object) {
    const GroupKey key{object.name, object.code, object.instruction};
    if (last_group_ && *last_group_ == key) return last_group_number_;
    const auto [entry, is_new] = groups_.try_emplace(key, 0);
    if (is_new) {
      entry->second = builder_.add_group(nb::str(nb::handle(object.name)).c_str(),
                                         text_of(nb::handle(object.code), object.instruction));
    }
    last_group_ = key;
    return last_group_number_ = entry->second;
  }

  using GroupKey = std::tuple<PyObject*, PyObject*, int>;
  static inline std::uint64_t walks = 0;

  nb::list wanted_;
  std::shared_ptr<DelayedRows> rows_;
  std::uint64_t walk_;
  std::vector<DelayedObject*> waiting_;
  std::vector<Row> made_;
  std::vector<std::int64_t> inputs_;
  std::vector<BlockTask::Input> taken_;
  std::unordered_map<Token, std::int64_t> by_token_;
  std::map<GroupKey, std::uint32_t> groups_;
  std::optional<GroupKey> last_group_;
  std::uint32_t last_group_number_ = 0;
  TaskTableBuilder builder_;
};

}  // namespace

ExprPtr values_of_delayed(const nb::list& wanted) { return TableMaker(wanted).make(); }

void bind_delayed_tables(nb::module_& m) {
  static std::once_flag once;
  std::call_once(once, [] { define(delayed_kernel, "A delayed call of a Python function.", run_delayed, hold_gil); });
  m.def("delayed_values", [](const nb::list& wanted) { return ExprHandle{values_of_delayed(wanted)}; });
  m.def(
      "all_delayed",
      [](nb::handle items) {
        PyObject* const* objects = PySequence_Fast_ITEMS(items.ptr());
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(items.ptr()); ++i) {
          if (!delayed_in(objects[i])) return false;
        }
        return true;
      },
      "Whether a list or tuple holds nothing but delayed objects.");
}

}  // namespace plait::python

namespace plait {

void Codec<python::DelayedTask>::encode(Encoder& to, const python::DelayedTask& task) {
  if (!task.object) return plait::encode(to, *task.computation);
  python::Computation computation;
  {
    const python::Gil gil;
    std::uint32_t next = 0;
    try {
      computation = python::computation_of(*task.object, *task.rows, next);
    } catch (nanobind::python_error& error) {
      throw python::to_plait_error(error);
    }
  }
  plait::encode(to, computation);
}

python::DelayedTask Codec<python::DelayedTask>::decode(Decoder& from) {
  python::DelayedTask task;
  task.computation = std::make_unique<const python::Computation>(plait::decode<python::Computation>(from));
  return task;
}

}  // namespace plait
