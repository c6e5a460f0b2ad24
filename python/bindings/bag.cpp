// Bags: the functions of plait.bag on plans, and the kernels that call Python on partitions.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include <mutex>

#include "bindings.h"
#include "collections/bag/bag_plan.h"
#include "collections/bag/python_steps.h"
#include "collections/bag/to_frame.h"
#include "errors.h"
#include "gil.h"
#include "json_lines.h"
#include "kernels/formats/line_values.h"
#include "line_objects.h"
#include "plain_arguments.h"
#include "plait/dataframe.h"
#include "plan.h"
#include "python_object.h"
#include "python_task.h"
#include "user_line.h"
#include "values.h"

namespace plait::python {
namespace {

using Line = nb::call_guard<UserLine>;

// --- Kernels

nb::object called(const PythonStep& step, const std::vector<nb::object>& arguments) {
  std::vector<PyObject*> pointers;
  for (const nb::object& argument : arguments) pointers.push_back(argument.ptr());
  PyObject* function = step.function->as<PyRef>().get().ptr();
  PyObject* result =
      stopping_at_shutdown([&] { return PyObject_Vectorcall(function, pointers.data(), pointers.size(), nullptr); });
  if (!result) throw nb::python_error();
  return nb::steal(result);
}

// A partition as others may look at it again and again.
nb::object listed(nb::object made) {
  if (!PyIter_Check(made.ptr())) return made;
  return stopping_at_shutdown([&] { return nb::module_::import_("plait.bag._steps").attr("listed")(made); });
}

// Nothing where Python has to read the block, also to say that it cannot.
std::optional<std::vector<LineValue>> native_values(const NativeSteps& native, const TextBlock& block) {
  const NoGil no_gil;
  try {
    if (native.kind == NativeSteps::Kind::word_counts) return word_counts(block);
    if (native.kind == NativeSteps::Kind::json_counts) return json_counts(block, native.keys);
    return json_values(block, native.keys);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::io) throw;
    return std::nullopt;
  }
}

// The partition that a chain begins with, done without Python up to a step; nothing if Python has to do it.
nb::object made_natively(const NativeSteps& native, const PythonSteps& chain, nb::handle place) {
  std::vector<TextBlock> blocks;
  const nb::object helpers = nb::module_::import_("plait.bag._native");
  if (native.kind == NativeSteps::Kind::json_objects)
    return helpers.attr("json_objects")(chain.steps[1].function->as<PyRef>().get(), place);
  for (nb::handle block : helpers.attr("text_blocks")(place)) {
    blocks.push_back(
        {nb::cast<std::string>(block[0]), nb::cast<std::int64_t>(block[1]), nb::cast<std::int64_t>(block[2])});
  }
  const bool as_counts = native.kind != NativeSteps::Kind::json_values;
  nb::list values_of_blocks;
  for (const TextBlock& block : blocks) {
    const auto values = native_values(native, block);
    if (!values) return {};
    const auto read_line = [&](const LineValue& line) {
      return helpers.attr("read_line")(chain.steps[1].function->as<PyRef>().get(), native.keys,
                                       nb::bytes(line.text.data(), line.text.size()),
                                       nb::make_tuple(block.path, block.start, line.integer));
    };
    values_of_blocks.append(line_values_to_python(*values, read_line, as_counts));
  }
  if (blocks.size() == 1) return values_of_blocks[0];
  return nb::module_::import_("plait.bag._steps").attr(as_counts ? "counts_of" : "joined_lists")(values_of_blocks);
}

Value run_steps(Inputs inputs, const PythonSteps& chain, const TaskContext& context) {
  return in_python(context, [&] {
    std::size_t of_later = 0;
    for (std::size_t i = 1; i < chain.steps.size(); ++i) of_later += chain.steps[i].num_extra;
    PLAIT_CHECK(of_later <= inputs.size());
    std::vector<nb::object> arguments;
    for (const Value& input : inputs.first(inputs.size() - of_later)) arguments.push_back(to_python(input));
    const NativeSteps native = native_steps(chain);
    std::size_t done = native.num_steps;
    nb::object made = done > 0 ? made_natively(native, chain, arguments.at(0)) : nb::object();
    if (!made.is_valid()) {
      made = called(chain.steps.front(), arguments);
      done = 1;
    }
    std::size_t next = inputs.size() - of_later;
    for (std::size_t i = done; i < chain.steps.size(); ++i) {
      arguments.assign(1, made);
      for (std::uint32_t extra = 0; extra < chain.steps[i].num_extra; ++extra)
        arguments.push_back(to_python(inputs[next++]));
      made = called(chain.steps[i], arguments);
    }
    return Value::of(PyRef(chain.lists ? listed(std::move(made)) : made));
  });
}

Value run_split(Inputs inputs, const PythonStep& step, const TaskContext& context) {
  return in_python(context, [&] {
    Sequence parts;
    for (nb::handle part : called(step, {to_python(inputs[0])})) parts.items.push_back(Value::of(PyRef(part)));
    return Value::of(std::move(parts));
  });
}

// --- Plans

PythonStep step(nb::handle function, std::string label, bool is_users) {
  return {Shared<Value>(Value::of(PyRef(function))), 0, std::move(label), is_users};
}

KernelCall steps(nb::handle function, std::string label, bool is_users, bool lists = true) {
  return python_steps({{step(function, std::move(label), is_users)}, lists});
}

Roots plans_of(const std::vector<ExprHandle>& handles) {
  Roots plans;
  for (const ExprHandle& handle : handles) plans.push_back(handle.expr);
  return plans;
}

std::int64_t partition_size(std::int64_t num_items, Given size, Given npartitions) {
  return bags::partition_size(num_items, optional_number("from_sequence", "partition_size", size),
                              optional_number("from_sequence", "npartitions", npartitions));
}

ExprHandle from_partitions(nb::list partitions, std::string label) {
  std::vector<Value> values;
  for (nb::handle partition : partitions) values.push_back(Value::of(PyRef(partition)));
  return {bags::from_partitions(std::move(values), std::move(label))};
}

ExprHandle call(const std::vector<ExprHandle>& inputs, nb::handle function, const std::string& label, bool is_users,
                bool is_item, std::vector<std::string> form) {
  PythonStep own = step(function, label, is_users);
  own.form = std::move(form);
  return {bags::call(plans_of(inputs), python_steps({{std::move(own)}, !is_item}), label, is_item)};
}

// None is the default, False all at once.
std::int64_t split_every_argument(const std::string& what, Given split_every) {
  if (split_every.is_none()) return bags::kDefaultSplitEvery;
  if (split_every.is(nb::bool_(false))) return 0;
  const std::int64_t number = whole_number(what, "split_every", split_every);
  return number == 0 ? -1 : number;
}

ExprHandle reduction(const ExprHandle& bag, nb::handle partial, nb::handle combine, nb::handle aggregate,
                     const std::string& label, bool is_users, Given split_every, bool is_item,
                     std::vector<std::string> form) {
  PythonStep begin = step(partial, label + "-part", is_users);
  begin.form = std::move(form);
  const bags::ReductionCalls calls{python_steps({{std::move(begin)}, false}),
                                   steps(combine, label + "-combine", is_users, false),
                                   steps(aggregate, label, is_users, !is_item)};
  return {bags::reduction(bag.expr, calls, label, split_every_argument(label, split_every), is_item)};
}

ExprHandle take(const ExprHandle& bag, nb::handle partial, nb::handle last, Given npartitions) {
  return {bags::take(bag.expr, steps(partial, "take-part", false), steps(last, "take", false),
                     whole_number("take", "npartitions", npartitions))};
}

// `piece(i, n)` is the function that takes piece i of n of a partition.
bags::PieceCall piece_call(nb::handle piece) {
  return [piece](std::int64_t i, std::int64_t n) { return steps(nb::object(piece(i, n)), "repartition", false); };
}

ExprHandle repartition(const ExprHandle& bag, Given npartitions, nb::handle join, nb::handle piece) {
  return {bags::repartition(bag.expr, whole_number("repartition", "npartitions", npartitions),
                            steps(join, "repartition", false), piece_call(piece))};
}

ExprHandle repartition_by_size(const ExprHandle& bag, const std::vector<double>& bytes, double limit, nb::handle join,
                               nb::handle piece) {
  return {bags::repartition_by_size(bag.expr, bytes, limit, steps(join, "repartition", false), piece_call(piece))};
}

ExprHandle exchange(const ExprHandle& bag, nb::handle split, nb::handle merge, std::int64_t n, const std::string& label,
                    bool is_users) {
  return {bags::exchange(bag.expr, python_split(step(split, label + "-split", is_users)), steps(merge, label, is_users),
                         n, label)};
}

ExprHandle scan(const ExprHandle& bag, nb::handle first, nb::handle next, nb::handle partition, nb::handle carried,
                const std::string& label) {
  const auto own = [&](nb::handle function, bool is_users) { return steps(function, label, is_users, false); };
  return {bags::scan(bag.expr, {own(first, true), own(next, true), own(partition, false), own(carried, false)}, label)};
}

std::vector<ExprHandle> partitions(const ExprHandle& bag) {
  std::vector<ExprHandle> all;
  for (std::int64_t i = 0; i < bag.expr->meta().num_blocks(); ++i) all.push_back({bags::pick(bag.expr, {i})});
  return all;
}

AnyFrame to_frame(const ExprHandle& bag, nb::handle function, const Table& schema) {
  return any_frame(make_expr<BagToFrame>(bag.expr, Shared<Value>(Value::of(PyRef(function))), schema));
}

}  // namespace

void register_bag_kernels() {
  static std::once_flag once;
  std::call_once(once, [] {
    define(python_steps, "Python functions on a partition, one after the other.", run_steps, hold_gil);
    define(python_split, "A Python function that cuts a partition into parts.", run_split, hold_gil);
  });
}

void bind_bag(nb::module_& parent) {
  register_bag_kernels();
  nb::module_ m = parent.def_submodule("bags", "Functions on bags.");
  bind_json_lines(m);
  m.def("partition_size", partition_size, nb::arg("num_items"), nb::arg("partition_size").none(),
        nb::arg("npartitions").none());
  m.def("from_partitions", from_partitions, nb::arg("partitions"), nb::arg("label"), Line());
  m.def("call", call, nb::arg("inputs"), nb::arg("function"), nb::arg("label"), nb::arg("is_users"),
        nb::arg("is_item") = false, nb::arg("form") = std::vector<std::string>(), Line());
  m.def("reduction", reduction, nb::arg("bag"), nb::arg("partial"), nb::arg("combine"), nb::arg("aggregate"),
        nb::arg("label"), nb::arg("is_users"), nb::arg("split_every").none(), nb::arg("is_item"),
        nb::arg("form") = std::vector<std::string>(), Line());
  m.def("take", take, nb::arg("bag"), nb::arg("partial"), nb::arg("last"), nb::arg("npartitions").none(), Line());
  m.def("concat", [](const std::vector<ExprHandle>& all) { return ExprHandle{bags::concat(plans_of(all))}; }, Line());
  m.def("partitions", partitions, "Each partition as a bag.", Line());
  m.def(
      "pairs",
      [](const ExprHandle& left, const ExprHandle& right, nb::handle function, const std::string& label) {
        return ExprHandle{bags::pairs(left.expr, right.expr, steps(function, label, false), label)};
      },
      Line());
  m.def("repartition", repartition, nb::arg("bag"), nb::arg("npartitions").none(), nb::arg("join"), nb::arg("piece"),
        Line());
  m.def("repartition_by_size", repartition_by_size, Line());
  m.def("exchange", exchange, nb::arg("bag"), nb::arg("split"), nb::arg("merge"), nb::arg("n"), nb::arg("label"),
        nb::arg("is_users"), Line());
  m.def("num_groups_partitions", [](std::int64_t npartitions, Given max_branch) {
    return bags::num_groups_partitions(npartitions, whole_number("groupby", "max_branch", max_branch));
  });
  m.def("scan", scan, nb::arg("bag"), nb::arg("first"), nb::arg("next"), nb::arg("partition"), nb::arg("carried"),
        nb::arg("label"), Line());
  m.def("block_starts", bags::block_starts, "Where blocks of a file begin that share it out evenly.");
  m.def("to_frame", to_frame, Line());
  m.def("calls_users_python",
        [](const std::vector<ExprHandle>& all) { return bags::calls_users_python(plans_of(all)); });
}

}  // namespace plait::python
