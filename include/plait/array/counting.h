// Counting and looking up: histograms, distinct elements, where elements belong and whether they are there.
//
//   auto counts = plait::histogram(x, {100, 0.0, 1.0}).counts;
//   auto [values, index, inverse, times] = plait::unique(x, {.counts = true});
#pragma once

#include <optional>
#include <vector>

#include "plait/array/array.h"

namespace plait {

// How often each number from 0 on stands in an array of integers with one axis, or the sum of its weights. There are
// `minlength` counts, and then a larger number is an error of the run; 0: as many as the largest number needs, which is
// not known beforehand.
PLAIT_API Array bincount(const Array& array, const std::optional<Array>& weights = {}, std::int64_t minlength = 0,
                         std::optional<std::int64_t> split_every = {}, Location where = Location::current());

// The bins along one axis of a histogram: so many even ones between two ends, or between edges in order. The last one
// holds its right edge.
class PLAIT_API HistogramBins {
 public:
  HistogramBins(std::int64_t count, double low, double high) : count_(count), low_(low), high_(high) {}
  HistogramBins(NdArray edges) : edges_(std::move(edges)) {}  // NOLINT: implicit on purpose

  const std::optional<NdArray>& edges() const { return edges_; }
  std::int64_t count() const { return count_; }
  double low() const { return low_; }
  double high() const { return high_; }

 private:
  std::optional<NdArray> edges_;
  std::int64_t count_ = 0;
  double low_ = 0;
  double high_ = 0;
};

struct HistogramOptions {
  std::optional<Array> weights = {};  // in the array's shape
  bool density = false;               // divided by the bins' sizes and by the total: the integral is one
};
struct Histogram {
  Array counts;
  std::vector<NdArray> edges;  // of each axis
};
// Every bin has a sum of its own, so a NaN among the weights spoils only its bin. Elements outside and NaN do not
// count. Counts are int64, sums of weights have the weights' type.
PLAIT_API Histogram histogram(const Array& array, const HistogramBins& bins, const HistogramOptions& options = {},
                              Location where = Location::current());
// Of points, whose coordinates stand in arrays of one shape; always float64, as in NumPy.
PLAIT_API Histogram histogramdd(const std::vector<Array>& coordinates, const std::vector<HistogramBins>& bins,
                                const HistogramOptions& options = {}, Location where = Location::current());

struct UniqueOptions {
  bool index = false;
  bool inverse = false;
  bool counts = false;
};
struct Unique {
  Array values;                  // in order, NaN once and last; their number is not known beforehand
  std::optional<Array> index;    // where each stands first in the flattened array
  std::optional<Array> inverse;  // the number of each element of the flattened array among the values
  std::optional<Array> counts;   // how often each stands
};
PLAIT_API Unique unique(const Array& array, const UniqueOptions& options = {}, Location where = Location::current());
// The distinct elements that stand in either array.
PLAIT_API Array union1d(const Array& a, const Array& b, Location where = Location::current());

enum class Side { left, right };
// Where each element of `values` belongs in `sorted`, which has one axis and is in order: before or behind equal ones.
PLAIT_API Array searchsorted(const Array& sorted, const Array& values, Side side = Side::left,
                             Location where = Location::current());
// The number of the bin of each element. Edges in order, up or down; `right`: bins hold their right edge.
PLAIT_API Array digitize(const Array& array, const NdArray& edges, bool right = false,
                         Location where = Location::current());
// Whether each element stands in another array, or does not.
PLAIT_API Array isin(const Array& array, const Array& tests, bool invert = false, Location where = Location::current());

}  // namespace plait
