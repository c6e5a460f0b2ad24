// Frames of partitions that exist already, and Python functions on partitions.
#include <nanobind/stl/string.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include "frame_arguments.h"
#include "plait/partitions.h"
#include "python_object.h"

namespace plait::python {
namespace {

AnyFrame from_python_partitions(nb::list partitions, const Table& meta, nb::handle divisions) {
  std::vector<Value> values;
  for (nb::handle partition : partitions) {
    values.push_back(nb::isinstance<Table>(partition) ? Value::of(nb::cast<Table>(partition))
                                                      : Value::of(PyRef(partition)));
  }
  std::vector<Literal> known;
  if (!divisions.is_none()) {
    for (nb::handle division : divisions) known.push_back(literal_from_python(division));
  }
  return from_partitions(std::move(values), meta, std::move(known));
}

AnyFrame call_python_function(nb::list inputs, nb::handle function, const Table& meta, const std::string& label,
                              bool is_pandas, bool keeps_divisions, bool takes_everything, const std::string& reason) {
  std::vector<FrameBase> frames;
  for (nb::handle input : inputs) frames.push_back(nb::cast<const FrameBase&>(input));
  return call_foreign(frames, Value::of(PyRef(function)), meta,
                      {label, is_pandas, keeps_divisions, takes_everything, reason});
}

}  // namespace

void bind_partitions(nb::module_& m) {
  m.def("frame_from_partitions", from_python_partitions, nb::arg("partitions"), nb::arg("meta"),
        nb::arg("divisions").none(), Line());
  m.def("frame_python_call", call_python_function, nb::arg("inputs"), nb::arg("function"), nb::arg("meta"),
        nb::arg("label"), nb::arg("is_pandas"), nb::arg("keeps_divisions"), nb::arg("takes_everything"),
        nb::arg("reason"), Line());
}

}  // namespace plait::python
