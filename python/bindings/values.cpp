#include "values.h"

#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>

#include <vector>

#include "base/elsewhere.h"
#include "python_object.h"

namespace plait::python {
namespace {

nb::dlpack::dtype dlpack_dtype(DType dtype) {
  using Code = nb::dlpack::dtype_code;
  const Code code = is_bool(dtype)               ? Code::Bool
                    : is_signed_integer(dtype)   ? Code::Int
                    : is_unsigned_integer(dtype) ? Code::UInt
                    : is_floating(dtype)         ? Code::Float
                                                 : Code::Complex;
  return {static_cast<std::uint8_t>(code), static_cast<std::uint8_t>(item_size(dtype) * 8), 1};
}

std::vector<Conversion>& conversions() {
  static auto* list = new std::vector<Conversion>;
  return *list;
}

bool is_numpy_array(nb::handle object) {
  // Without NumPy in the process there is no NumPy array; it is not imported to find that out.
  nb::object numpy = nb::module_::import_("sys").attr("modules").attr("get")("numpy");
  if (numpy.is_none()) return false;
  return nb::isinstance(object, numpy.attr("ndarray")) || nb::isinstance(object, numpy.attr("generic"));
}

}  // namespace

nb::object dtype_to_python(DType dtype) {
  return nb::module_::import_("numpy").attr("dtype")(std::string(name(dtype)));
}

DType dtype_from_python(nb::handle dtype) {
  const nb::object parsed = nb::module_::import_("numpy").attr("dtype")(dtype);
  return parse_dtype(nb::cast<std::string>(nb::str(parsed.attr("name"))));
}

nb::object to_numpy(const NdArray& array) {
  std::vector<std::size_t> shape(array.shape().begin(), array.shape().end());
  std::vector<std::int64_t> strides;
  bool whole_strides = true;
  for (std::int64_t stride : array.strides()) {
    const auto size = static_cast<std::int64_t>(item_size(array.dtype()));
    whole_strides = whole_strides && stride % size == 0;
    strides.push_back(stride / size);
  }
  if (!whole_strides) return to_numpy(array.copy());
  auto* keep = new std::shared_ptr<const void>(array.owner());
  nb::capsule owner(keep, [](void* held) noexcept { delete static_cast<std::shared_ptr<const void>*>(held); });
  const nb::ndarray<nb::numpy> view(const_cast<std::byte*>(array.bytes()), shape.size(), shape.data(), owner,
                                    strides.data(), dlpack_dtype(array.dtype()));
  nb::object result = nb::cast(view, nb::rv_policy::reference);
  // NumPy takes 64-bit integers from others as `long long`, whose scalars are no np.int64: its own name is `long`.
  if (array.dtype() == DType::int64 || array.dtype() == DType::uint64)
    result = result.attr("view")(dtype_to_python(array.dtype()));
  return result;
}

bool is_native_numpy(nb::handle object) {
  if (!is_numpy_array(object)) return false;
  const nb::object dtype = object.attr("dtype");
  const char kind = nb::cast<std::string>(dtype.attr("kind"))[0];
  const auto size = nb::cast<std::size_t>(dtype.attr("itemsize"));
  if (kind == 'f') return size <= 8;
  if (kind == 'c') return size <= 16;
  return kind == 'b' || kind == 'i' || kind == 'u';
}

NdArray from_numpy(nb::handle object) {
  nb::object numpy = nb::module_::import_("numpy");
  nb::object array = numpy.attr("asarray")(object);
  if (!is_native_numpy(array)) {
    throw type_error("arrays of dtype " + nb::cast<std::string>(nb::str(nb::object(array.attr("dtype")))) +
                     " have no native form; expected booleans, integers, floats or complex numbers");
  }
  if (!nb::cast<bool>(array.attr("dtype").attr("isnative")))
    array = array.attr("astype")(array.attr("dtype").attr("newbyteorder")("="));
  const DType dtype = dtype_from_python(array.attr("dtype"));
  const auto address = nb::cast<std::uintptr_t>(array.attr("__array_interface__")["data"][0]);
  Shape shape;
  Shape strides;
  for (nb::handle extent : array.attr("shape")) shape.push_back(nb::cast<std::int64_t>(extent));
  for (nb::handle stride : array.attr("strides")) strides.push_back(nb::cast<std::int64_t>(stride));
  return NdArray::wrap(dtype, std::move(shape), std::move(strides), reinterpret_cast<const void*>(address),
                       PyRef(array).owner());
}

void register_conversion(Conversion conversion) { conversions().push_back(conversion); }

nb::object to_python(const Value& value) {
  if (!value) return nb::none();
  if (const auto* object = value.get_if<PyRef>()) return nb::borrow(object->get());
  if (const auto* array = value.get_if<NdArray>()) return to_numpy(*array);
  if (is_elsewhere(value)) return to_python(opened(value));
  if (const auto* sequence = value.get_if<Sequence>()) {
    nb::list items;
    for (const Value& item : sequence->items) items.append(to_python(item));
    return items;
  }
  for (const Conversion& conversion : conversions()) {
    if (conversion.type == value.type()) return conversion.to_python(value);
  }
  throw type_error("a value of type '" + value.type()->name + "' has no Python form");
}

Value from_python(nb::handle object) {
  if (object.is_none()) return Value::of(PyRef(object));
  if (is_native_numpy(object) && nb::isinstance(object, nb::module_::import_("numpy").attr("ndarray"))) {
    return Value::of(from_numpy(object));
  }
  for (const Conversion& conversion : conversions()) {
    if (Value value = conversion.from_python(object)) return value;
  }
  return Value::of(PyRef(object));
}

void bind_values(nb::module_&) { register_value_type(value_type<PyRef>()); }

}  // namespace plait::python
