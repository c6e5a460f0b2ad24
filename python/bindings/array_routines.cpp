// Routines on arrays in Python: the functions of include/plait/array_routines.h.
#include "plait/array_routines.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include "array_arguments.h"
#include "array_routines.h"
#include "user_line.h"
#include "values.h"

namespace plait::python {
namespace {

using Line = nb::call_guard<UserLine>;
using Axis = std::optional<int>;
using MaybeArray = std::optional<Array>;
using Count = std::optional<std::int64_t>;

using AccumulationOf = Array (*)(const Array&, Axis, const Accumulation&, Location);

void bind_accumulation(nb::module_& m, const char* name, AccumulationOf function) {
  m.def(
      name,
      [function](const Array& x, Axis axis, nb::handle dtype, const std::string& method) {
        return function(x, axis, {dtype_argument(dtype), method}, Location::current());
      },
      nb::arg("x"), nb::arg("axis").none(), nb::arg("dtype").none(), nb::arg("method"), Line());
}

ReducedAxes reduced_axes(const std::optional<std::vector<int>>& axes) {
  return axes ? ReducedAxes(*axes) : ReducedAxes();
}

using Axes = std::optional<std::vector<int>>;
using MedianOf = Array (*)(const Array&, const ReducedAxes&, bool, Location);

void bind_median(nb::module_& m, const char* name, MedianOf function) {
  m.def(
      name,
      [function](const Array& x, const Axes& axes, bool keepdims) {
        return function(x, reduced_axes(axes), keepdims, Location::current());
      },
      nb::arg("x"), nb::arg("axes").none(), nb::arg("keepdims"), Line());
}

// One number, or several.
using Quantiles = std::variant<double, std::vector<double>>;

void bind_order(nb::module_& m) {
  bind_accumulation(m, "cumsum", cumsum);
  bind_accumulation(m, "cumprod", cumprod);
  bind_accumulation(m, "nancumsum", nancumsum);
  bind_accumulation(m, "nancumprod", nancumprod);
  m.def(
      "topk", [](const Array& x, std::int64_t k, int axis, Count split) { return topk(x, k, axis, split); },
      nb::arg("x"), nb::arg("k"), nb::arg("axis"), nb::arg("split_every").none(), Line());
  m.def(
      "argtopk", [](const Array& x, std::int64_t k, int axis, Count split) { return argtopk(x, k, axis, split); },
      nb::arg("x"), nb::arg("k"), nb::arg("axis"), nb::arg("split_every").none(), Line());
  bind_median(m, "median", median);
  bind_median(m, "nanmedian", nanmedian);
  m.def(
      "quantile",
      [](const Array& x, const Quantiles& q, const Axes& axes, const std::string& method, bool keepdims) {
        const auto of = [&](const auto& one) { return quantile(x, one, reduced_axes(axes), {method, keepdims}); };
        return std::visit(of, q);
      },
      nb::arg("x"), nb::arg("q"), nb::arg("axes").none(), nb::arg("method"), nb::arg("keepdims"), Line());
  m.def(
      "nanquantile",
      [](const Array& x, const Quantiles& q, const Axes& axes, const std::string& method, bool keepdims) {
        const auto of = [&](const auto& one) { return nanquantile(x, one, reduced_axes(axes), {method, keepdims}); };
        return std::visit(of, q);
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
HistogramBins histogram_bins(nb::handle given) {
  if (!PyTuple_Check(given.ptr())) return from_numpy(given);
  const auto [count, low, high] = nb::cast<std::tuple<std::int64_t, double, double>>(given);
  return {count, low, high};
}

nb::tuple to_python(const Histogram& histogram) {
  nb::list edges;
  for (const NdArray& axis : histogram.edges) edges.append(to_numpy(axis));
  return nb::make_tuple(histogram.counts, edges);
}

void bind_counting(nb::module_& m) {
  m.def(
      "bincount",
      [](const Array& x, const MaybeArray& weights, std::int64_t minlength, Count split_every) {
        return bincount(x, weights, minlength, split_every);
      },
      nb::arg("x"), nb::arg("weights").none(), nb::arg("minlength"), nb::arg("split_every").none(), Line());
  m.def(
      "histogram",
      [](const Array& x, nb::handle bins, const MaybeArray& weights, bool density) {
        return to_python(histogram(x, histogram_bins(bins), {weights, density}));
      },
      nb::arg("x"), nb::arg("bins"), nb::arg("weights").none(), nb::arg("density"), Line());
  m.def(
      "histogramdd",
      [](const std::vector<Array>& x, const nb::list& bins, const MaybeArray& weights, bool density) {
        std::vector<HistogramBins> axes;
        for (nb::handle axis : bins) axes.push_back(histogram_bins(axis));
        return to_python(histogramdd(x, axes, {weights, density}));
      },
      nb::arg("x"), nb::arg("bins"), nb::arg("weights").none(), nb::arg("density"), Line());
  m.def(
      "unique",
      [](const Array& x, bool index, bool inverse, bool counts) {
        const Unique found = unique(x, {index, inverse, counts});
        nb::list all;
        all.append(found.values);
        for (const MaybeArray& one : {found.index, found.inverse, found.counts}) {
          if (one) all.append(*one);
        }
        return all;
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
      "digitize", [](const Array& x, nb::handle edges, bool right) { return digitize(x, from_numpy(edges), right); },
      Line());
  m.def("isin", [](const Array& x, const Array& tests, bool invert) { return isin(x, tests, invert); }, Line());
}

}  // namespace

void bind_array_routines(nb::module_& m) {
  bind_order(m);
  bind_counting(m);
}

}  // namespace plait::python
