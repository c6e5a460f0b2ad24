// Statistics that look at all rows.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include "answer.h"
#include "collections/dataframe/statistics_ops.h"
#include "frame_handles.h"

namespace plait::python {

void bind_frame_statistics(nb::module_& m) {
  m.def("frame_median", answering([](const ExprHandle& self, bool skipna, bool numeric_only) {
          return make([&] { return median_expr(self.expr, {skipna, numeric_only}); });
        }));
  m.def("frame_extreme_label", answering([](const ExprHandle& self, bool largest, bool skipna) {
          return make([&] { return extreme_label_expr(self.expr, {largest, skipna}); });
        }));
  m.def("frame_covariance",
        answering([](const ExprHandle& self, bool correlation, int ddof, std::int64_t min_periods, bool of_two) {
          return make([&] { return covariance_expr(self.expr, {correlation, ddof, min_periods, of_two}); });
        }));
  m.def("frame_shape", answering([](const ExprHandle& self, bool kurtosis, bool skipna, bool numeric_only) {
          return make([&] { return shape_expr(self.expr, {kurtosis, skipna, numeric_only}); });
        }));
}

}  // namespace plait::python
