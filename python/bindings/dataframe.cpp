// Frames in Python: what is known of a node, and the nodes that start a plan.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings.h"
#include "collections/dataframe/python_call.h"
#include "collections/dataframe/read_csv.h"
#include "collections/dataframe/repartition.h"
#include "collections/dataframe/sources.h"
#include "frame_handles.h"
#include "python_object.h"
#include "values.h"

namespace plait::python {
namespace {

nb::object divisions_of(const ExprHandle& handle) {
  const FrameMeta& meta = frame_meta(handle.expr);
  if (!meta.known_divisions()) return nb::none();
  nb::list divisions;
  for (const Literal& division : meta.divisions()) divisions.append(literal_to_python(division));
  return divisions;
}

ExprHandle from_partitions(nb::list partitions, const Table& schema, nb::object divisions) {
  std::vector<Value> values;
  for (nb::handle partition : partitions) {
    values.push_back(nb::isinstance<Table>(partition) ? Value::of(nb::cast<Table>(partition))
                                                      : Value::of(PyRef(partition)));
  }
  Divisions known;
  if (!divisions.is_none()) known = literals_of(divisions);
  return make([&] { return make_expr<FromTables>(std::move(values), schema, std::move(known)); });
}

ExprHandle python_call(const std::vector<ExprHandle>& inputs, nb::object function, const Table& schema,
                       const std::string& label, bool is_pandas, bool keeps_divisions, const std::string& reason) {
  return make([&] {
    return make_expr<PythonCall>(exprs_of(inputs), Shared<Value>(Value::of(PyRef(function))), schema, label, is_pandas,
                                 keeps_divisions, reason);
  });
}

ExprHandle python_whole(const std::vector<ExprHandle>& inputs, nb::object function, const Table& schema,
                        const std::string& label, const std::string& reason) {
  return make([&] {
    return make_expr<PythonWhole>(exprs_of(inputs), Shared<Value>(Value::of(PyRef(function))), schema, label, reason);
  });
}

}  // namespace

void bind_dataframe(nb::module_& m) {
  bind_table(m);
  m.def("frame_empty", [](const ExprHandle& self) { return frame_meta(with_latest_schemas(self.expr)).empty(); });
  m.def("frame_npartitions", [](const ExprHandle& self) { return frame_meta(self.expr).npartitions(); });
  m.def("frame_divisions", divisions_of);
  m.def("frame_latest", [](const ExprHandle& self) { return ExprHandle{with_latest_schemas(self.expr)}; });
  m.def("frame_from_partitions", from_partitions, nb::arg("partitions"), nb::arg("schema"),
        nb::arg("divisions") = nb::none());
  m.def("frame_python_call", python_call);
  m.def("frame_python_whole", python_whole);
  m.def("frame_partitions", [](const ExprHandle& self, const std::vector<std::int64_t>& numbers) {
    return make([&] { return make_expr<Partitions>(self.expr, numbers); });
  });
  m.def("frame_repartition", [](const ExprHandle& self, std::int64_t npartitions) {
    return make([&] { return repartition_expr(self.expr, npartitions); });
  });
  m.def("frame_concat", [](const std::vector<ExprHandle>& frames, bool outer) {
    return make([&] { return make_expr<Concat>(exprs_of(frames), outer); });
  });
  m.def("frame_head", [](const ExprHandle& self, std::int64_t n, std::int64_t npartitions) {
    return make([&] { return head_expr(self.expr, n, npartitions); });
  });
  m.def("frame_tail", [](const ExprHandle& self, std::int64_t n, std::int64_t npartitions) {
    return make([&] { return tail_expr(self.expr, n, npartitions); });
  });
  bind_frame_operations(m);
  bind_frame_reductions(m);
  bind_frame_files(m);
}

}  // namespace plait::python
