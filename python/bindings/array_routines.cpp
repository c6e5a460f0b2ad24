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
#include "plait/array.h"
#include "user_line.h"
#include "values.h"

namespace plait::python {
namespace {

using Line = nb::call_guard<UserLine>;
using MaybeArray = std::optional<Array>;
using nb::handle;

std::optional<std::int64_t> optional_number(std::string_view what, std::string_view argument, handle found) {
  if (found.is_none()) return std::nullopt;
  return whole_number(what, argument, found);
}

using Accumulate = Array (*)(const Array&, std::optional<int>, const Accumulation&, Location);
template <Accumulate function>
void bind_accumulation(nb::module_& m, const char* name) {
  m.def(
      name,
      [name](const Array& x, handle axis, handle dtype, const std::string& method) {
        return function(x, optional_axis(name, axis), {dtype_argument(dtype), method}, Location::current());
      },
      nb::arg("x"), nb::arg("axis").none(), nb::arg("dtype").none(), nb::arg("method"), Line());
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
      nb::arg("x"), nb::arg("k"), nb::arg("axis"), nb::arg("split_every").none(), Line());
}

using Median = Array (*)(const Array&, const ReducedAxes&, bool, Location);
template <Median function>
void bind_median(nb::module_& m, const char* name) {
  m.def(
      name,
      [name](const Array& x, handle axes, bool keepdims) {
        return function(x, reduced_axes(name, axes), keepdims, Location::current());
      },
      nb::arg("x"), nb::arg("axes").none(), nb::arg("keepdims"), Line());
}

// One number, or several.
using Quantiles = std::variant<double, std::vector<double>>;

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
      [](const Array& x, const Quantiles& q, handle axes, const std::string& method, bool keepdims) {
        const ReducedAxes over = reduced_axes("quantile", axes);
        return std::visit([&](const auto& one) { return quantile(x, one, over, {method, keepdims}); }, q);
      },
      nb::arg("x"), nb::arg("q"), nb::arg("axes").none(), nb::arg("method"), nb::arg("keepdims"), Line());
  m.def(
      "nanquantile",
      [](const Array& x, const Quantiles& q, handle axes, const std::string& method, bool keepdims) {
        const ReducedAxes over = reduced_axes("nanquantile", axes);
        return std::visit([&](const auto& one) { return nanquantile(x, one, over, {method, keepdims}); }, q);
      },
      nb::arg("x"), nb::arg("q"), nb::arg("axes").none(), nb::arg("method"), nb::arg("keepdims"), Line());
  m.def(
      "percentile",
      [](const Array& x, const Quantiles& q, const std::string& method) {
        return std::visit([&](const auto& one) { return percentile(x, one, {method}); }, q);
      },
      Line());
}

// (count, low, high), or an array of edges.
HistogramBins histogram_bins(handle given) {
  if (!PyTuple_Check(given.ptr())) return from_numpy(given);
  const auto [count, low, high] = nb::cast<std::tuple<nb::object, double, double>>(given);
  return {whole_number("histogram", "bins", count), low, high};
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
      nb::arg("x"), nb::arg("weights").none(), nb::arg("minlength"), nb::arg("split_every").none(), Line());
  m.def(
      "histogram",
      [](const Array& x, handle bins, const MaybeArray& weights, bool density) {
        return to_python(histogram(x, histogram_bins(bins), {weights, density}));
      },
      nb::arg("x"), nb::arg("bins"), nb::arg("weights").none(), nb::arg("density"), Line());
  m.def(
      "histogramdd",
      [](const std::vector<Array>& x, const nb::list& bins, const MaybeArray& weights, bool density) {
        std::vector<HistogramBins> axes;
        for (handle axis : bins) axes.push_back(histogram_bins(axis));
        return to_python(histogramdd(x, axes, {weights, density}));
      },
      nb::arg("x"), nb::arg("bins"), nb::arg("weights").none(), nb::arg("density"), Line());
  m.def(
      "unique",
      [](const Array& x, bool index, bool inverse, bool counts) {
        return to_python(unique(x, {index, inverse, counts}));
      },
      Line());
  m.def("union1d", [](const Array& a, const Array& b) { return union1d(a, b); }, Line());
  m.def(
      "searchsorted",
      [](const Array& sorted, const Array& values, bool right) {
        return searchsorted(sorted, values, right ? Side::right : Side::left);
      },
      Line());
  m.def(
      "digitize", [](const Array& x, handle edges, bool right) { return digitize(x, from_numpy(edges), right); },
      Line());
  m.def("isin", [](const Array& x, const Array& tests, bool invert) { return isin(x, tests, invert); }, Line());
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
      nb::arg("x"), nb::arg("offset"), nb::arg("axis1"), nb::arg("axis2"), nb::arg("dtype").none(), Line());
  m.def("diag", [](const Array& x, handle k) { return diag(x, whole_number("diag", "k", k)); }, Line());
}

BeforeAfter<Operand> operand_pairs(const nb::list& pairs) {
  BeforeAfter<Operand> all;
  for (handle pair : pairs) all.push_back({operand(pair[nb::int_(0)]), operand(pair[nb::int_(1)])});
  return all;
}

void bind_pad(nb::module_& m) {
  m.def(
      "pad",
      [](const Array& x, const BeforeAfter<std::int64_t>& widths, const std::string& mode, const nb::list& values,
         const BeforeAfter<std::optional<std::int64_t>>& stat_length,
         bool is_odd) { return pad(x, widths, mode, {operand_pairs(values), stat_length, is_odd}); },
      Line());
}

void bind_einsum(nb::module_& m) {
  m.def(
      "einsum",
      [](const std::string& subscripts, const std::vector<Array>& operands, handle dtype, bool optimize) {
        return einsum(subscripts, operands, {dtype_argument(dtype), optimize});
      },
      nb::arg("subscripts"), nb::arg("operands"), nb::arg("dtype").none(), nb::arg("optimize"), Line());
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
