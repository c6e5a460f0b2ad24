// Linear models in Python.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <span>

#include "ml/linear/glm_fit.h"
#include "ml/linear/scatter.h"
#include "ml/ml_start.h"
#include "ml_parts.h"
#include "user_line.h"
#include "values.h"

namespace plait::python {
namespace {

using Line = nb::call_guard<UserLine>;

nb::dict fit_glm(const Array& rows, const Array& targets, const std::optional<Array>& weights, const std::string& loss,
                 std::int64_t outputs, bool fit_intercept, double squared_penalty, double absolute_penalty,
                 bool penalty_per_sum, double intercept_penalty, const std::string& solver, double tolerance,
                 std::int64_t max_iterations, const std::vector<double>& start, nb::object watch,
                 nb::handle scheduler) {
  ml::GlmOptions how{loss,
                     outputs,
                     fit_intercept,
                     squared_penalty,
                     absolute_penalty,
                     penalty_per_sum,
                     intercept_penalty,
                     solver,
                     tolerance,
                     max_iterations,
                     start,
                     {}};
  if (!watch.is_none()) {
    how.watch = [&watch](std::int64_t iteration, double objective, double slope) {
      const Gil gil;
      watch(iteration, objective, slope);
    };
  }
  const ml::GlmModel found = without_gil(scheduler, [&](const ComputeOptions& options) {
    return ml::fit_glm(rows.expr(), targets.expr(), expr_or_null(weights), how, options);
  });
  nb::dict made;
  made["coefficients"] = to_numpy(found.coefficients);
  made["intercepts"] = to_numpy(found.intercepts);
  made["iterations"] = found.iterations;
  made["is_converged"] = found.is_converged;
  made["objective"] = found.objective;
  made["slope"] = found.slope;
  return made;
}

nb::tuple fit_least_squares(const Array& rows, const Array& targets, const std::optional<Array>& weights,
                            bool fit_intercept, const std::vector<double>& penalty, nb::handle scheduler) {
  const ml::LeastSquares found = without_gil(scheduler, [&](const ComputeOptions& options) {
    return ml::fit_least_squares(rows.expr(), targets.expr(), expr_or_null(weights), {fit_intercept, penalty}, options);
  });
  return nb::make_tuple(to_numpy(found.coefficients), to_numpy(found.intercepts), found.rank,
                        to_numpy(found.singular_values));
}

nb::tuple scatter(const Array& rows, const std::vector<double>& centre, nb::handle scheduler) {
  const ml::Scatter found = without_gil(scheduler, [&](const ComputeOptions& options) {
    ml::start_ml();
    return ml::scatter({rows.expr()}, centre, false, options);
  });
  return nb::make_tuple(to_numpy(NdArray::from<double>({found.columns}, std::span(found.sums))),
                        to_numpy(NdArray::from<double>({found.columns, found.columns}, std::span(found.products))));
}

Array apply_linear(const Array& rows, nb::handle coefficients, nb::handle intercepts, const std::string& what,
                   nb::handle labels) {
  std::optional<NdArray> named;
  if (!labels.is_none()) named = from_numpy(labels);
  return ml::apply_linear(rows, from_numpy(coefficients), from_numpy(intercepts), what, named);
}

}  // namespace

void bind_ml_linear(nb::module_& ml) {
  ml.def("fit_glm", fit_glm, nb::arg("rows"), nb::arg("targets"), nb::arg("weights").none(), nb::kw_only(),
         nb::arg("loss"), nb::arg("outputs") = 1, nb::arg("fit_intercept") = true, nb::arg("squared_penalty") = 0.0,
         nb::arg("absolute_penalty") = 0.0, nb::arg("penalty_per_sum") = false, nb::arg("intercept_penalty") = 0.0,
         nb::arg("solver") = "auto", nb::arg("tolerance") = 1e-4, nb::arg("max_iterations") = 100,
         nb::arg("start") = std::vector<double>(), nb::arg("watch") = nb::none(), nb::arg("scheduler"), Line());
  ml.def("fit_least_squares", fit_least_squares, nb::arg("rows"), nb::arg("targets"), nb::arg("weights").none(),
         nb::kw_only(), nb::arg("fit_intercept"), nb::arg("penalty"), nb::arg("scheduler"), Line());
  // Of rows less `centre` (empty: as they are), which are of float64 or float32 and have all columns in one block: sums
  // of columns, and of the products of each two.
  ml.def("scatter", scatter, nb::arg("rows"), nb::arg("centre"), nb::kw_only(), nb::arg("scheduler"), Line());
  ml.def("apply_linear", apply_linear, nb::arg("rows"), nb::arg("coefficients"), nb::arg("intercepts"), nb::arg("what"),
         nb::arg("labels").none() = nb::none(), Line());
}

}  // namespace plait::python
