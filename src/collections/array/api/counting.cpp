// Public functions that count and look up.
#include "collections/array/counting.h"

#include <fmt/format.h>

#include "collections/array/api/arguments.h"
#include "collections/array/distinct.h"
#include "collections/array/searching.h"
#include "plait/array/counting.h"
#include "plait/array/layout.h"

namespace plait {
namespace {

ExprPtr expr_of(const std::optional<Array>& array) { return array ? array->expr() : nullptr; }

std::optional<Array> array_of(const ExprPtr& expr) { return expr ? std::optional<Array>(Array(expr)) : std::nullopt; }

Bins resolved(std::string_view what, const HistogramBins& bins) {
  return bins.edges() ? Bins::between(what, *bins.edges()) : Bins::even(what, bins.count(), bins.low(), bins.high());
}

Histogram histogram_of(std::string_view what, const std::vector<Array>& arrays, const std::vector<HistogramBins>& bins,
                       const HistogramOptions& options, std::optional<DType> dtype, Location where) {
  const SourceScope scope = source_scope(where);
  if (bins.size() != arrays.size() || arrays.empty()) {
    throw value_error(fmt::format("{}: bins are given for {} axes, expected them for each of {} coordinates", what,
                                  bins.size(), arrays.size()));
  }
  std::vector<ExprPtr> exprs;
  std::vector<Bins> axes;
  std::vector<NdArray> edges;
  for (std::size_t axis = 0; axis < arrays.size(); ++axis) {
    exprs.push_back(arrays[axis].expr());
    axes.push_back(resolved(what, bins[axis]));
    edges.push_back(axes.back().edges);
  }
  return {Array(histogram(what, std::move(exprs), axes, expr_of(options.weights), {options.density, dtype})),
          std::move(edges)};
}

}  // namespace

Array bincount(const Array& array, const std::optional<Array>& weights, std::int64_t minlength,
               std::optional<std::int64_t> split_every, Location where) {
  const SourceScope scope = source_scope(where);
  return Array(bincount(array.expr(), expr_of(weights), minlength, split_every));
}

Histogram histogram(const Array& array, const HistogramBins& bins, const HistogramOptions& options, Location where) {
  return histogram_of("histogram", {array}, {bins}, options, {}, where);
}

Histogram histogramdd(const std::vector<Array>& coordinates, const std::vector<HistogramBins>& bins,
                      const HistogramOptions& options, Location where) {
  return histogram_of("histogramdd", coordinates, bins, options, DType::float64, where);
}

Unique unique(const Array& array, const UniqueOptions& options, Location where) {
  const SourceScope scope = source_scope(where);
  const Distinct found = unique(array.expr(), DistinctOptions{options.index, options.inverse, options.counts});
  return {Array(found.values), array_of(found.positions), array_of(found.inverse), array_of(found.counts)};
}

Array union1d(const Array& a, const Array& b, Location where) {
  const SourceScope scope = source_scope(where);
  return unique(concatenate({a.ravel(where), b.ravel(where)}, 0, where), {}, where).values;
}

Array searchsorted(const Array& sorted, const Array& values, Side side, Location where) {
  const SourceScope scope = source_scope(where);
  return Array(searchsorted(sorted.expr(), values.expr(), side == Side::right));
}

Array digitize(const Array& array, const NdArray& edges, bool right, Location where) {
  const SourceScope scope = source_scope(where);
  return Array(digitize(array.expr(), edges, right));
}

Array isin(const Array& array, const Array& tests, bool invert, Location where) {
  const SourceScope scope = source_scope(where);
  return Array(isin(array.expr(), tests.expr(), invert));
}

}  // namespace plait
