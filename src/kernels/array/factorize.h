// Factorizations of matrices, and the solution of triangular systems: LAPACK on one block.
#pragma once

#include <string_view>

#include "base/kernel.h"
#include "plait/ndarray.h"

namespace plait {

enum class Factorization : std::uint8_t { qr, svd, cholesky };
std::string_view name(Factorization kind);

struct FactorizeParams {
  Factorization kind = Factorization::qr;
  static constexpr auto fields = std::tuple{&FactorizeParams::kind};
};
// The factors of one matrix, given as blocks that stand below each other, as a Sequence:
//   qr: R, and of Q the rows of each block      Q has min(rows, columns) columns
//   svd: U, the singular values, V^H            as many as the smaller extent
//   cholesky: L, lower triangular
// Elements are float32, float64 or complex. Throws Error(value) for a matrix without such factors.
inline constinit KernelId<FactorizeParams> factorize_kernel{"factorize"};

struct TriangularSolveParams {
  bool is_lower = true;  // else the upper triangle is read
  static constexpr auto fields = std::tuple{&TriangularSolveParams::is_lower};
};
// Inputs T and B: the X of T X = B. Throws Error(value) for a zero on T's diagonal.
inline constinit KernelId<TriangularSolveParams> triangular_solve_kernel{"triangular_solve"};

void register_factorize_kernels();

}  // namespace plait
