#include "array_arguments.h"

#include <nanobind/stl/complex.h>
#include <nanobind/stl/string.h>

#include <limits>

#include "values.h"

namespace plait::python {
namespace {

constexpr std::int64_t kUnknown = -1;

bool is_list(nb::handle object) { return PyTuple_Check(object.ptr()) || PyList_Check(object.ptr()); }
bool is_nan(nb::handle object) {
  return PyFloat_Check(object.ptr()) && PyFloat_AsDouble(object.ptr()) != PyFloat_AsDouble(object.ptr());
}

Operand::Number number_of(nb::handle object) {
  if (PyBool_Check(object.ptr())) return nb::cast<bool>(object);
  if (PyFloat_Check(object.ptr())) return nb::cast<double>(object);
  if (PyComplex_Check(object.ptr())) return nb::cast<std::complex<double>>(object);
  int overflow = 0;
  const long long small = PyLong_AsLongLongAndOverflow(object.ptr(), &overflow);
  if (overflow == 0) return static_cast<std::int64_t>(small);
  return static_cast<std::uint64_t>(nb::cast<unsigned long long>(object));
}

// A whole number beyond 64 bits as a double; none of all else.
std::optional<double> beyond_64_bits(nb::handle object) {
  int overflow = 0;
  if (!PyLong_Check(object.ptr()) || (PyLong_AsLongLongAndOverflow(object.ptr(), &overflow), overflow == 0))
    return std::nullopt;
  if (overflow > 0) {
    PyLong_AsUnsignedLongLong(object.ptr());
    if (!PyErr_Occurred()) return std::nullopt;
    PyErr_Clear();
  }
  return real_number("an operand", "the integer", object);
}

std::vector<std::int64_t> block_extents(nb::handle listed) {
  std::vector<std::int64_t> blocks;
  for (nb::handle block : listed) {
    if (is_nan(block)) {
      blocks.push_back(kUnknown);
      continue;
    }
    blocks.push_back(whole_number("chunks", "an extent", block));
    if (blocks.back() < 0) {
      throw value_error("chunks: the extents along an axis are " + shown(listed) +
                        ", but a chunk has at least 1 element");
    }
  }
  return blocks;
}

AxisExtents axis_extents(nb::handle object) {
  if (object.is_none()) return std::nullopt;
  if (PyUnicode_Check(object.ptr())) return nb::cast<std::string>(object);
  if (is_whole_number(object)) return whole_number("chunks", "an extent", object);
  if (is_list(object)) return block_extents(object);
  throw type_error("chunks: " + shown(object) +
                   " is no chunking; expected an int, a tuple of ints, 'auto', a size such as '100MiB', -1 or None");
}

ChunkArgument any_chunks(nb::handle object) {
  if (PyDict_Check(object.ptr())) {
    std::map<int, AxisExtents> by_axis;
    for (auto [axis, chunks] : nb::borrow<nb::dict>(object))
      by_axis.emplace(axis_argument("chunks", axis), axis_extents(chunks));
    return chunks_by_axis(std::move(by_axis));
  }
  if (is_list(object)) {
    std::vector<AxisExtents> axes;
    for (nb::handle chunks : object) axes.push_back(axis_extents(chunks));
    return chunks(std::move(axes));
  }
  if (nb::hasattr(object, "tolist")) return any_chunks(object.attr("tolist")());
  if (object.is_none()) {
    throw value_error(
        "chunks is None; expected an int, a tuple of ints, 'auto', a size such as '100MiB' or -1 for one block");
  }
  return ChunkArgument::same_everywhere(axis_extents(object));
}

// Python cuts slices off at the ends of the axis, wherever their bounds are.
std::int64_t slice_bound(const char* name, nb::handle value) {
  try {
    return whole_number("a slice", name, value);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::overflow) throw;
    const bool is_negative = PyObject_RichCompareBool(value.ptr(), nb::int_(0).ptr(), Py_LT) == 1;
    return is_negative ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
  }
}

std::int64_t position(nb::handle object) {
  try {
    return whole_number("an index", "a position", object);
  } catch (const Error& error) {
    throw index_error(error.what());
  }
}

AxisIndex axis_index(nb::handle object) {
  if (object.is_none()) return new_axis;
  if (object.ptr() == Py_Ellipsis) return ellipsis;
  if (nb::isinstance<Array>(object)) return nb::cast<Array&>(object);
  if (PySlice_Check(object.ptr())) {
    const auto bound = [&](const char* name) -> std::optional<std::int64_t> {
      const nb::object value = object.attr(name);
      if (value.is_none()) return std::nullopt;
      return slice_bound(name, value);
    };
    return SliceArgument{bound("start"), bound("stop"), bound("step")};
  }
  if (is_whole_number(object) && !nb::hasattr(object, "ndim")) return position(object);
  return from_numpy(object);
}

}  // namespace

Operand operand(nb::handle object) {
  if (nb::isinstance<Array>(object)) return nb::cast<Array&>(object);
  if (PyBool_Check(object.ptr()) || PyLong_CheckExact(object.ptr()) || PyFloat_CheckExact(object.ptr()) ||
      PyComplex_CheckExact(object.ptr())) {
    if (const auto beyond = beyond_64_bits(object)) return Operand::beyond_64_bits(*beyond);
    return Operand(number_of(object));
  }
  if (nb::hasattr(object, "dtype") && nb::hasattr(object, "item")) {
    const DType dtype = dtype_from_python(object.attr("dtype"));
    return Operand(number_of(object.attr("item")()), dtype);
  }
  if (PyLong_Check(object.ptr()) || PyFloat_Check(object.ptr()) || PyComplex_Check(object.ptr()))
    return Operand(number_of(object));
  throw type_error("an operand is " + shown(object) + ", expected an array or a number");
}

OptionalOperand optional_operand(nb::handle object) {
  if (object.is_none()) return std::nullopt;
  return operand(object);
}

std::vector<Operand> operands(const nb::list& objects) {
  std::vector<Operand> all;
  for (nb::handle object : objects) all.push_back(operand(object));
  return all;
}

ChunkArgument chunk_argument(nb::handle object, nb::handle block_size) {
  ChunkArgument argument = any_chunks(object);
  if (block_size.is_none()) return argument;
  if (PyUnicode_Check(block_size.ptr())) return argument.with_block_size(nb::cast<std::string>(block_size));
  return argument.with_block_size(std::to_string(whole_number("chunks", "the limit", block_size)) + "B");
}

std::vector<std::vector<std::int64_t>> explicit_chunks(nb::handle object) {
  std::vector<std::vector<std::int64_t>> chunks;
  for (nb::handle axis : object) chunks.push_back(block_extents(axis));
  return chunks;
}

std::vector<AxisExtents> extents_argument(nb::handle chunks) {
  if (!is_list(chunks)) return {axis_extents(chunks)};
  std::vector<AxisExtents> axes;
  for (nb::handle extents : chunks) axes.push_back(is_nan(extents) ? AxisExtents(kUnknown) : axis_extents(extents));
  return axes;
}

std::optional<DType> dtype_argument(nb::handle object) {
  if (object.is_none()) return std::nullopt;
  return dtype_from_python(object);
}

std::vector<AxisIndex> index_argument(const nb::list& items) {
  std::vector<AxisIndex> index;
  for (nb::handle item : items) index.push_back(axis_index(item));
  return index;
}

Shape shape_argument(std::string_view what, nb::handle shape) {
  if (is_whole_number(shape)) return {whole_number(what, "shape", shape)};
  if (!PySequence_Check(shape.ptr()) || PyUnicode_Check(shape.ptr())) {
    throw type_error(std::string(what) + ": the shape is " + shown(shape) +
                     ", expected a whole number or a tuple of them");
  }
  Shape extents;
  for (nb::handle extent : shape) {
    if (!is_whole_number(extent)) {
      throw type_error(std::string(what) + ": the shape is " + shown(shape) + ", but an extent is a whole number");
    }
    extents.push_back(whole_number(what, "an extent", extent));
  }
  return extents;
}

std::optional<Shape> optional_shape(std::string_view what, nb::handle shape) {
  if (shape.is_none()) return std::nullopt;
  return shape_argument(what, shape);
}

int axis_argument(std::string_view what, nb::handle axis) {
  const std::int64_t number = whole_number(what, "axis", axis);
  if (number < std::numeric_limits<int>::min() || number > std::numeric_limits<int>::max())
    throw index_error(std::string(what) + ": axis " + shown(axis) + " is out of range");
  return static_cast<int>(number);
}

std::optional<int> optional_axis(std::string_view what, nb::handle axis) {
  if (axis.is_none()) return std::nullopt;
  return axis_argument(what, axis);
}

std::vector<int> axes_argument(std::string_view what, nb::handle axes) {
  if (PyUnicode_Check(axes.ptr()) || (!PySequence_Check(axes.ptr()) && !PyIter_Check(axes.ptr())))
    return {axis_argument(what, axes)};
  std::vector<int> all;
  for (nb::handle axis : axes) all.push_back(axis_argument(what, axis));
  return all;
}

ReducedAxes reduced_axes(std::string_view what, nb::handle axes) {
  if (axes.is_none()) return {};
  return std::optional(axes_argument(what, axes));
}

nb::tuple shape_to_python(const Shape& shape) {
  nb::list extents;
  for (std::int64_t extent : shape) {
    // NumPy's own object: tuples are equal where their items are identical, so that `x.chunks == ((np.nan, 3),)` holds.
    if (extent == kUnknown)
      extents.append(nb::module_::import_("numpy").attr("nan"));
    else
      extents.append(extent);
  }
  return nb::tuple(extents);
}

nb::tuple chunks_to_python(const std::vector<std::vector<std::int64_t>>& chunks) {
  nb::list axes;
  for (const auto& blocks : chunks) axes.append(shape_to_python(blocks));
  return nb::tuple(axes);
}

}  // namespace plait::python
