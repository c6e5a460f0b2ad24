// Python functions on blocks, and Python targets of blocks.
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "array_arguments.h"
#include "array_parts.h"
#include "base/value.h"
#include "plait/array/blockwise.h"
#include "plait/array/map_blocks.h"
#include "plait/array/store.h"
#include "python_object.h"
#include "user_line.h"
#include "values.h"

namespace plait::python {
namespace {

using Line = nb::call_guard<UserLine>;
using handle = Given;

// The arrays in the chunks in which they meet, the result's chunks, and which of its axes counts the blocks of each.
nb::tuple as_tuple(const LinedUpBlocks& blocks) {
  return nb::make_tuple(blocks.arrays, chunks_to_python(blocks.chunks), blocks.axes);
}

nb::tuple lined_up(const std::vector<Array>& arrays, handle drop, handle added, handle chunks) {
  BlockMapping how{.drop_axis = axes_argument("map_blocks: drop_axis", drop),
                   .new_axis = axes_argument("map_blocks: new_axis", added)};
  if (!chunks.is_none()) how.chunks = extents_argument(chunks);
  return as_tuple(line_up_blocks(arrays, how));
}

AxisExtents extents_of_axis(handle extents) { return extents_argument(nb::make_tuple(extents)).at(0); }

ExtentChange extent_change(handle change) {
  if (!PyCallable_Check(change.ptr())) return extents_of_axis(change);
  return [change](std::int64_t extent) { return nb::cast<std::int64_t>(change(extent)); };
}

// Axes are named by text.
nb::tuple lined_up_by_name(const std::vector<std::string>& result, nb::list arrays, nb::dict new_axes,
                           nb::dict adjust_chunks, bool align_arrays) {
  std::vector<NamedArray> named;
  for (handle pair : arrays)
    named.push_back({nb::cast<Array>(pair[0]), AxisNames(nb::cast<std::vector<std::string>>(pair[1]))});
  BlockwiseOptions how{.align_arrays = align_arrays};
  for (auto [axis, extents] : new_axes) how.new_axes.emplace(nb::cast<std::string>(axis), extents_of_axis(extents));
  for (auto [axis, change] : adjust_chunks)
    how.adjust_chunks.emplace(nb::cast<std::string>(axis), extent_change(change));
  return as_tuple(line_up_blockwise(AxisNames(result), named, how));
}

Array mapped(const std::vector<Array>& arrays, handle function, const std::string& label, handle dtype, handle chunks,
             const std::vector<std::vector<int>>& axes, bool join, const std::string& reason) {
  return detail::map_blocks(Value::of(PyRef(function)), {arrays, explicit_chunks(chunks), axes},
                            dtype_from_python(dtype), label, join, reason);
}

Array stored(const Array& array, handle target, handle target_shape, const nb::list& region) {
  return detail::lazy_store(array, Value::of(PyRef(target)),
                            {optional_shape("store", target_shape), index_argument(region)});
}

}  // namespace

void bind_blocks(nb::module_& m) {
  m.def("line_up_blocks", lined_up, nb::arg("arrays"), nb::arg("drop_axis").none(), nb::arg("new_axis").none(),
        nb::arg("chunks").none(), Line());
  m.def("line_up_blockwise", lined_up_by_name, nb::arg("result").none(), nb::arg("arrays"), nb::arg("new_axes").none(),
        nb::arg("adjust_chunks").none(), nb::arg("align_arrays").none(), Line());
  m.def("map_blocks", mapped, nb::arg("arrays"), nb::arg("function"), nb::arg("label"), nb::arg("dtype").none(),
        nb::arg("chunks").none(), nb::arg("axes").none(), nb::arg("join") = true, nb::arg("reason") = "", Line());
  m.def("store", stored, nb::arg("array"), nb::arg("target").none(), nb::arg("target_shape").none(), nb::arg("region"),
        Line());
}

}  // namespace plait::python
