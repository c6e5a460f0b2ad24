// Python functions on blocks, and Python targets of blocks.
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "array_arguments.h"
#include "array_parts.h"
#include "base/value.h"
#include "plait/array/map_blocks.h"
#include "plait/array/store.h"
#include "python_object.h"
#include "user_line.h"
#include "values.h"

namespace plait::python {
namespace {

using Line = nb::call_guard<UserLine>;

// The arrays in the chunks in which they meet, the result's chunks, and which of its axes counts the blocks of each.
nb::tuple lined_up(const std::vector<Array>& arrays, nb::handle drop, nb::handle added, nb::handle chunks) {
  BlockMapping how{.drop_axis = axes_argument("map_blocks: drop_axis", drop),
                   .new_axis = axes_argument("map_blocks: new_axis", added)};
  if (!chunks.is_none()) how.chunks = extents_argument(chunks);
  const LinedUpBlocks blocks = line_up_blocks(arrays, how);
  return nb::make_tuple(blocks.arrays, chunks_to_python(blocks.chunks), blocks.axes);
}

Array mapped(const std::vector<Array>& arrays, nb::handle function, const std::string& label, nb::handle dtype,
             nb::handle chunks, const std::vector<std::vector<int>>& axes, bool join) {
  return detail::map_blocks(Value::of(PyRef(function)), {arrays, explicit_chunks(chunks), axes},
                            dtype_from_python(dtype), label, join);
}

Array stored(const Array& array, nb::handle target, nb::handle target_shape, const nb::list& region) {
  return detail::lazy_store(array, Value::of(PyRef(target)),
                            {optional_shape("store", target_shape), index_argument(region)});
}

}  // namespace

void bind_blocks(nb::module_& m) {
  m.def("line_up_blocks", lined_up, nb::arg("arrays"), nb::arg("drop_axis"), nb::arg("new_axis"),
        nb::arg("chunks").none(), Line());
  m.def("map_blocks", mapped, nb::arg("arrays"), nb::arg("function"), nb::arg("label"), nb::arg("dtype"),
        nb::arg("chunks"), nb::arg("axes"), nb::arg("join") = true, Line());
  m.def("store", stored, nb::arg("array"), nb::arg("target"), nb::arg("target_shape").none(), nb::arg("region"),
        Line());
}

}  // namespace plait::python
