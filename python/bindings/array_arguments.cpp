#include "array_arguments.h"

#include <nanobind/stl/complex.h>
#include <nanobind/stl/string.h>

#include "values.h"

namespace plait::python {
namespace {

bool is_integer(nb::handle object) { return PyIndex_Check(object.ptr()) && !PyBool_Check(object.ptr()); }

std::int64_t integer(nb::handle object) {
  const nb::object index = nb::steal(PyNumber_Index(object.ptr()));
  if (!index.is_valid()) throw nb::python_error();
  return nb::cast<std::int64_t>(index);
}

std::string text_of(nb::handle object) { return nb::repr(object).c_str(); }

ScalarValue scalar_value(nb::handle object) {
  if (PyBool_Check(object.ptr())) return nb::cast<bool>(object);
  if (PyFloat_Check(object.ptr())) return nb::cast<double>(object);
  if (PyComplex_Check(object.ptr())) return nb::cast<std::complex<double>>(object);
  int overflow = 0;
  const long long small = PyLong_AsLongLongAndOverflow(object.ptr(), &overflow);
  if (overflow == 0) return static_cast<std::int64_t>(small);
  const unsigned long long large = overflow > 0 ? PyLong_AsUnsignedLongLong(object.ptr()) : 0;
  if (overflow < 0 || PyErr_Occurred()) {
    PyErr_Clear();
    throw overflow_error("the integer " + text_of(object) +
                         " does not fit 64 bits; arrays hold integers of at most 64 bits");
  }
  return static_cast<std::uint64_t>(large);
}

AxisChunks axis_chunks(nb::handle object) {
  if (object.is_none()) return KeepAxis{};
  if (PyUnicode_Check(object.ptr())) return parse_axis_chunks(nb::cast<std::string>(object));
  if (is_integer(object)) {
    const std::int64_t extent = integer(object);
    if (extent == -1) return WholeAxis{};
    return extent;
  }
  if (PyTuple_Check(object.ptr()) || PyList_Check(object.ptr())) {
    std::vector<std::int64_t> blocks;
    for (nb::handle block : object) {
      if (PyFloat_Check(block.ptr()) && nb::cast<double>(block) != nb::cast<double>(block)) {
        blocks.push_back(kUnknownExtent);  // nan
      } else if (is_integer(block)) {
        const std::int64_t extent = integer(block);
        if (extent < 0)
          throw value_error("chunks: the extents along an axis are " + text_of(object) +
                            ", but a chunk has at least 1 element");
        blocks.push_back(extent);
      } else {
        throw type_error("chunks: an extent is " + text_of(block) + ", expected a whole number");
      }
    }
    return blocks;
  }
  throw type_error("chunks: " + text_of(object) +
                   " is no chunking; expected an int, a tuple of ints, 'auto', a size such as '100MiB', -1 or None");
}

}  // namespace

ElementArgument element_argument(nb::handle object) {
  if (nb::isinstance<Array>(object)) return nb::cast<Array&>(object).expr();
  if (PyBool_Check(object.ptr()) || PyLong_CheckExact(object.ptr()) || PyFloat_CheckExact(object.ptr()) ||
      PyComplex_CheckExact(object.ptr())) {
    return scalar_value(object);
  }
  if (nb::hasattr(object, "dtype") && nb::hasattr(object, "item")) {
    const DType dtype = dtype_from_python(object.attr("dtype"));
    return {scalar_value(object.attr("item")()), dtype};
  }
  if (PyLong_Check(object.ptr()) || PyFloat_Check(object.ptr()) || PyComplex_Check(object.ptr()))
    return scalar_value(object);
  throw type_error("an operand is " + text_of(object) + ", expected an array or a number");
}

ChunkSpec chunk_spec(nb::handle object) {
  if (PyDict_Check(object.ptr())) {
    std::map<int, AxisChunks> by_axis;
    for (auto [axis, chunks] : nb::borrow<nb::dict>(object))
      by_axis[static_cast<int>(integer(axis))] = axis_chunks(chunks);
    return by_axis;
  }
  if (PyTuple_Check(object.ptr()) || PyList_Check(object.ptr())) {
    std::vector<AxisChunks> all;
    for (nb::handle chunks : object) all.push_back(axis_chunks(chunks));
    return all;
  }
  if (object.is_none()) {
    throw value_error(
        "chunks is None; expected an int, a tuple of ints, 'auto', a size such as '100MiB' or -1 for one block");
  }
  return axis_chunks(object);
}

Chunks explicit_chunks(nb::handle object) {
  Chunks chunks;
  for (nb::handle axis : object) {
    auto& blocks = chunks.emplace_back();
    for (nb::handle block : axis) blocks.push_back(block.is_none() ? kUnknownExtent : integer(block));
  }
  return chunks;
}

Shape shape_argument(nb::handle object) {
  if (is_integer(object)) return {integer(object)};
  Shape shape;
  for (nb::handle extent : object) shape.push_back(integer(extent));
  return shape;
}

std::optional<DType> dtype_argument(nb::handle object) {
  if (object.is_none()) return std::nullopt;
  return dtype_from_python(object);
}

IndexItem index_item(nb::handle object) {
  if (object.is_none()) return NewAxisItem{};
  if (object.ptr() == Py_Ellipsis) return EllipsisItem{};
  if (PySlice_Check(object.ptr())) {
    const auto bound = [&](const char* name) -> std::optional<std::int64_t> {
      const nb::object value = object.attr(name);
      if (value.is_none()) return std::nullopt;
      return integer(value);
    };
    return SliceItem{bound("start"), bound("stop"), bound("step")};
  }
  if (is_integer(object) && !nb::hasattr(object, "ndim")) return integer(object);
  const NdArray listed = from_numpy(object).contiguous();
  if (listed.ndim() == 0 && !is_bool(listed.dtype())) return *listed.astype(DType::int64).data<std::int64_t>();
  if (is_bool(listed.dtype()))
    return MaskItem{std::vector<bool>(listed.data<bool>(), listed.data<bool>() + listed.size())};
  const NdArray positions = listed.astype(DType::int64);
  return PositionsItem{std::vector(positions.data<std::int64_t>(), positions.data<std::int64_t>() + positions.size())};
}

nb::tuple shape_to_python(const Shape& shape) {
  nb::list extents;
  for (std::int64_t extent : shape) {
    if (extent == kUnknownExtent)
      extents.append(nb::none());
    else
      extents.append(extent);
  }
  return nb::tuple(extents);
}

nb::tuple chunks_to_python(const Chunks& chunks) {
  nb::list axes;
  for (const auto& blocks : chunks) axes.append(shape_to_python(blocks));
  return nb::tuple(axes);
}

}  // namespace plait::python
