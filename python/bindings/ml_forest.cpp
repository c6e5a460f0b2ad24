// Forests in Python: as a dict of NumPy arrays, which pickles and prints as such.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "ml/forest.h"
#include "ml_parts.h"
#include "user_line.h"
#include "values.h"

namespace plait::python {
namespace {

using Line = nb::call_guard<UserLine>;
using ml::Forest;
using ml::ForestOptions;

constexpr std::pair<const char*, NdArray Forest::*> kParts[] = {{"starts", &Forest::starts},
                                                                {"feature", &Forest::feature},
                                                                {"threshold", &Forest::threshold},
                                                                {"left", &Forest::left},
                                                                {"value", &Forest::value},
                                                                {"rows", &Forest::rows},
                                                                {"impurity", &Forest::impurity},
                                                                {"importances", &Forest::importances},
                                                                {"keys", &Forest::keys}};

nb::dict to_dict(const Forest& forest) {
  nb::dict parts;
  for (const auto& [name, part] : kParts) parts[name] = to_numpy(forest.*part);
  return parts;
}

Forest from_dict(const nb::dict& parts) {
  Forest forest;
  for (const auto& [name, part] : kParts) forest.*part = from_numpy(parts[name]);
  return forest;
}

nb::dict grow_forest(const Array& rows, const Array& targets, const std::optional<Array>& weights,
                     const ForestOptions& options, nb::handle scheduler, int num_workers) {
  return to_dict(without_gil(
      scheduler, [&](const ComputeOptions& run) { return ml::grow_forest(rows, targets, weights, options, run); },
      num_workers));
}

}  // namespace

void bind_ml_forest(nb::module_& ml) {
  nb::class_<ForestOptions>(ml, "ForestOptions")
      .def(nb::init<>())
      .def_rw("criterion", &ForestOptions::criterion)
      .def_rw("classes", &ForestOptions::classes)
      .def_rw("n_estimators", &ForestOptions::n_estimators)
      .def_rw("max_features", &ForestOptions::max_features)
      .def_rw("max_depth", &ForestOptions::max_depth)
      .def_rw("max_leaf_nodes", &ForestOptions::max_leaf_nodes)
      .def_rw("min_samples_split", &ForestOptions::min_samples_split)
      .def_rw("min_samples_leaf", &ForestOptions::min_samples_leaf)
      .def_rw("min_weight_fraction_leaf", &ForestOptions::min_weight_fraction_leaf)
      .def_rw("min_impurity_decrease", &ForestOptions::min_impurity_decrease)
      .def_rw("random_cuts", &ForestOptions::random_cuts)
      .def_rw("bootstrap", &ForestOptions::bootstrap)
      .def_rw("sample_fraction", &ForestOptions::sample_fraction)
      .def_rw("class_weights", &ForestOptions::class_weights)
      .def_rw("balance_each_tree", &ForestOptions::balance_each_tree)
      .def_rw("seed", &ForestOptions::seed)
      .def_rw("first_tree", &ForestOptions::first_tree)
      .def_rw("rows_in_memory", &ForestOptions::rows_in_memory);
  ml.def("grow_forest", grow_forest, nb::arg("rows"), nb::arg("targets"), nb::arg("weights").none(), nb::arg("options"),
         nb::arg("scheduler"), nb::arg("num_workers") = 0, Line());
  ml.def(
      "forest_values",
      [](const Array& rows, const nb::dict& forest) { return ml::forest_values(rows, from_dict(forest)); },
      nb::arg("rows"), nb::arg("forest"), Line());
  ml.def(
      "out_of_bag_values",
      [](const Array& rows, const nb::dict& forest, double sample_fraction) {
        return ml::out_of_bag_values(rows, from_dict(forest), sample_fraction);
      },
      nb::arg("rows"), nb::arg("forest"), nb::arg("sample_fraction"), Line());
}

}  // namespace plait::python
