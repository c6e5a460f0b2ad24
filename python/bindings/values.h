// Values as Python objects and back: chunks as NumPy arrays, partitions as pandas frames, without copying where layouts
// agree.
#pragma once

#include <nanobind/nanobind.h>

#include "base/value.h"
#include "plait/dtype.h"
#include "plait/ndarray.h"

namespace plait::python {

namespace nb = nanobind;

// All need the GIL.

nb::object to_numpy(const NdArray& array);
// Shares the memory. Throws a type error for dtypes that have no native form.
NdArray from_numpy(nb::handle array);
bool is_native_numpy(nb::handle object);

nb::object dtype_to_python(DType dtype);    // numpy.dtype
DType dtype_from_python(nb::handle dtype);  // anything numpy.dtype() takes

nb::object to_python(const Value& value);
// NumPy arrays of native dtypes and pandas frames become native values, everything else stays a Python object.
Value from_python(nb::handle object);

// A type of value that another module knows how to show to Python (the dataframe binding registers tables).
struct Conversion {
  const ValueType* type;
  nb::object (*to_python)(const Value&);
  // A null Value if the object is of another kind.
  Value (*from_python)(nb::handle);
};
void register_conversion(Conversion conversion);

void bind_values(nb::module_& m);

}  // namespace plait::python
