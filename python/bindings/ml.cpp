// Machine learning in Python: what the estimators' classes call. Fits run here; transformations and predictions give
// lazy arrays.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings.h"
#include "ml/kept_rows.h"
#include "ml/ml_start.h"
#include "ml/row_map.h"
#include "ml_parts.h"
#include "user_line.h"
#include "values.h"

namespace plait::python {
namespace {

Array finite_rows(const Array& rows, nb::handle dtype, const std::string& name, bool allows_missing) {
  return Array(ml::finite_rows(rows.expr(), dtype_from_python(dtype), name, allows_missing));
}

// Rows whose blocks are known to be of these lengths.
Array with_lengths(const Array& rows, const std::vector<std::int64_t>& lengths) {
  Chunks chunks = rows.chunks();
  if (lengths.size() != chunks.at(0).size())
    throw value_error("with_lengths: " + std::to_string(lengths.size()) + " lengths for " +
                      std::to_string(chunks[0].size()) + " blocks of rows");
  chunks[0] = lengths;
  return Array(ml::with_lengths(rows.expr(), std::move(chunks)));
}

Array row_counts(const Array& rows) { return Array(ml::row_counts(rows.expr())); }

std::vector<Array> kept_rows(const std::vector<Array>& rows, nb::handle scheduler) {
  std::vector<ExprPtr> plans;
  for (const Array& each : rows) plans.push_back(each.expr());
  std::vector<Array> kept;
  for (ExprPtr& each :
       without_gil(scheduler, [&](const ComputeOptions& options) { return ml::kept_rows(plans, options); }))
    kept.emplace_back(std::move(each));
  return kept;
}

}  // namespace

void bind_ml(nb::module_& m) {
  nb::module_ ml = m.def_submodule("ml");
  using Line = nb::call_guard<UserLine>;
  ml::start_ml();
  ml.def("finite_rows", finite_rows, nb::arg("rows"), nb::arg("dtype"), nb::arg("name"), nb::arg("allows_missing"),
         Line());
  ml.def("with_lengths", with_lengths, nb::arg("rows"), nb::arg("lengths"), Line());
  ml.def("row_counts", row_counts, nb::arg("rows"), Line());
  ml.def("kept_rows", kept_rows, nb::arg("rows"), nb::arg("scheduler"), Line());
  bind_ml_cluster(ml);
  bind_ml_forest(ml);
  bind_ml_linear(ml);
  bind_ml_metrics(ml);
  bind_ml_preprocessing(ml);
  bind_ml_sparse(ml);
  bind_ml_text(ml);
}

}  // namespace plait::python
