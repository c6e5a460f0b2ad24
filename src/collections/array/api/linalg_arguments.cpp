#include "collections/array/api/linalg_arguments.h"

#include <fmt/format.h>

#include "collections/array/array_meta.h"
#include "plait/array/elementwise.h"
#include "plait/array/ufuncs.h"

namespace plait::linalg {

Array linalg_elements(const char* what, const Array& a) {
  const DType dtype = a.dtype();
  if (dtype == DType::float16)
    throw type_error(fmt::format("{}: the array is float16, expected float32, float64 or complex; use astype", what));
  return is_floating(dtype) || is_complex(dtype) ? a : a.astype(DType::float64);
}

Array matrix_argument(const char* what, const Array& a) {
  if (a.ndim() != 2)
    throw value_error(fmt::format("{}: the array has shape {}, expected two axes", what, to_string(a.shape())));
  if (a.shape()[1] == kUnknownExtent) {
    throw value_error(fmt::format(
        "{}: the number of columns is not known before it is computed; call compute_chunk_sizes() first", what));
  }
  return linalg_elements(what, a);
}

void check_extents_known(const char* what, const Array& a) {
  if (!array_meta(a.expr()).is_known()) {
    throw value_error(fmt::format(
        "{}: extents of the array are not known before it is computed; call compute_chunk_sizes() first", what));
  }
}

Array square_matrix(const char* what, const Array& a) {
  const Array matrix = matrix_argument(what, a);
  check_extents_known(what, matrix);
  if (matrix.shape()[0] != matrix.shape()[1])
    throw value_error(fmt::format("{}: the matrix has shape {}, expected a square one", what, to_string(a.shape())));
  return matrix;
}

Array adjoint(const Array& a) {
  const Array turned = a.transpose();
  return is_complex(a.dtype()) ? conjugate(turned) : turned;
}

}  // namespace plait::linalg
