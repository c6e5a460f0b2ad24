// K-means in Python.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include "ml/kmeans.h"
#include "ml_parts.h"
#include "user_line.h"
#include "values.h"

namespace plait::python {
namespace {

using Line = nb::call_guard<UserLine>;

// centers, inertia, iterations, whether they have converged
nb::tuple fit_kmeans(const Array& rows, const std::optional<Array>& weights, std::int64_t clusters, nb::handle init,
                     double oversampling, std::int64_t init_rounds, std::int64_t max_iterations, double tolerance,
                     std::uint64_t seed, nb::handle scheduler) {
  ml::KMeansOptions options{.clusters = clusters,
                            .oversampling = oversampling,
                            .init_rounds = init_rounds,
                            .max_iterations = max_iterations,
                            .tolerance = tolerance,
                            .seed = seed};
  if (PyUnicode_Check(init.ptr())) {
    options.init = nb::cast<std::string>(init);
  } else {
    options.centers = from_numpy(init);
  }
  const ml::KMeans found =
      without_gil(scheduler, [&](const ComputeOptions& run) { return ml::fit_kmeans(rows, weights, options, run); });
  return nb::make_tuple(to_numpy(found.centers), found.inertia, found.iterations, found.has_converged);
}

}  // namespace

void bind_ml_cluster(nb::module_& ml) {
  ml.def("fit_kmeans", fit_kmeans, nb::arg("rows"), nb::arg("weights").none(), nb::arg("clusters"), nb::arg("init"),
         nb::arg("oversampling"), nb::arg("init_rounds"), nb::arg("max_iterations"), nb::arg("tolerance"),
         nb::arg("seed"), nb::arg("scheduler"), Line());
  ml.def(
      "nearest_centers",
      [](const Array& rows, nb::handle centers) { return ml::nearest_centers(rows, from_numpy(centers)); },
      nb::arg("rows"), nb::arg("centers"), Line());
}

}  // namespace plait::python
