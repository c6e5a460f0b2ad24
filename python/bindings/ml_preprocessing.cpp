// Statistics of columns, and the transformations that are made of them.
#include <nanobind/stl/optional.h>

#include "ml/column_moments.h"
#include "ml_parts.h"
#include "user_line.h"
#include "values.h"

namespace plait::python {
namespace {

using Line = nb::call_guard<UserLine>;

// count, mean, variance, minimum, maximum
nb::tuple column_moments(const Array& rows, const std::optional<Array>& weights, nb::handle scheduler) {
  const ml::ColumnMoments found = without_gil(scheduler, [&](const ComputeOptions& options) {
    return ml::column_moments(rows.expr(), expr_or_null(weights), options);
  });
  return nb::make_tuple(to_numpy(found.count), to_numpy(found.mean), to_numpy(found.variance), to_numpy(found.minimum),
                        to_numpy(found.maximum));
}

}  // namespace

void bind_ml_preprocessing(nb::module_& ml) {
  ml.def("column_moments", column_moments, nb::arg("rows"), nb::arg("weights").none(), nb::arg("scheduler"), Line());
}

}  // namespace plait::python
