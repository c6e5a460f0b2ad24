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
using handle = Given;

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
          [](const Array& x, handle chunks, handle balance, handle block_size) {
            return x.rechunk(chunk_argument(chunks, block_size), truth("rechunk", "balance", balance));
          },
          nb::arg("chunks").none(), nb::arg("balance").none() = false, nb::arg("block_size").none() = nb::none(),
          Line())
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
      .def(
          "round", [](const Array& x, handle decimals) { return x.round(small_number("round", "decimals", decimals)); },
          Line());
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
      nb::arg("shape").none(), nb::arg("chunks").none(), nb::arg("dtype").none(), Line());
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
      nb::arg("shape").none(), nb::arg("value").none(), nb::arg("chunks").none(), nb::arg("dtype").none(), Line());
  m.def(
      "full_like",
      [](const Array& x, handle value, handle dtype, handle chunks, handle shape) {
        return full_like(x, operand(value), unlike(dtype, chunks, shape));
      },
      nb::arg("x"), nb::arg("value").none(), nb::arg("dtype").none(), nb::arg("chunks").none(), nb::arg("shape").none(),
      Line());
  m.def(
      "arange",
      [](handle start, handle stop, handle step, handle chunks, handle dtype) {
        return arange(operand(start), operand(stop), operand(step), chunk_argument(chunks), dtype_argument(dtype));
      },
      nb::arg("start").none(), nb::arg("stop").none(), nb::arg("step").none(), nb::arg("chunks").none(),
      nb::arg("dtype").none(), Line());
  m.def(
      "linspace",
      [](handle start, handle stop, handle num, handle chunks, handle endpoint, handle dtype) {
        return linspace(real_number("linspace", "start", start), real_number("linspace", "stop", stop),
                        whole_number("linspace", "num", num), chunk_argument(chunks),
                        {.endpoint = truth("linspace", "endpoint", endpoint), .dtype = dtype_from_python(dtype)});
      },
      nb::arg("start").none(), nb::arg("stop").none(), nb::arg("num").none(), nb::arg("chunks").none(),
      nb::arg("endpoint").none(), nb::arg("dtype").none(), Line());
  m.def(
      "eye",
      [](handle rows, handle chunks, handle columns, handle k, handle dtype) {
        return eye(whole_number("eye", "N", rows), chunk_argument(chunks), diagonal("eye", columns, k, dtype));
      },
      nb::arg("rows").none(), nb::arg("chunks").none(), nb::arg("columns").none(), nb::arg("k").none(),
      nb::arg("dtype").none(), Line());
  m.def(
      "tri",
      [](handle rows, handle chunks, handle columns, handle k, handle dtype) {
        return tri(whole_number("tri", "N", rows), chunk_argument(chunks), diagonal("tri", columns, k, dtype));
      },
      nb::arg("rows").none(), nb::arg("chunks").none(), nb::arg("columns").none(), nb::arg("k").none(),
      nb::arg("dtype").none(), Line());
  m.def(
      "indices",
      [](handle shape, handle chunks, handle dtype) {
        return indices(shape_argument("indices", shape), chunk_argument(chunks), dtype_from_python(dtype));
      },
      nb::arg("shape").none(), nb::arg("chunks").none(), nb::arg("dtype").none(), Line());
  m.def(
      "meshgrid",
      [](const Arrays& lines, handle sparse, bool is_xy) {
        return meshgrid(lines, truth("meshgrid", "sparse", sparse), is_xy ? MeshIndexing::xy : MeshIndexing::ij);
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
      nb::arg("chunks").none(), nb::arg("shape").none(), nb::arg("dtype").none(),
      nb::arg("block_size").none() = nb::none(), nb::arg("previous").none() = nb::none(),
      nb::arg("what").none() = "chunks");
}

Tolerance tolerance(const char* what, handle rtol, handle atol, handle equal_nan) {
  return {real_number(what, "rtol", rtol), real_number(what, "atol", atol), truth(what, "equal_nan", equal_nan)};
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
      [](const Array& a, const Array& b, handle rtol, handle atol, handle equal_nan) {
        return isclose(a, b, tolerance("isclose", rtol, atol, equal_nan));
      },
      Line());
  m.def(
      "allclose",
      [](const Array& a, const Array& b, handle rtol, handle atol, handle equal_nan) {
        return allclose(a, b, tolerance("allclose", rtol, atol, equal_nan));
      },
      Line());
  m.def(
      "nan_to_num",
      [](const Array& x, handle nan, handle posinf, handle neginf) {
        return nan_to_num(x, real_number("nan_to_num", "nan", nan), optional_real("nan_to_num", "posinf", posinf),
                          optional_real("nan_to_num", "neginf", neginf));
      },
      nb::arg("x"), nb::arg("nan").none(), nb::arg("posinf").none(), nb::arg("neginf").none(), Line());
}

Reduction reduction(const std::string& what, handle keepdims, handle ddof, handle dtype, handle split_every) {
  Reduction how{.keepdims = truth(what, "keepdims", keepdims),
                .ddof = real_number(what, "ddof", ddof),
                .dtype = dtype_argument(dtype)};
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
      [](const std::string& name, const Array& x, handle axes, handle keepdims, handle ddof, handle dtype,
         handle split_every) {
        if (name.find("arg") != std::string::npos && PySequence_Check(axes.ptr()))
          throw type_error(name + ": axis is " + shown(axes) + ", expected one axis or None");
        return reduce(name, x, reduced_axes(name, axes), reduction(name, keepdims, ddof, dtype, split_every));
      },
      nb::arg("name"), nb::arg("x"), nb::arg("axes").none() = nb::none(), nb::arg("keepdims").none() = false,
      nb::arg("ddof").none() = 0, nb::arg("dtype").none() = nb::none(), nb::arg("split_every").none() = nb::none(),
      Line());
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
      [](const Array& x, const std::optional<Array>& weights, handle axes, handle keepdims) {
        return weighted_average(x, weights, reduced_axes("average", axes), truth("average", "keepdims", keepdims));
      },
      nb::arg("x"), nb::arg("weights").none(), nb::arg("axes").none(), nb::arg("keepdims").none(), Line());
}

// Along each axis a list of positions, a number, or ":" for an axis that stays whole.
std::map<int, NdArray> vindex_positions(const nb::list& index) {
  std::map<int, NdArray> at;
  int axis = 0;
  for (handle item : index) {
    const bool is_whole = PySlice_Check(item.ptr()) && item.attr("start").is_none() && item.attr("stop").is_none() &&
                          item.attr("step").is_none();
    if (nb::isinstance<Array>(item)) throw index_error("vindex: positions must be in memory; compute them first");
    if (!is_whole && (PySlice_Check(item.ptr()) || item.is_none() || item.ptr() == Py_Ellipsis))
      throw index_error("vindex: an index is " + shown(item) + ", expected positions, or ':' for a whole axis");
    if (!is_whole) at.emplace(axis, from_numpy(item));
    ++axis;
  }
  return at;
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
      [](const Array& x, handle times, handle axes) {
        const std::vector<int> plane = axes_argument("rot90", axes);
        if (plane.size() != 2) throw value_error("rot90: axes is " + shown(axes) + ", expected two axes");
        return rot90(x, whole_number("rot90", "k", times), plane[0], plane[1]);
      },
      Line());
  m.def(
      "roll",
      [](const Array& x, handle shift, handle axis) {
        return roll(x, shape_argument("roll", shift), reduced_axes("roll", axis));
      },
      nb::arg("x"), nb::arg("shift").none(), nb::arg("axis").none(), Line());
  m.def(
      "take",
      [](const Array& x, const nb::list& positions, handle axis) {
        return take(x, index_argument(positions).at(0), optional_axis("take", axis));
      },
      nb::arg("x"), nb::arg("positions").none(), nb::arg("axis").none(), Line());
  m.def(
      "take_blocks", [](const Array& x, const nb::list& index) { return take_blocks(x, index_argument(index)); },
      Line());
  m.def("vindex", [](const Array& x, const nb::list& index) { return vindex(x, vindex_positions(index)); }, Line());
  m.def(
      "repeat",
      [](const Array& x, handle repeats, handle axis) {
        return repeat(x, whole_number("repeat", "repeats", repeats), optional_axis("repeat", axis));
      },
      nb::arg("x"), nb::arg("repeats").none(), nb::arg("axis").none(), Line());
  m.def("tile", [](const Array& x, handle reps) { return tile(x, shape_argument("tile", reps)); }, Line());
  m.def(
      "diff",
      [](const Array& x, handle n, handle axis, std::optional<Array> prepend, std::optional<Array> append) {
        return diff(x, {.order = whole_number("diff", "n", n),
                        .axis = axis_argument("diff", axis),
                        .prepend = std::move(prepend),
                        .append = std::move(append)});
      },
      nb::arg("x"), nb::arg("n").none(), nb::arg("axis").none(), nb::arg("prepend").none(), nb::arg("append").none(),
      Line());
  m.def(
      "ediff1d",
      [](const Array& x, const std::optional<Array>& end, const std::optional<Array>& begin) {
        return ediff1d(x, end, begin);
      },
      nb::arg("x"), nb::arg("end").none(), nb::arg("begin").none(), Line());
  m.def("tril", [](const Array& x, handle k) { return tril(x, whole_number("tril", "k", k)); }, Line());
  m.def("triu", [](const Array& x, handle k) { return triu(x, whole_number("triu", "k", k)); }, Line());
}

Covariance covariance(const char* what, std::optional<Array> more, handle rowvar, handle bias, handle ddof) {
  return {.more = std::move(more),
          .rowvar = truth(what, "rowvar", rowvar),
          .bias = truth(what, "bias", bias),
          .ddof = optional_real(what, "ddof", ddof)};
}

void bind_products(nb::module_& m) {
  m.def("matmul", [](const Array& a, const Array& b) { return matmul(a, b); }, Line());
  m.def("dot", [](handle a, handle b) { return dot(operand(a), operand(b)); }, Line());
  m.def("vdot", [](const Array& a, const Array& b) { return vdot(a, b); }, Line());
  m.def("outer", [](const Array& a, const Array& b) { return outer(a, b); }, Line());
  m.def(
      "tensordot",
      [](const Array& a, const Array& b, handle axes) {
        const bool is_pair = PyTuple_Check(axes.ptr()) || PyList_Check(axes.ptr());
        if (!is_pair) return tensordot(a, b, axis_argument("tensordot", axes));
        if (nb::len(axes) != 2)
          throw value_error("tensordot: axes is " + shown(axes) + ", expected a number, or the axes of both arrays");
        return tensordot(a, b, axes_argument("tensordot", axes[nb::int_(0)]),
                         axes_argument("tensordot", axes[nb::int_(1)]));
      },
      Line());
  m.def(
      "cov",
      [](const Array& x, std::optional<Array> more, handle rowvar, handle bias, handle ddof,
         std::optional<Array> fweights, std::optional<Array> aweights, handle dtype) {
        Covariance how = covariance("cov", std::move(more), rowvar, bias, ddof);
        how.fweights = std::move(fweights);
        how.aweights = std::move(aweights);
        how.dtype = dtype_argument(dtype);
        return cov(x, how);
      },
      nb::arg("x"), nb::arg("more").none(), nb::arg("rowvar").none(), nb::arg("bias").none(), nb::arg("ddof").none(),
      nb::arg("fweights").none(), nb::arg("aweights").none(), nb::arg("dtype").none(), Line());
  m.def(
      "corrcoef",
      [](const Array& x, std::optional<Array> more, handle rowvar) {
        return corrcoef(x, covariance("corrcoef", std::move(more), rowvar, nb::bool_(false), nb::none()));
      },
      nb::arg("x"), nb::arg("more").none(), nb::arg("rowvar").none(), Line());
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
  bind_linalg(m);
}

}  // namespace plait::python
