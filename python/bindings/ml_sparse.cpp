// Blocks of scipy's CSR matrices as sparse rows of the engine.
#include <nanobind/stl/string.h>

#include <mutex>

#include "array_arguments.h"
#include "collections/array/array_meta.h"
#include "expr/task_table.h"
#include "ml/sparse_rows.h"
#include "ml_parts.h"
#include "python_object.h"
#include "python_task.h"
#include "user_line.h"
#include "values.h"

namespace plait::python {
namespace {

constinit KernelId<> rows_of_matrix{"ml_rows_of_matrix"};

// Shares the memory of the matrix where its types are those of the engine.
Value run_rows_of_matrix(Inputs inputs, const TaskContext& context) {
  return in_python(context, [&] {
    const nb::handle matrix = inputs[0].as<PyRef>().get();
    const auto num_columns = nb::cast<std::int64_t>(matrix.attr("shape")[1]);
    return Value::of(ml::SparseRows(from_numpy(matrix.attr("indptr")), from_numpy(matrix.attr("indices")),
                                    from_numpy(matrix.attr("data")), num_columns));
  });
}

Array sparse_rows(const ExprHandle& matrices, nb::handle chunks) {
  const MetaPtr meta = make_array_meta(DType::float64, explicit_chunks(chunks));
  return Array(blocks_of_values(matrices.expr, rows_of_matrix(), meta, "sparse_rows"));
}

}  // namespace

void bind_ml_sparse(nb::module_& ml) {
  static std::once_flag once;
  std::call_once(once, [] { define(rows_of_matrix, "Rows of a CSR matrix.", run_rows_of_matrix); });
  ml.def("sparse_rows", sparse_rows, nb::arg("matrices"), nb::arg("chunks"), nb::call_guard<UserLine>());
}

}  // namespace plait::python
