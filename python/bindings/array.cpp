// The public class Array, and the functions on arrays that plait.array calls.
#include "plait/array.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/array.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "array_arguments.h"
#include "array_parts.h"
#include "bindings.h"
#include "gil.h"
#include "plan.h"
#include "user_line.h"
#include "values.h"

namespace plait::python {
namespace {

using Line = nb::call_guard<UserLine>;
using Arrays = std::vector<Array>;
using nb::handle;

// For an array whose blocks are in memory.
Array found_chunks(const Array& array) {
  const NoGil no_gil;
  return array.with_known_chunks({.scheduler = "sync", .poll = check_signals});
}

// Pickled as its plan.
void bind_class(nb::module_& m) {
  nb::class_<Array>(m, "Array", "A lazy array of the engine: what plait.array.Array holds.")
      .def("__init__", [](Array* self, const ExprHandle& expr) { new (self) Array(expr.expr); })
      .def_prop_ro(
          "expr", [](const Array& x) { return ExprHandle{x.expr()}; }, "The node of the plan.")
      .def("__getstate__", [](const Array& x) { return ExprHandle{x.expr()}; })
      .def("__setstate__", [](Array& x, const ExprHandle& expr) { new (&x) Array(expr.expr); })
      .def_prop_ro("name", &Array::name)
      .def_prop_ro("dtype", [](const Array& x) { return dtype_to_python(x.dtype()); })
      .def_prop_ro("ndim", &Array::ndim)
      .def_prop_ro("shape", [](const Array& x) { return shape_to_python(x.shape()); })
      .def_prop_ro("chunks", [](const Array& x) { return chunks_to_python(x.chunks()); })
      .def_prop_ro("chunksize", [](const Array& x) { return shape_to_python(x.chunksize()); })
      .def_prop_ro("npartitions", &Array::npartitions)
      .def("with_known_chunks", found_chunks)
      .def(
          "get", [](const Array& x, const nb::list& index) { return x.get(index_argument(index)); }, Line())
      .def(
          "astype", [](const Array& x, handle dtype) { return x.astype(dtype_from_python(dtype)); }, Line())
      .def(
          "rechunk",
          [](const Array& x, handle chunks, bool balance, handle block_size) {
            return x.rechunk(chunk_argument(chunks, block_size), balance);
          },
          nb::arg("chunks").none(), nb::arg("balance") = false, nb::arg("block_size").none() = nb::none(), Line())
      .def(
          "transpose", [](const Array& x) { return x.transpose(); }, Line())
      .def(
          "transpose", [](const Array& x, handle axes) { return x.transpose(axes_argument("transpose", axes)); },
          Line())
      .def(
          "swapaxes",
          [](const Array& x, handle a, handle b) {
            return x.swapaxes(axis_argument("swapaxes", a), axis_argument("swapaxes", b));
          },
          Line())
      .def(
          "reshape", [](const Array& x, handle shape) { return x.reshape(shape_argument("reshape", shape)); }, Line())
      .def(
          "squeeze", [](const Array& x) { return x.squeeze(); }, Line())
      .def(
          "squeeze", [](const Array& x, handle axes) { return x.squeeze(axes_argument("squeeze", axes)); }, Line())
      .def(
          "expand_dims", [](const Array& x, handle axes) { return x.expand_dims(axes_argument("expand_dims", axes)); },
          Line())
      .def(
          "broadcast_to",
          [](const Array& x, handle shape) { return x.broadcast_to(shape_argument("broadcast_to", shape)); }, Line())
      .def("round", [](const Array& x, int decimals) { return x.round(decimals); }, Line());
}

Unlike unlike(handle dtype, handle chunks, handle shape) {
  Unlike but{.dtype = dtype_argument(dtype), .shape = optional_shape("like", shape)};
  if (!chunks.is_none()) but.chunks = chunk_argument(chunks);
  return but;
}

// ones, zeros, empty and what they are like.
using New = Array (*)(const Shape&, const ChunkArgument&, DType, Location);
using Like = Array (*)(const Array&, const Unlike&, Location);
template <New make, Like make_like>
void bind_constant(nb::module_& m, const char* name) {
  m.def(
      name,
      [name](handle shape, handle chunks, handle dtype) {
        return make(shape_argument(name, shape), chunk_argument(chunks), dtype_from_python(dtype), Location::current());
      },
      nb::arg("shape"), nb::arg("chunks").none(), nb::arg("dtype"), Line());
  m.def((std::string(name) + "_like").c_str(),
        [](const Array& x, handle dtype, handle chunks, handle shape) {
          return make_like(x, unlike(dtype, chunks, shape), Location::current());
        },
        nb::arg("x"), nb::arg("dtype").none(), nb::arg("chunks").none(), nb::arg("shape").none(), Line());
}

Diagonal diagonal(const char* what, handle columns, handle k, handle dtype) {
  Diagonal how{.k = whole_number(what, "k", k), .dtype = dtype_from_python(dtype)};
  if (!columns.is_none()) how.columns = whole_number(what, "M", columns);
  return how;
}

void bind_creation(nb::module_& m) {
  bind_constant<ones, ones_like>(m, "ones");
  bind_constant<zeros, zeros_like>(m, "zeros");
  bind_constant<empty, empty_like>(m, "empty");
  m.def(
      "full",
      [](handle shape, handle value, handle chunks, handle dtype) {
        return full(shape_argument("full", shape), operand(value), chunk_argument(chunks), dtype_argument(dtype));
      },
      nb::arg("shape"), nb::arg("value"), nb::arg("chunks").none(), nb::arg("dtype").none(), Line());
  m.def(
      "full_like",
      [](const Array& x, handle value, handle dtype, handle chunks, handle shape) {
        return full_like(x, operand(value), unlike(dtype, chunks, shape));
      },
      nb::arg("x"), nb::arg("value"), nb::arg("dtype").none(), nb::arg("chunks").none(), nb::arg("shape").none(),
      Line());
  m.def(
      "arange",
      [](handle start, handle stop, handle step, handle chunks, handle dtype) {
        return arange(operand(start), operand(stop), operand(step), chunk_argument(chunks), dtype_argument(dtype));
      },
      nb::arg("start"), nb::arg("stop"), nb::arg("step"), nb::arg("chunks").none(), nb::arg("dtype").none(), Line());
  m.def(
      "linspace",
      [](double start, double stop, handle num, handle chunks, bool endpoint, handle dtype) {
        return linspace(start, stop, whole_number("linspace", "num", num), chunk_argument(chunks),
                        {.endpoint = endpoint, .dtype = dtype_from_python(dtype)});
      },
      nb::arg("start"), nb::arg("stop"), nb::arg("num"), nb::arg("chunks").none(), nb::arg("endpoint"),
      nb::arg("dtype"), Line());
  m.def(
      "eye",
      [](handle rows, handle chunks, handle columns, handle k, handle dtype) {
        return eye(whole_number("eye", "N", rows), chunk_argument(chunks), diagonal("eye", columns, k, dtype));
      },
      nb::arg("rows"), nb::arg("chunks").none(), nb::arg("columns").none(), nb::arg("k"), nb::arg("dtype"), Line());
  m.def(
      "tri",
      [](handle rows, handle chunks, handle columns, handle k, handle dtype) {
        return tri(whole_number("tri", "N", rows), chunk_argument(chunks), diagonal("tri", columns, k, dtype));
      },
      nb::arg("rows"), nb::arg("chunks").none(), nb::arg("columns").none(), nb::arg("k"), nb::arg("dtype"), Line());
  m.def(
      "indices",
      [](handle shape, handle chunks, handle dtype) {
        return indices(shape_argument("indices", shape), chunk_argument(chunks), dtype_from_python(dtype));
      },
      nb::arg("shape"), nb::arg("chunks").none(), nb::arg("dtype"), Line());
  m.def(
      "meshgrid",
      [](const Arrays& lines, bool sparse, bool is_xy) {
        return meshgrid(lines, sparse, is_xy ? MeshIndexing::xy : MeshIndexing::ij);
      },
      Line());
  m.def(
      "from_array", [](handle x, handle chunks) { return from_array(from_numpy(x), chunk_argument(chunks)); },
      nb::arg("x"), nb::arg("chunks").none(), Line());
  m.def("common_chunks", [](const nb::list& all, const std::string& what) {
    std::vector<std::vector<Shape>> each;
    for (handle chunks : all) each.push_back(explicit_chunks(chunks));
    return chunks_to_python(common_chunks(each, what));
  });
  m.def(
      "normalize_chunks",
      [](handle chunks, handle shape, handle dtype, handle block_size, handle previous, const std::string& what) {
        const auto before = previous.is_none() ? std::vector<Shape>() : explicit_chunks(previous);
        return chunks_to_python(normalize_chunks(chunk_argument(chunks, block_size), shape_argument(what, shape),
                                                 dtype_from_python(dtype), previous.is_none() ? nullptr : &before,
                                                 what));
      },
      nb::arg("chunks").none(), nb::arg("shape"), nb::arg("dtype"), nb::arg("block_size").none() = nb::none(),
      nb::arg("previous").none() = nb::none(), nb::arg("what") = "chunks");
}

void bind_elementwise(nb::module_& m) {
  m.def(
      "elementwise",
      [](const std::string& ufunc, const nb::list& all, handle dtype) {
        return elementwise(ufunc, operands(all), dtype_argument(dtype));
      },
      nb::arg("ufunc"), nb::arg("operands"), nb::arg("dtype").none() = nb::none(), Line());
  m.def("ufuncs", ufuncs, "The names of all universal functions.");
  m.def("where", [](handle c, handle a, handle b) { return where(operand(c), operand(a), operand(b)); }, Line());
  m.def(
      "clip",
      [](const Array& x, handle low, handle high) { return clip(x, optional_operand(low), optional_operand(high)); },
      nb::arg("x"), nb::arg("low").none(), nb::arg("high").none(), Line());
  m.def("fix", [](const Array& x) { return fix(x); }, Line());
  m.def("iscomplex", [](const Array& x) { return iscomplex(x); }, Line());
  m.def("isreal", [](const Array& x) { return isreal(x); }, Line());
  m.def("isposinf", [](const Array& x) { return isposinf(x); }, Line());
  m.def("isneginf", [](const Array& x) { return isneginf(x); }, Line());
  m.def(
      "isclose",
      [](const Array& a, const Array& b, double rtol, double atol, bool equal_nan) {
        return isclose(a, b, {rtol, atol, equal_nan});
      },
      Line());
  m.def(
      "allclose",
      [](const Array& a, const Array& b, double rtol, double atol, bool equal_nan) {
        return allclose(a, b, {rtol, atol, equal_nan});
      },
      Line());
  m.def(
      "nan_to_num",
      [](const Array& x, double nan, std::optional<double> posinf, std::optional<double> neginf) {
        return nan_to_num(x, nan, posinf, neginf);
      },
      nb::arg("x"), nb::arg("nan"), nb::arg("posinf").none(), nb::arg("neginf").none(), Line());
}

Reduction reduction(const std::string& what, bool keepdims, double ddof, handle dtype, handle split_every) {
  Reduction how{.keepdims = keepdims, .ddof = ddof, .dtype = dtype_argument(dtype)};
  if (PyDict_Check(split_every.ptr())) {
    for (auto [axis, count] : nb::borrow<nb::dict>(split_every))
      how.split_every_axis[axis_argument(what, axis)] = whole_number(what, "split_every", count);
  } else if (!split_every.is_none()) {
    how.split_every = whole_number(what, "split_every", split_every);
  }
  return how;
}

void bind_reductions(nb::module_& m) {
  m.def(
      "reduce",
      [](const std::string& name, const Array& x, handle axes, bool keepdims, double ddof, handle dtype,
         handle split_every) {
        return reduce(name, x, reduced_axes(name, axes), reduction(name, keepdims, ddof, dtype, split_every));
      },
      nb::arg("name"), nb::arg("x"), nb::arg("axes").none() = nb::none(), nb::arg("keepdims") = false,
      nb::arg("ddof") = 0, nb::arg("dtype").none() = nb::none(), nb::arg("split_every").none() = nb::none(), Line());
  m.def("reductions", reductions, "The names of all reductions.");
  m.def(
      "count_nonzero",
      [](const Array& x, handle axes) { return count_nonzero(x, reduced_axes("count_nonzero", axes)); }, nb::arg("x"),
      nb::arg("axes").none(), Line());
  m.def(
      "ptp", [](const Array& x, handle axes) { return ptp(x, reduced_axes("ptp", axes)); }, nb::arg("x"),
      nb::arg("axes").none(), Line());
  m.def(
      "weighted_average",
      [](const Array& x, const std::optional<Array>& weights, handle axes, bool keepdims) {
        return weighted_average(x, weights, reduced_axes("average", axes), keepdims);
      },
      nb::arg("x"), nb::arg("weights").none(), nb::arg("axes").none(), nb::arg("keepdims"), Line());
}

void bind_layout(nb::module_& m) {
  m.def(
      "concatenate",
      [](const Arrays& all, handle axis) { return concatenate(all, axis_argument("concatenate", axis)); }, Line());
  m.def("stack", [](const Arrays& all, handle axis) { return stack(all, axis_argument("stack", axis)); }, Line());
  m.def("hstack", [](const Arrays& all) { return hstack(all); }, Line());
  m.def("vstack", [](const Arrays& all) { return vstack(all); }, Line());
  m.def("dstack", [](const Arrays& all) { return dstack(all); }, Line());
  m.def("atleast_1d", [](const Array& x) { return atleast_1d(x); }, Line());
  m.def("atleast_2d", [](const Array& x) { return atleast_2d(x); }, Line());
  m.def("atleast_3d", [](const Array& x) { return atleast_3d(x); }, Line());
  m.def("broadcast_arrays", [](const Arrays& all) { return broadcast_arrays(all); }, Line());
  m.def(
      "moveaxis",
      [](const Array& x, handle from, handle to) {
        return moveaxis(x, axes_argument("moveaxis", from), axes_argument("moveaxis", to));
      },
      Line());
  m.def(
      "rollaxis",
      [](const Array& x, handle axis, handle start) {
        return rollaxis(x, axis_argument("rollaxis", axis), axis_argument("rollaxis", start));
      },
      Line());
  m.def(
      "flip", [](const Array& x, handle axes) { return flip(x, reduced_axes("flip", axes)); }, nb::arg("x"),
      nb::arg("axes").none(), Line());
  m.def(
      "rot90",
      [](const Array& x, handle times, handle from, handle to) {
        return rot90(x, axis_argument("rot90", times), axis_argument("rot90", from), axis_argument("rot90", to));
      },
      Line());
  m.def(
      "roll",
      [](const Array& x, handle shift, handle axis) {
        return roll(x, shape_argument("roll", shift), reduced_axes("roll", axis));
      },
      nb::arg("x"), nb::arg("shift"), nb::arg("axis").none(), Line());
  m.def(
      "take",
      [](const Array& x, const nb::list& positions, handle axis) {
        return take(x, index_argument(positions).at(0), optional_axis("take", axis));
      },
      nb::arg("x"), nb::arg("positions"), nb::arg("axis").none(), Line());
  m.def(
      "take_blocks", [](const Array& x, const nb::list& index) { return take_blocks(x, index_argument(index)); },
      Line());
  m.def(
      "vindex",
      [](const Array& x, const nb::dict& positions) {
        std::map<int, NdArray> at;
        for (auto [axis, listed] : positions) at.emplace(axis_argument("vindex", axis), from_numpy(listed));
        return vindex(x, at);
      },
      Line());
  m.def(
      "repeat",
      [](const Array& x, handle repeats, handle axis) {
        return repeat(x, whole_number("repeat", "repeats", repeats), optional_axis("repeat", axis));
      },
      nb::arg("x"), nb::arg("repeats"), nb::arg("axis").none(), Line());
  m.def("tile", [](const Array& x, handle reps) { return tile(x, shape_argument("tile", reps)); }, Line());
  m.def(
      "diff",
      [](const Array& x, handle n, handle axis, std::optional<Array> prepend, std::optional<Array> append) {
        return diff(x, {.order = axis_argument("diff", n),
                        .axis = axis_argument("diff", axis),
                        .prepend = std::move(prepend),
                        .append = std::move(append)});
      },
      nb::arg("x"), nb::arg("n"), nb::arg("axis"), nb::arg("prepend").none(), nb::arg("append").none(), Line());
  m.def(
      "ediff1d",
      [](const Array& x, const std::optional<Array>& end, const std::optional<Array>& begin) {
        return ediff1d(x, end, begin);
      },
      nb::arg("x"), nb::arg("end").none(), nb::arg("begin").none(), Line());
  m.def("tril", [](const Array& x, handle k) { return tril(x, whole_number("tril", "k", k)); }, Line());
  m.def("triu", [](const Array& x, handle k) { return triu(x, whole_number("triu", "k", k)); }, Line());
}

Covariance covariance(std::optional<Array> more, bool rowvar, bool bias, std::optional<double> ddof) {
  return {.more = std::move(more), .rowvar = rowvar, .bias = bias, .ddof = ddof};
}

void bind_products(nb::module_& m) {
  m.def("matmul", [](const Array& a, const Array& b) { return matmul(a, b); }, Line());
  m.def("dot", [](handle a, handle b) { return dot(operand(a), operand(b)); }, Line());
  m.def("vdot", [](const Array& a, const Array& b) { return vdot(a, b); }, Line());
  m.def("outer", [](const Array& a, const Array& b) { return outer(a, b); }, Line());
  m.def(
      "tensordot",
      [](const Array& a, const Array& b, handle count) { return tensordot(a, b, axis_argument("tensordot", count)); },
      Line());
  m.def(
      "tensordot",
      [](const Array& a, const Array& b, handle left, handle right) {
        return tensordot(a, b, axes_argument("tensordot", left), axes_argument("tensordot", right));
      },
      Line());
  m.def(
      "cov",
      [](const Array& x, std::optional<Array> more, bool rowvar, bool bias, std::optional<double> ddof) {
        return cov(x, covariance(std::move(more), rowvar, bias, ddof));
      },
      nb::arg("x"), nb::arg("more").none(), nb::arg("rowvar"), nb::arg("bias"), nb::arg("ddof").none(), Line());
  m.def(
      "corrcoef",
      [](const Array& x, std::optional<Array> more, bool rowvar) {
        return corrcoef(x, covariance(std::move(more), rowvar, false, std::nullopt));
      },
      nb::arg("x"), nb::arg("more").none(), nb::arg("rowvar"), Line());
}

}  // namespace

void bind_array(nb::module_& parent) {
  bind_class(parent);
  nb::module_ m = parent.def_submodule("arrays", "Functions on arrays.");
  bind_creation(m);
  bind_elementwise(m);
  bind_reductions(m);
  bind_layout(m);
  bind_products(m);
  bind_blocks(m);
  bind_random(m);
  bind_routines(m);
}

}  // namespace plait::python
