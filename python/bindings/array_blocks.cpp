#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "array_arguments.h"
#include "array_parts.h"
#include "collections/array/map_blocks.h"
#include "collections/array/rechunk.h"
#include "python_object.h"
#include "user_line.h"
#include "values.h"

namespace plait::python {
namespace {

using Line = nb::call_guard<UserLine>;

std::vector<ExprPtr> exprs_of(const std::vector<Array>& arrays) {
  std::vector<ExprPtr> exprs;
  for (const Array& array : arrays) exprs.push_back(array.expr());
  return exprs;
}

}  // namespace

void bind_blocks(nb::module_& m) {
  m.def("common_chunks", [](const std::vector<Array>& arrays) {
    std::vector<Chunks> all;
    for (const Array& array : arrays) all.push_back(array.chunks());
    return chunks_to_python(common_chunks("map_blocks", all));
  });
  m.def("align_to",
        [](const Array& x, nb::handle chunks) { return Array{align_to(x.expr(), explicit_chunks(chunks))}; });
  m.def(
      "map_blocks",
      [](const std::vector<Array>& arrays, nb::handle function, const std::string& label, nb::handle dtype,
         nb::handle chunks, const std::vector<std::vector<int>>& result_axes) {
        return Array{make_expr<MapBlocks>(exprs_of(arrays), Shared<Value>(Value::of(PyRef(function))), label,
                                          dtype_from_python(dtype), explicit_chunks(chunks), result_axes)};
      },
      Line());
}

}  // namespace plait::python
