// Arrays in Python: functions on plan nodes that plait.array's classes and functions call.
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

std::vector<ExprPtr> exprs_of(const std::vector<ExprHandle>& handles) {
  std::vector<ExprPtr> exprs;
  for (const ExprHandle& handle : handles) exprs.push_back(handle.expr);
  return exprs;
}

void bind_meta(nb::module_& m) {
  m.def("shape", [](const ExprHandle& x) { return shape_to_python(array_meta(x.expr).shape()); });
  m.def("chunks", [](const ExprHandle& x) { return chunks_to_python(array_meta(x.expr).chunks()); });
  m.def("dtype", [](const ExprHandle& x) { return dtype_to_python(array_meta(x.expr).dtype()); });
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
        return ExprHandle{fill(label, from_numpy(value), explicit_chunks(chunks))};
      },
      Line());
  m.def(
      "arange",
      [](nb::handle first, nb::handle step, nb::handle dtype, nb::handle chunks) {
        const DType item = dtype_from_python(dtype);
        const Chunks cut = explicit_chunks(chunks);
        if (PyLong_Check(first.ptr()) && PyLong_Check(step.ptr())) {
          return ExprHandle{arange(nb::cast<std::int64_t>(first), nb::cast<std::int64_t>(step), item, cut)};
        }
        return ExprHandle{arange(nb::cast<double>(first), nb::cast<double>(step), item, cut)};
      },
      Line());
  m.def("arange_length", arange_length);
  m.def(
      "linspace",
      [](double first, double stop, bool endpoint, nb::handle dtype, nb::handle chunks) {
        return ExprHandle{linspace(first, stop, endpoint, dtype_from_python(dtype), explicit_chunks(chunks))};
      },
      Line());
  m.def(
      "eye",
      [](std::int64_t k, nb::handle dtype, nb::handle chunks) {
        return ExprHandle{eye(k, dtype_from_python(dtype), explicit_chunks(chunks))};
      },
      Line());
  m.def(
      "from_array",
      [](nb::handle array, nb::handle chunks) {
        return ExprHandle{from_array(from_numpy(array), explicit_chunks(chunks))};
      },
      Line());
}

void bind_elementwise(nb::module_& m) {
  m.def(
      "elementwise",
      [](const std::string& op, const nb::list& operands, nb::handle dtype) {
        std::vector<ElementArgument> arguments;
        for (nb::handle operand : operands) arguments.push_back(element_argument(operand));
        return ExprHandle{elementwise(parse_element_op(op), arguments, dtype_argument(dtype))};
      },
      nb::arg("op"), nb::arg("operands"), nb::arg("dtype").none() = nb::none(), Line());
  m.def("has_element_op", [](const std::string& op) {
    for (int i = 0; i < kNumElementOps; ++i) {
      if (name(static_cast<ElementOp>(i)) == op) return true;
    }
    return false;
  });
  m.def(
      "astype",
      [](const ExprHandle& x, nb::handle dtype) { return ExprHandle{astype(x.expr, dtype_from_python(dtype))}; },
      Line());
  m.def(
      "where",
      [](nb::handle condition, nb::handle a, nb::handle b) {
        return ExprHandle{where(element_argument(condition), element_argument(a), element_argument(b))};
      },
      Line());
  m.def(
      "clip",
      [](const ExprHandle& x, nb::handle low, nb::handle high) {
        const auto bound = [](nb::handle given) -> std::optional<ElementArgument> {
          if (given.is_none()) return std::nullopt;
          return element_argument(given);
        };
        return ExprHandle{clip(x.expr, bound(low), bound(high))};
      },
      nb::arg("x"), nb::arg("low").none(), nb::arg("high").none(), Line());
  m.def("matmul", [](const ExprHandle& a, const ExprHandle& b) { return ExprHandle{matmul(a.expr, b.expr)}; }, Line());
}

void bind_reduction(nb::module_& m) {
  m.def(
      "reduce",
      [](const std::string& op, const ExprHandle& x, std::optional<std::vector<int>> axes, bool keepdims, double ddof,
         nb::handle dtype, std::optional<std::variant<std::int64_t, std::map<int, std::int64_t>>> split_every) {
        ReduceOptions options{
            .axes = std::move(axes), .keepdims = keepdims, .ddof = ddof, .dtype = dtype_argument(dtype)};
        if (split_every && split_every->index() == 0) options.split_every = std::get<0>(*split_every);
        if (split_every && split_every->index() == 1) options.split_every_axis = std::get<1>(*split_every);
        return ExprHandle{reduce(parse_reduce_op(op), x.expr, options)};
      },
      nb::arg("op"), nb::arg("x"), nb::arg("axes").none(), nb::arg("keepdims") = false, nb::arg("ddof") = 0,
      nb::arg("dtype").none() = nb::none(), nb::arg("split_every").none() = nb::none(), Line());
}

void bind_layout(nb::module_& m) {
  m.def(
      "transpose",
      [](const ExprHandle& x, std::optional<std::vector<int>> axes) {
        return ExprHandle{axes ? transpose(x.expr, *axes) : transpose(x.expr)};
      },
      nb::arg("x"), nb::arg("axes").none() = nb::none(), Line());
  m.def("swapaxes", [](const ExprHandle& x, int a, int b) { return ExprHandle{swapaxes(x.expr, a, b)}; }, Line());
  m.def(
      "moveaxis",
      [](const ExprHandle& x, const std::vector<int>& from, const std::vector<int>& to) {
        return ExprHandle{moveaxis(x.expr, from, to)};
      },
      Line());
  m.def(
      "expand_dims",
      [](const ExprHandle& x, const std::vector<int>& axes) { return ExprHandle{expand_dims(x.expr, axes)}; }, Line());
  m.def(
      "squeeze",
      [](const ExprHandle& x, const std::optional<std::vector<int>>& axes) {
        return ExprHandle{squeeze(x.expr, axes)};
      },
      nb::arg("x"), nb::arg("axes").none() = nb::none(), Line());
  m.def(
      "broadcast_to",
      [](const ExprHandle& x, nb::handle shape) { return ExprHandle{broadcast_to(x.expr, shape_argument(shape))}; },
      Line());
  m.def(
      "reshape",
      [](const ExprHandle& x, nb::handle shape) { return ExprHandle{reshape(x.expr, shape_argument(shape))}; }, Line());
  m.def(
      "rechunk",
      [](const ExprHandle& x, nb::handle chunks) { return ExprHandle{rechunk(x.expr, explicit_chunks(chunks))}; },
      Line());
  m.def(
      "getitem",
      [](const ExprHandle& x, const nb::list& index) {
        std::vector<IndexItem> items;
        for (nb::handle item : index) items.push_back(index_item(item));
        return ExprHandle{get_item(x.expr, items)};
      },
      Line());
  m.def(
      "select", [](const ExprHandle& x, const ExprHandle& mask) { return ExprHandle{select(x.expr, mask.expr)}; },
      Line());
  m.def(
      "set_items",
      [](const ExprHandle& x, const std::vector<std::array<std::int64_t, 3>>& spans, const ExprHandle& value) {
        Spans all;
        for (const auto& [start, count, step] : spans) all.push_back({start, count, step});
        return ExprHandle{set_items(x.expr, all, value.expr)};
      },
      Line());
  m.def(
      "select_along",
      [](const ExprHandle& x, int axis, const ExprHandle& mask) {
        return ExprHandle{select_along(x.expr, axis, mask.expr)};
      },
      Line());
  m.def(
      "look_up",
      [](const ExprHandle& x, const ExprHandle& positions) { return ExprHandle{look_up(x.expr, positions.expr)}; },
      Line());
  m.def(
      "concatenate",
      [](const std::vector<ExprHandle>& arrays, int axis) { return ExprHandle{concatenate(exprs_of(arrays), axis)}; },
      Line());
  m.def(
      "stack",
      [](const std::vector<ExprHandle>& arrays, int axis) { return ExprHandle{stack(exprs_of(arrays), axis)}; },
      Line());
}

void bind_map_blocks(nb::module_& m) {
  m.def("common_chunks", [](const std::vector<ExprHandle>& arrays) {
    std::vector<Chunks> all;
    for (const ExprHandle& array : arrays) all.push_back(array_meta(array.expr).chunks());
    return chunks_to_python(common_chunks("map_blocks", all));
  });
  m.def("align_to",
        [](const ExprHandle& x, nb::handle chunks) { return ExprHandle{align_to(x.expr, explicit_chunks(chunks))}; });
  m.def(
      "map_blocks",
      [](const std::vector<ExprHandle>& arrays, nb::handle function, const std::string& label, nb::handle dtype,
         nb::handle chunks, const std::vector<std::vector<int>>& result_axes) {
        return ExprHandle{make_expr<MapBlocks>(exprs_of(arrays), Value::of(PyRef(function)), label,
                                               dtype_from_python(dtype), explicit_chunks(chunks), result_axes)};
      },
      Line());
}

// Blocks in memory under the chunks that they turn out to have.
ExprHandle with_found_chunks(const ExprHandle& kept) {
  const auto grid = kept.expr->meta().grid();
  Chunks chunks = array_meta(kept.expr).chunks();
  for (std::int64_t block = 0; block < kept.expr->meta().num_blocks(); ++block) {
    const BlockTask task = kept.expr->block_task(block);
    PLAIT_CHECK(task.kernel == literal_kernel());
    const Shape& shape = static_cast<const Value*>(task.params.get())->as<NdArray>().shape();
    const auto index = unravel(block, grid);
    for (std::size_t axis = 0; axis < chunks.size(); ++axis) chunks[axis][index[axis]] = shape[axis];
  }
  return {with_known_chunks(kept.expr, std::move(chunks))};
}

}  // namespace

void bind_array(nb::module_& parent) {
  nb::module_ m = parent.def_submodule("arrays", "Functions on the plan nodes of arrays.");
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
