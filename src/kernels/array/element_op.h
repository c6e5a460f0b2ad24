// Elementwise operations: their names, how many operands they take and, by NumPy's rules (NEP 50), the types they
// compute in.
//
// An operand is an array of some dtype or a Python scalar, which is weak: it takes the arrays' dtype as far as its kind
// allows. Plain functions on values; thread-safe.
#pragma once

#include <complex>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "plait/dtype.h"

namespace plait {

enum class ElementOp : std::uint8_t {
  cast,  // to the step's result type
#define PLAIT_UNARY_UFUNC(name) name,
#define PLAIT_BINARY_UFUNC(name) name,
#include "plait/array/ufuncs.h"
  real,
  imag,
  angle,
  where,
  clip,
  nan_to_zero,  // a missing value counts as nothing in nansum and nanprod
  nan_to_one,
  multiply_add,  // a * b + c, each rounded: two steps in one pass
};
inline constexpr int kNumElementOps = static_cast<int>(ElementOp::multiply_add) + 1;

// NumPy's name, "add".
std::string_view name(ElementOp op);
int num_operands(ElementOp op);
// Whether NumPy has a universal function of that name; the others are parts of functions of another form.
bool is_ufunc(ElementOp op);
// NumPy's other names of some.
std::span<const std::pair<std::string_view, ElementOp>> element_op_aliases();
// By one of its names. Throws Error(value) with near names.
ElementOp parse_element_op(std::string_view name);
// Whether one element costs tens of instructions, so that computing it twice is not cheap.
bool is_costly(ElementOp op);

// A number given by the user or fixed in a plan.
using ScalarValue = std::variant<bool, std::int64_t, std::uint64_t, double, std::complex<double>>;

std::string to_string(const ScalarValue& value);
// The dtype NumPy gives np.asarray(value): bool, int64, uint64, float64 or complex128.
DType dtype_of_scalar(const ScalarValue& value);
// Whether an integer type holds a whole number; true of all else.
bool fits(const ScalarValue& value, DType dtype);
// The value as an element of `dtype`, at `to`.
void store_scalar(const ScalarValue& value, DType dtype, void* to);

struct ElementOperand {
  DType dtype = DType::float64;
  std::optional<ScalarValue> weak;  // a Python scalar: dtype is ignored
  bool is_beyond_64_bits = false;   // the scalar is a whole number that only a double holds
};

struct ElementTypes {
  std::vector<DType> operands;  // what each operand is converted to; also the loop's types
  DType result = DType::float64;
  // The weak operands' values, changed where a bound that the type cannot hold still has a meaning (comparisons, clip).
  std::vector<std::optional<ScalarValue>> scalars;
};

// The types in which NumPy computes `op`. `dtype` asks for a loop of that type, as the ufunc argument does. Throws
// Error(type) when there is no such loop, Error(value) for a scalar out of bounds.
ElementTypes element_types(ElementOp op, std::span<const ElementOperand> operands, std::optional<DType> dtype = {});

// Whether every value of `from` can be an element of `to`: NumPy's casting="safe".
bool can_cast_safely(DType from, DType to);

}  // namespace plait
