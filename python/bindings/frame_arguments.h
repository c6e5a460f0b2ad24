// Arguments of frame operations from Python: constants, operands, and what every binding of them has.
#pragma once

#include <nanobind/nanobind.h>

#include <optional>
#include <string>
#include <vector>

#include "answer.h"
#include "plait/dataframe.h"
#include "plan.h"
#include "table.h"
#include "user_line.h"

namespace plait::python {

// Every node remembers the user's line.
using Line = nb::call_guard<UserLine>;

// These throw NoNativeForm for a constant that only pandas understands: call them inside `answering`.
inline std::optional<Literal> optional_literal(nb::handle object) {
  return object.is_none() ? std::nullopt : std::optional(literal_from_python(object));
}
std::vector<Literal> literals_of(nb::handle objects);
std::map<std::string, Literal> literals_by_column(nb::dict values);
// Of columns, pairs of constants.
std::map<std::string, Replacements> replacements_by_column(nb::dict values);
// A collection or a constant.
FrameOperand operand_of(nb::handle object);
std::string known_dtype(const std::string& dtype);

void bind_frame_base(nb::module_& m);
void bind_series(nb::module_& m);
void bind_frame(nb::module_& m);
void bind_groupby(nb::module_& m);
void bind_frame_files(nb::module_& m);
void bind_partitions(nb::module_& m);

// What frames, series and indexes share.
template <class T>
void bind_rows(nb::class_<T, FrameBase>& rows) {
  rows.def("__init__", [](T* self, const ExprHandle& plan) { new (self) T(plan.expr); })
      .def("unary", answering([](const T& x, const std::string& op) { return x.unary(op); }), Line())
      .def("round", answering("round(decimals)", [](const T& x, std::int64_t decimals) { return x.round(decimals); }),
           Line())
      .def("clip", answering([](const T& x, nb::handle lower, nb::handle upper) {
             return x.clip(optional_literal(lower), optional_literal(upper));
           }),
           nb::arg("lower").none(), nb::arg("upper").none(), Line())
      .def("fillna", answering([](const T& x, nb::handle value) { return x.fillna(operand_of(value)); }),
           nb::arg("value").none(), Line())
      .def("fillna_columns",
           answering([](const T& x, nb::dict values) { return x.fillna(literals_by_column(values)); }), Line())
      .def("where", answering([](const T& x, const FrameBase& condition, nb::handle other) {
             return x.where(condition, operand_of(other));
           }),
           nb::arg("condition"), nb::arg("other").none(), Line())
      .def("mask", answering([](const T& x, const FrameBase& condition, nb::handle other) {
             return x.mask(condition, operand_of(other));
           }),
           nb::arg("condition"), nb::arg("other").none(), Line())
      .def("replace", answering([](const T& x, nb::dict values) { return x.replace(replacements_by_column(values)); }),
           Line())
      .def("isin", answering([](const T& x, nb::handle values) { return x.isin(literals_of(values)); }), Line())
      .def("astype", answering([](const T& x, const std::string& dtype) { return x.astype(known_dtype(dtype)); }),
           Line())
      .def("filter",
           answering([](const T& x, const FrameBase& condition) { return x.filter(Series(condition.expr())); }), Line())
      .def("index", answering([](const T& x) { return x.index(); }), Line())
      .def("length", answering([](const T& x) { return x.length(); }), Line())
      .def("head",
           answering("head(n, npartitions)",
                     [](const T& x, std::int64_t n, std::int64_t count) { return x.lazy_head(n, count); }),
           Line())
      .def("tail",
           answering("tail(n, npartitions)",
                     [](const T& x, std::int64_t n, std::int64_t count) { return x.lazy_tail(n, count); }),
           Line())
      .def("more_partitions", &T::more_partitions)
      .def("repartition",
           answering("repartition(npartitions)", [](const T& x, std::int64_t count) { return x.repartition(count); }),
           Line())
      .def("partitions",
           answering([](const T& x, const std::vector<std::int64_t>& numbers) { return x.partitions(numbers); }),
           Line())
      .def("reduce",
           answering("reduce(function, skipna, ddof, min_count, numeric_only)",
                     [](const T& x, const std::string& function, bool skipna, int ddof, std::int64_t min_count,
                        bool numeric_only) { return x.reduce(function, {skipna, ddof, min_count, numeric_only}); }),
           nb::arg("function"), nb::arg("skipna") = true, nb::arg("ddof") = 1, nb::arg("min_count") = 0,
           nb::arg("numeric_only") = false, Line())
      .def("quantile", answering("quantile(q)", [](const T& x, double q) { return x.quantile(q); }), Line());
}

}  // namespace plait::python
