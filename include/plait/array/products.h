// Products of matrices and tensors, and the statistics that are made of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plait/array/array.h"

namespace plait {

// a @ b.
PLAIT_API Array matmul(const Operand& a, const Operand& b);
// Of vectors and matrices their product, else the sum over the last axis of `a` and the last but one of `b`; numbers
// multiply.
PLAIT_API Array dot(const Operand& a, const Operand& b);
// Of the flattened arrays, the first conjugated.
PLAIT_API Array vdot(const Array& a, const Array& b, Location where = Location::current());
// Every element of `a` with every one of `b`.
PLAIT_API Array outer(const Array& a, const Array& b, Location where = Location::current());
// The sum of products over pairs of axes: the last `count` of `a` with the first of `b`, or those that are named.
PLAIT_API Array tensordot(const Array& a, const Array& b, int count = 2, Location where = Location::current());
PLAIT_API Array tensordot(const Array& a, const Array& b, const std::vector<int>& axes_of_a,
                          const std::vector<int>& axes_of_b, Location where = Location::current());

struct Einsum {
  std::optional<DType> dtype = {};  // in which to multiply and add up, and of the result
  bool optimize = false;            // the cheapest pair of operands first; else from left to right
};
// The sum of products that NumPy's subscripts describe: einsum("ij,jk->ik", {a, b}).
PLAIT_API Array einsum(const std::string& subscripts, const std::vector<Array>& operands, const Einsum& how = {},
                       Location where = Location::current());

struct Covariance {
  std::optional<Array> more = {};  // more variables
  bool rowvar = true;              // variables are rows, else columns
  bool bias = false;
  std::optional<double> ddof = {};  // 1, or 0 with `bias`
  // For each observation, how often it counts (whole numbers) and how much it weighs.
  std::optional<Array> fweights = {};
  std::optional<Array> aweights = {};
  std::optional<DType> dtype = {};  // of the result, at least float64 by default
};
// The covariance and the correlation of variables. Weights are of one axis, one for each observation.
PLAIT_API Array cov(const Array& variables, const Covariance& how = {}, Location where = Location::current());
PLAIT_API Array corrcoef(const Array& variables, const Covariance& how = {}, Location where = Location::current());

}  // namespace plait
