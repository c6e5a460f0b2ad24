// Arrays and frames whose blocks are delayed values.
#include <nanobind/stl/string.h>
#include <nanobind/stl/variant.h>

#include "array_arguments.h"
#include "collections/array/array_meta.h"
#include "collections/dataframe/api/building.h"
#include "collections/dataframe/frame_meta.h"
#include "collections/dataframe/python_call.h"
#include "expr/task_table.h"
#include "frame_arguments.h"
#include "python_object.h"
#include "values.h"

namespace plait::python {
namespace {

KernelCall call_of(nb::handle function) { return call_python(Shared<Value>(Value::of(PyRef(function)))); }

Array array_of_values(const ExprHandle& values, nb::handle function, nb::handle dtype, nb::handle chunks,
                      const std::string& label) {
  const MetaPtr meta = make_array_meta(dtype_from_python(dtype), explicit_chunks(chunks));
  return Array(blocks_of_values(values.expr, call_of(function), meta, label));
}

AnyFrame frame_of_values(const ExprHandle& values, nb::handle function, const Table& meta, nb::list divisions,
                         const std::string& label) {
  const MetaPtr frame = make_frame_meta(meta, values.expr->meta().num_blocks(), literals_of(divisions));
  return any_frame(blocks_of_values(values.expr, call_of(function), frame, label));
}

}  // namespace

void bind_delayed_collections(nb::module_& m) {
  m.def("array_of_values", array_of_values, nb::arg("values"), nb::arg("function"), nb::arg("dtype"), nb::arg("chunks"),
        nb::arg("label"), Line());
  m.def("frame_of_values", frame_of_values, nb::arg("values"), nb::arg("function"), nb::arg("meta"),
        nb::arg("divisions"), nb::arg("label"), Line());
}

}  // namespace plait::python
