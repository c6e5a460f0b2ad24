// Python's arguments of array functions as the public classes take them. All need the GIL.
//
// What a function cannot take is refused here, where it enters, with the function, the argument, what was found and
// what is expected: "flip: axis is 1.5, expected a whole number".
#pragma once

#include <nanobind/nanobind.h>

#include <optional>
#include <string_view>
#include <vector>

#include "plain_arguments.h"
#include "plait/array.h"

namespace plait::python {

namespace nb = nanobind;

// The engine's Array, a Python number (weak) or a NumPy scalar (with its dtype).
Operand operand(nb::handle object);
// The same, or None.
OptionalOperand optional_operand(nb::handle object);
std::vector<Operand> operands(const nb::list& objects);
// int, "auto", "100MiB", None, -1, tuples, lists, dicts; "auto" aims at `block_size` bytes where that is given.
ChunkArgument chunk_argument(nb::handle object, nb::handle block_size = nb::none());
// The extents of all blocks along each axis, as Python has them.
std::vector<std::vector<std::int64_t>> explicit_chunks(nb::handle object);
// Along each axis one extent, or the extents of all blocks; a number is for one axis.
std::vector<AxisExtents> extents_argument(nb::handle chunks);
std::optional<DType> dtype_argument(nb::handle object);
// Slices, integers, None, Ellipsis, NumPy arrays and engine's Arrays of integers or booleans.
std::vector<AxisIndex> index_argument(const nb::list& items);

// A number or several; negative extents are the function's concern.
Shape shape_argument(std::string_view what, nb::handle shape);
std::optional<Shape> optional_shape(std::string_view what, nb::handle shape);
int axis_argument(std::string_view what, nb::handle axis);
std::optional<int> optional_axis(std::string_view what, nb::handle axis);
std::vector<int> axes_argument(std::string_view what, nb::handle axes);
ReducedAxes reduced_axes(std::string_view what, nb::handle axes);

// Unknown extents are NaN.
nb::tuple shape_to_python(const Shape& shape);
nb::tuple chunks_to_python(const std::vector<std::vector<std::int64_t>>& chunks);

}  // namespace plait::python
