// Frames of partitions that exist already, and Python functions on partitions.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include "frame_arguments.h"
#include "plait/partitions.h"
#include "python_object.h"

namespace plait::python {
namespace {

// Partitions that are pandas objects; `cuts` says where their labels begin, if that is known.
AnyFrame from_objects(nb::list partitions, const Table& meta, std::optional<RowCuts> cuts) {
  std::vector<Value> values;
  for (nb::handle partition : partitions) values.push_back(Value::of(PyRef(partition)));
  return from_partitions(std::move(values), meta, cuts ? cuts->divisions : std::vector<Literal>());
}

AnyFrame call_python_function(nb::list inputs, nb::handle function, const Table& meta, const std::string& label,
                              bool is_pandas, bool keeps_divisions, bool takes_everything, bool aligns,
                              const std::string& reason) {
  std::vector<FrameBase> frames;
  for (nb::handle input : inputs) frames.push_back(nb::cast<const FrameBase&>(input));
  return call_foreign(frames, Value::of(PyRef(function)), meta,
                      {label, is_pandas, keeps_divisions, takes_everything, aligns, reason});
}

}  // namespace

void bind_partitions(nb::module_& m) {
  nb::class_<RowCuts>(m, "RowCuts", "Where rows with these labels are cut into partitions.")
      .def("__init__",
           [](RowCuts* self, const Table& labels, const CutOptions& how) { new (self) RowCuts(row_cuts(labels, how)); })
      .def_ro("starts", &RowCuts::starts);
  nb::class_<CutOptions>(m, "CutOptions")
      .def(
          "__init__",
          [](CutOptions* self, Given npartitions, Given chunksize, bool sort) {
            new (self) CutOptions{whole_number("from_pandas", "npartitions", npartitions),
                                  optional_number("from_pandas", "chunksize", chunksize), sort};
          },
          nb::arg("npartitions"), nb::arg("chunksize").none(), nb::arg("sort"));
  m.def("frame_from_table", [](const Table& table, const CutOptions& how) { return from_table(table, how); }, Line());
  m.def("repartition_at", answering([](const FrameBase& frame, nb::handle divisions, bool force) {
          return repartition_at(frame, literals_of(divisions), force);
        }),
        nb::arg("frame"), nb::arg("divisions"), nb::arg("force"), Line());
  m.def("repartition_by_size", answering([](const FrameBase& frame, const std::vector<double>& bytes, double limit) {
          return repartition_by_size(frame, bytes, limit);
        }),
        nb::arg("frame"), nb::arg("bytes"), nb::arg("limit"), Line());
  m.def("frame_from_objects", from_objects, nb::arg("partitions"), nb::arg("meta"), nb::arg("cuts").none(), Line());
  m.def("frame_python_call", call_python_function, nb::arg("inputs"), nb::arg("function"), nb::arg("meta"),
        nb::arg("label"), nb::arg("is_pandas"), nb::arg("keeps_divisions"), nb::arg("takes_everything"),
        nb::arg("aligns"), nb::arg("reason"), Line());
}

}  // namespace plait::python
