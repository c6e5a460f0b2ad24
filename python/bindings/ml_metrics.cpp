// Metrics, and splits of rows, in Python.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/vector.h>

#include "ml_parts.h"
#include "plait/ml/metrics.h"
#include "plait/ml/model_selection.h"
#include "user_line.h"

namespace plait::python {

void bind_ml_metrics(nb::module_& m) {
  using Line = nb::call_guard<UserLine>;
  m.def("confusion", ml::confusion, nb::arg("truth"), nb::arg("predicted"), nb::arg("classes"),
        nb::arg("weights").none(), Line());
  m.def("log_loss_sums", ml::log_loss_sums, nb::arg("classes"), nb::arg("probabilities"), nb::arg("least"),
        nb::arg("weights").none(), Line());
  m.def("error_sums", ml::error_sums, nb::arg("truth"), nb::arg("predicted"), nb::arg("weights").none(), Line());
  m.def(
      "split_rows",
      [](const std::vector<Array>& arrays, std::uint64_t seed, std::int64_t num_test, std::int64_t num_train) {
        nb::list parts;
        for (const ml::TrainTest& each : ml::split_rows(arrays, {seed, num_test, num_train})) {
          parts.append(each.train);
          parts.append(each.test);
        }
        return parts;
      },
      nb::arg("arrays"), nb::arg("seed"), nb::arg("num_test"), nb::arg("num_train"), Line());
}

}  // namespace plait::python
