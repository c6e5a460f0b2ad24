// The parts of plait._plait.ml, one a family, and what they share.
#pragma once

#include <nanobind/nanobind.h>

#include <optional>
#include <utility>

#include "base/value.h"
#include "expr/plan.h"
#include "gil.h"
#include "plain_arguments.h"
#include "plait/array.h"
#include "plan.h"

namespace plait::python {

namespace nb = nanobind;

void bind_ml_cluster(nb::module_& ml);
void bind_ml_forest(nb::module_& ml);
void bind_ml_linear(nb::module_& ml);
void bind_ml_metrics(nb::module_& ml);
void bind_ml_preprocessing(nb::module_& ml);
void bind_ml_sparse(nb::module_& ml);
void bind_ml_text(nb::module_& ml);

inline ExprPtr expr_or_null(const std::optional<Array>& array) { return array ? array->expr() : nullptr; }

// What `fit` returns, which runs plans: without the GIL, with the scheduler that Python has resolved.
template <class Fit>
auto without_gil(nb::handle scheduler, Fit&& fit, int num_workers = 0) {
  const ComputeOptions options = compute_options(scheduler, num_workers, true);
  const NoGil no_gil;
  return std::forward<Fit>(fit)(options);
}

}  // namespace plait::python
