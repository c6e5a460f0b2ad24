// What the functions of linear algebra ask of their matrices.
#pragma once

#include "collections/source_line.h"
#include "plait/array/array.h"

namespace plait::linalg {

// In a type that LAPACK knows. Throws Error(value) for an array that does not have two axes, Error(type) for float16.
Array matrix_argument(const char* what, const Array& a);
Array linalg_elements(const char* what, const Array& a);
void check_extents_known(const char* what, const Array& a);
// Throws Error(value) for a matrix that is not square.
Array square_matrix(const char* what, const Array& a);
// The transpose, conjugated.
Array adjoint(const Array& a);

}  // namespace plait::linalg
