// Arrays in Python: the public class Array, and the functions that plait.array calls.
#include "plait/array.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/array.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include "array_arguments.h"
#include "array_random.h"
#include "base/check.h"
#include "base/elsewhere.h"
#include "bindings.h"
#include "collections/array/creation.h"
#include "collections/array/elementwise.h"
#include "collections/array/joining.h"
#include "collections/array/layout.h"
#include "collections/array/map_blocks.h"
#include "collections/array/matmul.h"
#include "collections/array/rechunk.h"
#include "collections/array/reduction.h"
#include "collections/array/set_items.h"
#include "collections/array/slicing.h"
#include "graph/graph.h"
#include "plan.h"
#include "python_object.h"
#include "user_line.h"
#include "values.h"

namespace plait::python {
namespace {

using Line = nb::call_guard<UserLine>;

std::vector<ExprPtr> exprs_of(const std::vector<Array>& arrays) {
  std::vector<ExprPtr> exprs;
  for (const Array& array : arrays) exprs.push_back(array.expr());
  return exprs;
}

// Pickled as its plan.
void bind_class(nb::module_& m) {
  nb::class_<Array>(m, "Array", "A lazy array of the engine: what plait.array.Array holds.")
      .def("__init__", [](Array* self, const ExprHandle& expr) { new (self) Array(expr.expr); })
      .def_prop_ro(
          "expr", [](const Array& self) { return ExprHandle{self.expr()}; }, "The node of the plan.")
      .def("__getstate__", [](const Array& self) { return ExprHandle{self.expr()}; })
      .def("__setstate__", [](Array& self, const ExprHandle& expr) { new (&self) Array(expr.expr); });
}

void bind_meta(nb::module_& m) {
  m.def("shape", [](const Array& x) { return shape_to_python(array_meta(x.expr()).shape()); });
  m.def("chunks", [](const Array& x) { return chunks_to_python(array_meta(x.expr()).chunks()); });
  m.def("dtype", [](const Array& x) { return dtype_to_python(array_meta(x.expr()).dtype()); });
  m.def(
      "normalize_chunks",
      [](const std::string& what, nb::handle chunks, nb::handle shape, nb::handle dtype, nb::handle previous) {
        const DType item = dtype_argument(dtype).value_or(DType::float64);
        if (previous.is_none())
          return chunks_to_python(normalize_chunks(what, chunk_spec(chunks), shape_argument(shape), item));
        const Chunks before = explicit_chunks(previous);
        return chunks_to_python(
            normalize_chunks(what, chunk_spec(chunks), ArrayMeta(item, before).shape(), item, &before));
      },
      nb::arg("what"), nb::arg("chunks").none(), nb::arg("shape").none(), nb::arg("dtype").none(),
      nb::arg("previous").none());
}

void bind_creation(nb::module_& m) {
  m.def(
      "fill",
      [](const std::string& label, nb::handle value, nb::handle chunks) {
        return Array{fill(label, from_numpy(value), explicit_chunks(chunks))};
      },
      Line());
  m.def(
      "arange",
      [](nb::handle first, nb::handle step, nb::handle dtype, nb::handle chunks) {
        const DType item = dtype_from_python(dtype);
        const Chunks cut = explicit_chunks(chunks);
        if (PyLong_Check(first.ptr()) && PyLong_Check(step.ptr())) {
          return Array{arange(nb::cast<std::int64_t>(first), nb::cast<std::int64_t>(step), item, cut)};
        }
        return Array{arange(nb::cast<double>(first), nb::cast<double>(step), item, cut)};
      },
      Line());
  m.def("arange_length", arange_length);
  m.def(
      "linspace",
      [](double first, double stop, bool endpoint, nb::handle dtype, nb::handle chunks) {
        return Array{linspace(first, stop, endpoint, dtype_from_python(dtype), explicit_chunks(chunks))};
      },
      Line());
  m.def(
      "eye",
      [](std::int64_t k, nb::handle dtype, nb::handle chunks) {
        return Array{eye(k, dtype_from_python(dtype), explicit_chunks(chunks))};
      },
      Line());
  m.def(
      "from_array",
      [](nb::handle array, nb::handle chunks) { return Array{from_array(from_numpy(array), explicit_chunks(chunks))}; },
      Line());
}

void bind_elementwise(nb::module_& m) {
  m.def(
      "elementwise",
      [](const std::string& op, const nb::list& operands, nb::handle dtype) {
        std::vector<ElementArgument> arguments;
        for (nb::handle operand : operands) arguments.push_back(element_argument(operand));
        return Array{elementwise(parse_element_op(op), arguments, dtype_argument(dtype))};
      },
      nb::arg("op"), nb::arg("operands"), nb::arg("dtype").none() = nb::none(), Line());
  m.def("has_element_op", [](const std::string& op) {
    for (int i = 0; i < kNumElementOps; ++i) {
      if (name(static_cast<ElementOp>(i)) == op) return true;
    }
    return false;
  });
  m.def(
      "astype", [](const Array& x, nb::handle dtype) { return Array{astype(x.expr(), dtype_from_python(dtype))}; },
      Line());
  m.def(
      "where",
      [](nb::handle condition, nb::handle a, nb::handle b) {
        return Array{where(element_argument(condition), element_argument(a), element_argument(b))};
      },
      Line());
  m.def(
      "clip",
      [](const Array& x, nb::handle low, nb::handle high) {
        const auto bound = [](nb::handle given) -> std::optional<ElementArgument> {
          if (given.is_none()) return std::nullopt;
          return element_argument(given);
        };
        return Array{clip(x.expr(), bound(low), bound(high))};
      },
      nb::arg("x"), nb::arg("low").none(), nb::arg("high").none(), Line());
  m.def("matmul", [](const Array& a, const Array& b) { return Array{matmul(a.expr(), b.expr())}; }, Line());
}

void bind_reduction(nb::module_& m) {
  m.def(
      "reduce",
      [](const std::string& op, const Array& x, std::optional<std::vector<int>> axes, bool keepdims, double ddof,
         nb::handle dtype, std::optional<std::variant<std::int64_t, std::map<int, std::int64_t>>> split_every) {
        ReduceOptions options{
            .axes = std::move(axes), .keepdims = keepdims, .ddof = ddof, .dtype = dtype_argument(dtype)};
        if (split_every && split_every->index() == 0) options.split_every = std::get<0>(*split_every);
        if (split_every && split_every->index() == 1) options.split_every_axis = std::get<1>(*split_every);
        return Array{reduce(parse_reduce_op(op), x.expr(), options)};
      },
      nb::arg("op"), nb::arg("x"), nb::arg("axes").none(), nb::arg("keepdims") = false, nb::arg("ddof") = 0,
      nb::arg("dtype").none() = nb::none(), nb::arg("split_every").none() = nb::none(), Line());
}

void bind_layout(nb::module_& m) {
  m.def(
      "transpose",
      [](const Array& x, std::optional<std::vector<int>> axes) {
        return Array{axes ? transpose(x.expr(), *axes) : transpose(x.expr())};
      },
      nb::arg("x"), nb::arg("axes").none() = nb::none(), Line());
  m.def("swapaxes", [](const Array& x, int a, int b) { return Array{swapaxes(x.expr(), a, b)}; }, Line());
  m.def(
      "moveaxis",
      [](const Array& x, const std::vector<int>& from, const std::vector<int>& to) {
        return Array{moveaxis(x.expr(), from, to)};
      },
      Line());
  m.def(
      "expand_dims", [](const Array& x, const std::vector<int>& axes) { return Array{expand_dims(x.expr(), axes)}; },
      Line());
  m.def(
      "squeeze",
      [](const Array& x, const std::optional<std::vector<int>>& axes) { return Array{squeeze(x.expr(), axes)}; },
      nb::arg("x"), nb::arg("axes").none() = nb::none(), Line());
  m.def(
      "broadcast_to",
      [](const Array& x, nb::handle shape) { return Array{broadcast_to(x.expr(), shape_argument(shape))}; }, Line());
  m.def(
      "reshape", [](const Array& x, nb::handle shape) { return Array{reshape(x.expr(), shape_argument(shape))}; },
      Line());
  m.def(
      "rechunk", [](const Array& x, nb::handle chunks) { return Array{rechunk(x.expr(), explicit_chunks(chunks))}; },
      Line());
  m.def(
      "getitem",
      [](const Array& x, const nb::list& index) {
        std::vector<IndexItem> items;
        for (nb::handle item : index) items.push_back(index_item(item));
        return Array{get_item(x.expr(), items)};
      },
      Line());
  m.def("select", [](const Array& x, const Array& mask) { return Array{select(x.expr(), mask.expr())}; }, Line());
  m.def(
      "set_items",
      [](const Array& x, const std::vector<std::array<std::int64_t, 3>>& spans, const Array& value) {
        Spans all;
        for (const auto& [start, count, step] : spans) all.push_back({start, count, step});
        return Array{set_items(x.expr(), all, value.expr())};
      },
      Line());
  m.def(
      "select_along",
      [](const Array& x, int axis, const Array& mask) { return Array{select_along(x.expr(), axis, mask.expr())}; },
      Line());
  m.def(
      "look_up", [](const Array& x, const Array& positions) { return Array{look_up(x.expr(), positions.expr())}; },
      Line());
  m.def(
      "concatenate",
      [](const std::vector<Array>& arrays, int axis) { return Array{concatenate(exprs_of(arrays), axis)}; }, Line());
  m.def(
      "stack", [](const std::vector<Array>& arrays, int axis) { return Array{stack(exprs_of(arrays), axis)}; }, Line());
}

void bind_map_blocks(nb::module_& m) {
  m.def("common_chunks", [](const std::vector<Array>& arrays) {
    std::vector<Chunks> all;
    for (const Array& array : arrays) all.push_back(array_meta(array.expr()).chunks());
    return chunks_to_python(common_chunks("map_blocks", all));
  });
  m.def("align_to",
        [](const Array& x, nb::handle chunks) { return Array{align_to(x.expr(), explicit_chunks(chunks))}; });
  m.def(
      "map_blocks",
      [](const std::vector<Array>& arrays, nb::handle function, const std::string& label, nb::handle dtype,
         nb::handle chunks, const std::vector<std::vector<int>>& result_axes) {
        return Array{make_expr<MapBlocks>(exprs_of(arrays), Shared<Value>(Value::of(PyRef(function))), label,
                                          dtype_from_python(dtype), explicit_chunks(chunks), result_axes)};
      },
      Line());
}

// Blocks in memory under the chunks that they turn out to have.
Array with_found_chunks(const Array& kept) {
  const auto grid = kept.expr()->meta().grid();
  Chunks chunks = array_meta(kept.expr()).chunks();
  for (std::int64_t block = 0; block < kept.expr()->meta().num_blocks(); ++block) {
    const BlockTask task = kept.expr()->block_task(block);
    const Value* value = literal_kernel.params_of(task.call);
    PLAIT_CHECK(value != nullptr);
    const Value here = opened(*value);
    const Shape& shape = here.as<NdArray>().shape();
    const auto index = unravel(block, grid);
    for (std::size_t axis = 0; axis < chunks.size(); ++axis) chunks[axis][index[axis]] = shape[axis];
  }
  return Array{with_known_chunks(kept.expr(), std::move(chunks))};
}

}  // namespace

void bind_array(nb::module_& parent) {
  bind_class(parent);
  nb::module_ m = parent.def_submodule("arrays", "Functions on arrays.");
  bind_meta(m);
  bind_creation(m);
  bind_elementwise(m);
  bind_reduction(m);
  bind_layout(m);
  bind_map_blocks(m);
  m.def("with_found_chunks", with_found_chunks);
  bind_random(m);
}

}  // namespace plait::python
