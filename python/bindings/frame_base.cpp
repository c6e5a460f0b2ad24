// What all collections of tables share, and operators.
#include <nanobind/stl/string.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include "frame_arguments.h"
#include "plait/frame_values.h"

namespace plait::python {
namespace {

nb::object divisions_of(const FrameBase& self) {
  const std::vector<Literal> known = self.divisions();
  if (known.empty()) return nb::none();
  nb::list divisions;
  for (const Literal& division : known) divisions.append(literal_to_python(division));
  return divisions;
}

}  // namespace

std::vector<Literal> literals_of(nb::handle objects) {
  std::vector<Literal> literals;
  for (nb::handle object : objects) {
    if (object.is_none()) throw NoNativeForm("None among constants");
    literals.push_back(literal_from_python(object));
  }
  return literals;
}

std::map<std::string, Literal> literals_by_column(nb::dict values) {
  std::map<std::string, Literal> literals;
  for (auto [column, value] : values) literals[nb::cast<std::string>(column)] = literal_from_python(value);
  return literals;
}

std::map<std::string, Replacements> replacements_by_column(nb::dict values) {
  std::map<std::string, Replacements> replacements;
  for (auto [column, pairs] : values) {
    Replacements& own = replacements[nb::cast<std::string>(column)];
    for (nb::handle pair : pairs) own.emplace_back(literal_from_python(pair[0]), literal_from_python(pair[1]));
  }
  return replacements;
}

FrameOperand operand_of(nb::handle object) {
  if (nb::isinstance<FrameBase>(object)) return FrameOperand(nb::cast<const FrameBase&>(object));
  return FrameOperand(literal_from_python(object));
}

// Types that pandas has found to be types, but which the engine does not have.
std::string known_dtype(const std::string& dtype) {
  if (!is_column_type(dtype)) throw NoNativeForm("the type " + dtype);
  return dtype;
}

void bind_frame_base(nb::module_& m) {
  nb::class_<FrameBase>(m, "FrameBase", "A lazy frame, series, index or scalar of the engine.")
      .def_prop_ro("expr", [](const FrameBase& self) { return ExprHandle{self.expr()}; })
      .def_prop_ro("npartitions", &FrameBase::npartitions)
      .def_prop_ro("divisions", divisions_of)
      .def_prop_ro("meta", &FrameBase::meta)
      .def_prop_ro("latest_meta", &FrameBase::latest_meta);
  m.def("frame_values", answering([](const FrameBase& frame, const std::vector<std::int64_t>& lengths) {
          return values_of(frame, lengths);
        }),
        nb::arg("frame"), nb::arg("lengths"), Line());
  m.def("any_frame", [](const ExprHandle& plan) { return any_frame(plan.expr); });
  m.def(
      "frame_binary",
      answering([](const std::string& op, nb::handle left, nb::handle right, nb::handle fill_value, bool same_labels) {
        return binary(op, operand_of(left), operand_of(right), optional_literal(fill_value),
                      same_labels ? LabelRule::same : LabelRule::align);
      }),
      nb::arg("op"), nb::arg("left").none(), nb::arg("right").none(), nb::arg("fill_value") = nb::none(),
      nb::arg("same_labels") = false, Line());
}

}  // namespace plait::python
