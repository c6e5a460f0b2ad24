// Python's arguments of array functions as the operations take them. All need the GIL.
#pragma once

#include <nanobind/nanobind.h>

#include <optional>

#include "collections/array/elementwise.h"
#include "collections/array/normalize_chunks.h"
#include "collections/array/slicing.h"
#include "plait/array.h"

namespace plait::python {

namespace nb = nanobind;

// An Array, a Python number (weak) or a NumPy scalar (with its dtype).
ElementArgument element_argument(nb::handle object);
// int, "auto", "100MiB", None, -1, tuples, lists, dicts.
ChunkSpec chunk_spec(nb::handle object);
Chunks explicit_chunks(nb::handle object);
Shape shape_argument(nb::handle object);
std::optional<DType> dtype_argument(nb::handle object);
// A slice, an integer, None, Ellipsis, or a one-axis NumPy array of integers or booleans.
IndexItem index_item(nb::handle object);

// Unknown extents are None.
nb::tuple shape_to_python(const Shape& shape);
nb::tuple chunks_to_python(const Chunks& chunks);

}  // namespace plait::python
