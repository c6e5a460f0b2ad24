// Routines on arrays in Python: orders, counts, diagonals, pads, and products over named axes.
#include <nanobind/nanobind.h>
#include <nanobind/stl/array.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include "array_arguments.h"
#include "array_parts.h"
#include "collections/array/axes.h"
#include "plait/array.h"
#include "user_line.h"
#include "values.h"

namespace plait::python {
namespace {

using Line = nb::call_guard<UserLine>;
using MaybeArray = std::optional<Array>;
using handle = Given;

using Accumulate = Array (*)(const Array&, std::optional<int>, const Accumulation&, Location);
template <Accumulate function>
void bind_accumulation(nb::module_& m, const char* name) {
  m.def(
      name,
      [name](const Array& x, handle axis, handle dtype, handle method) {
        return function(x, optional_axis(name, axis), {dtype_argument(dtype), text(name, "method", method)},
                        Location::current());
      },
      nb::arg("x"), nb::arg("axis").none(), nb::arg("dtype").none(), nb::arg("method").none(), Line());
}

using Topk = Array (*)(const Array&, std::int64_t, int, std::optional<std::int64_t>, Location);
template <Topk function>
void bind_topk(nb::module_& m, const char* name) {
  m.def(
      name,
      [name](const Array& x, handle k, handle axis, handle split_every) {
        return function(x, whole_number(name, "k", k), axis_argument(name, axis),
                        optional_number(name, "split_every", split_every), Location::current());
      },
      nb::arg("x"), nb::arg("k").none(), nb::arg("axis").none(), nb::arg("split_every").none(), Line());
}

using Median = Array (*)(const Array&, const ReducedAxes&, bool, Location);
template <Median function>
void bind_median(nb::module_& m, const char* name) {
  m.def(
      name,
      [name](const Array& x, handle axes, handle keepdims) {
        return function(x, reduced_axes(name, axes), truth(name, "keepdims", keepdims), Location::current());
      },
      nb::arg("x"), nb::arg("axes").none(), nb::arg("keepdims").none(), Line());
}

// One number, or a list of several.
using Quantiles = std::variant<double, std::vector<double>>;
Quantiles quantiles(const char* what, handle q) {
  if (PyList_Check(q.ptr())) return real_numbers(what, "q", q);
  return real_number(what, "q", q);
}

Interpolation interpolation(const char* what, handle method, handle keepdims, handle q_dtype) {
  return {text(what, "method", method), truth(what, "keepdims", keepdims), dtype_argument(q_dtype)};
}

void bind_order(nb::module_& m) {
  bind_accumulation<cumsum>(m, "cumsum");
  bind_accumulation<cumprod>(m, "cumprod");
  bind_accumulation<nancumsum>(m, "nancumsum");
  bind_accumulation<nancumprod>(m, "nancumprod");
  bind_topk<topk>(m, "topk");
  bind_topk<argtopk>(m, "argtopk");
  bind_median<median>(m, "median");
  bind_median<nanmedian>(m, "nanmedian");
  m.def(
      "quantile",
      [](const Array& x, handle q, handle q_dtype, handle axes, handle method, handle keepdims) {
        const ReducedAxes over = reduced_axes("quantile", axes);
        const Quantiles wanted = quantiles("quantile", q);
        const Interpolation how = interpolation("quantile", method, keepdims, q_dtype);
        return std::visit([&](const auto& one) { return quantile(x, one, over, how); }, wanted);
      },
      nb::arg("x"), nb::arg("q").none(), nb::arg("q_dtype").none(), nb::arg("axes").none(), nb::arg("method").none(),
      nb::arg("keepdims").none(), Line());
  m.def(
      "nanquantile",
      [](const Array& x, handle q, handle q_dtype, handle axes, handle method, handle keepdims) {
        const ReducedAxes over = reduced_axes("nanquantile", axes);
        const Quantiles wanted = quantiles("nanquantile", q);
        const Interpolation how = interpolation("nanquantile", method, keepdims, q_dtype);
        return std::visit([&](const auto& one) { return nanquantile(x, one, over, how); }, wanted);
      },
      nb::arg("x"), nb::arg("q").none(), nb::arg("q_dtype").none(), nb::arg("axes").none(), nb::arg("method").none(),
      nb::arg("keepdims").none(), Line());
  m.def(
      "percentile",
      [](const Array& x, handle q, handle method) {
        const Interpolation how = {text("percentile", "method", method)};
        return std::visit([&](const auto& one) { return percentile(x, one, how); }, quantiles("percentile", q));
      },
      Line());
}

// (count, low, high), or an array of edges.
HistogramBins histogram_bins(handle given) {
  if (!PyTuple_Check(given.ptr())) return from_numpy(given);
  return {whole_number("histogram", "bins", given[nb::int_(0)]), real_number("histogram", "range", given[nb::int_(1)]),
          real_number("histogram", "range", given[nb::int_(2)])};
}

Side side_argument(handle given) {
  const std::string side = text("searchsorted", "side", given);
  if (side != "left" && side != "right")
    throw value_error("searchsorted: side is " + shown(given) + ", expected 'left' or 'right'");
  return side == "right" ? Side::right : Side::left;
}

nb::tuple to_python(const Histogram& histogram) {
  nb::list edges;
  for (const NdArray& axis : histogram.edges) edges.append(to_numpy(axis));
  return nb::make_tuple(histogram.counts, edges);
}

nb::list to_python(const Unique& unique) {
  nb::list all;
  all.append(unique.values);
  for (const MaybeArray& one : {unique.index, unique.inverse, unique.counts}) {
    if (one) all.append(*one);
  }
  return all;
}

void bind_counting(nb::module_& m) {
  m.def(
      "bincount",
      [](const Array& x, const MaybeArray& weights, handle minlength, handle split_every) {
        return bincount(x, weights, whole_number("bincount", "minlength", minlength),
                        optional_number("bincount", "split_every", split_every));
      },
      nb::arg("x"), nb::arg("weights").none(), nb::arg("minlength").none(), nb::arg("split_every").none(), Line());
  m.def(
      "histogram",
      [](const Array& x, handle bins, const MaybeArray& weights, handle density) {
        return to_python(histogram(x, histogram_bins(bins), {weights, truth("histogram", "density", density)}));
      },
      nb::arg("x"), nb::arg("bins").none(), nb::arg("weights").none(), nb::arg("density").none(), Line());
  m.def(
      "histogramdd",
      [](const std::vector<Array>& x, const nb::list& bins, const MaybeArray& weights, handle density) {
        std::vector<HistogramBins> axes;
        for (handle axis : bins) axes.push_back(histogram_bins(axis));
        return to_python(histogramdd(x, axes, {weights, truth("histogramdd", "density", density)}));
      },
      nb::arg("x"), nb::arg("bins").none(), nb::arg("weights").none(), nb::arg("density").none(), Line());
  m.def(
      "unique",
      [](const Array& x, handle index, handle inverse, handle counts) {
        return to_python(unique(x, {truth("unique", "return_index", index), truth("unique", "return_inverse", inverse),
                                    truth("unique", "return_counts", counts)}));
      },
      Line());
  m.def("union1d", [](const Array& a, const Array& b) { return union1d(a, b); }, Line());
  m.def(
      "searchsorted",
      [](const Array& sorted, const Array& values, handle side) {
        return searchsorted(sorted, values, side_argument(side));
      },
      Line());
  m.def(
      "digitize",
      [](const Array& x, handle edges, handle right) {
        return digitize(x, from_numpy(edges), truth("digitize", "right", right));
      },
      Line());
  m.def(
      "isin",
      [](const Array& x, const Array& tests, handle invert) { return isin(x, tests, truth("isin", "invert", invert)); },
      Line());
}

void bind_diagonals(nb::module_& m) {
  m.def(
      "diagonal",
      [](const Array& x, handle offset, handle axis1, handle axis2) {
        return diagonal(x, whole_number("diagonal", "offset", offset), axis_argument("diagonal", axis1),
                        axis_argument("diagonal", axis2));
      },
      Line());
  m.def(
      "trace",
      [](const Array& x, handle offset, handle axis1, handle axis2, handle dtype) {
        return trace(x, whole_number("trace", "offset", offset), axis_argument("trace", axis1),
                     axis_argument("trace", axis2), dtype_argument(dtype));
      },
      nb::arg("x"), nb::arg("offset").none(), nb::arg("axis1").none(), nb::arg("axis2").none(), nb::arg("dtype").none(),
      Line());
  m.def("diag", [](const Array& x, handle k) { return diag(x, whole_number("diag", "k", k)); }, Line());
}

bool is_listed(handle given) { return PyTuple_Check(given.ptr()) || PyList_Check(given.ptr()); }

// What goes before and after an axis: one value for both, or a pair.
template <class T, class Convert>
std::array<T, 2> side_values(const char* argument, handle given, Convert convert) {
  if (!is_listed(given)) return {convert(given), convert(given)};
  const std::size_t count = nb::len(given);
  if (count != 1 && count != 2) {
    throw value_error(std::string("pad: ") + argument + " has the entry " + shown(given) +
                      ", expected one value, or two: before and after");
  }
  return {convert(given[nb::int_(0)]), convert(given[nb::int_(count - 1)])};
}

// For all axes, or a list with an entry for each. A flat list is one entry, as in NumPy.
template <class T, class Convert>
BeforeAfter<T> before_after(const char* argument, handle given, Convert convert) {
  if (nb::hasattr(given, "tolist")) {
    const nb::object listed = given.attr("tolist")();
    return before_after<T>(argument, listed, convert);
  }
  if (!is_listed(given) || nb::len(given) == 0 || !is_listed(given[nb::int_(0)]))
    return {side_values<T>(argument, given, convert)};
  BeforeAfter<T> all;
  for (handle one : given) all.push_back(side_values<T>(argument, one, convert));
  return all;
}

BeforeAfter<std::int64_t> pad_widths(handle given, int ndim) {
  const auto width = [](handle one) { return whole_number("pad", "pad_width", one); };
  if (!PyDict_Check(given.ptr())) return before_after<std::int64_t>("pad_width", given, width);
  BeforeAfter<std::int64_t> all(static_cast<std::size_t>(ndim), {0, 0});
  for (auto [axis, one] : nb::borrow<nb::dict>(given))
    all[normalize_axis("pad", axis_argument("pad", axis), ndim)] = side_values<std::int64_t>("pad_width", one, width);
  return all;
}

bool is_odd_reflection(handle given) {
  const std::string type = text("pad", "reflect_type", given);
  if (type != "even" && type != "odd")
    throw value_error("pad: reflect_type is " + shown(given) + ", expected 'even' or 'odd'");
  return type == "odd";
}

Padding padding(handle values, handle lengths, handle reflect_type) {
  Padding how{.values = before_after<Operand>("values", values, operand), .is_odd = is_odd_reflection(reflect_type)};
  if (!lengths.is_none()) {
    how.stat_length = before_after<std::optional<std::int64_t>>(
        "stat_length", lengths, [](handle one) { return optional_number("pad", "stat_length", one); });
  }
  return how;
}

void bind_pad(nb::module_& m) {
  m.def(
      "pad",
      [](const Array& x, handle widths, handle mode, handle values, handle lengths, handle reflect_type) {
        return pad(x, pad_widths(widths, x.ndim()), text("pad", "mode", mode), padding(values, lengths, reflect_type));
      },
      nb::arg("x"), nb::arg("widths").none(), nb::arg("mode").none(), nb::arg("values").none(),
      nb::arg("lengths").none(), nb::arg("reflect_type").none(), Line());
}

void bind_einsum(nb::module_& m) {
  m.def(
      "einsum",
      [](handle subscripts, const std::vector<Array>& operands, handle dtype, bool optimize) {
        return einsum(text("einsum", "subscripts", subscripts), operands, {dtype_argument(dtype), optimize});
      },
      nb::arg("subscripts"), nb::arg("operands"), nb::arg("dtype").none(), nb::arg("optimize").none(), Line());
}

void bind_search(nb::module_& m) {
  m.def("nonzero", [](const Array& x) { return nonzero(x); }, Line());
  m.def("argwhere", [](const Array& x) { return argwhere(x); }, Line());
  m.def("flatnonzero", [](const Array& x) { return flatnonzero(x); }, Line());
  m.def("extract", [](const Array& condition, const Array& x) { return extract(condition, x); }, Line());
  m.def(
      "select",
      [](const std::vector<Array>& conditions, const nb::list& choices, handle otherwise) {
        return select(conditions, operands(choices), operand(otherwise));
      },
      Line());
  m.def(
      "assign",
      [](const Array& x, const nb::list& index, handle value) {
        return assign(x, index_argument(index), operand(value));
      },
      Line());
}

}  // namespace

void bind_routines(nb::module_& m) {
  bind_order(m);
  bind_counting(m);
  bind_diagonals(m);
  bind_pad(m);
  bind_einsum(m);
  bind_search(m);
}

}  // namespace plait::python
