#include "kernels/array/element_op.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/check.h"
#include "base/half.h"
#include "base/text.h"
#include "plait/error.h"

namespace plait {
namespace {

// The types in which an operation has a loop, one bit a DType.
using TypeSet = std::uint32_t;
constexpr TypeSet bit(DType dtype) { return TypeSet{1} << static_cast<int>(dtype); }
constexpr TypeSet kBool = bit(DType::bool_);
constexpr TypeSet kIntegers = 0x1fe;
constexpr TypeSet kFloats = 0xe00;
constexpr TypeSet kComplex = 0x3000;
constexpr TypeSet kReals = kIntegers | kFloats;
constexpr TypeSet kNumbers = kReals | kComplex;
constexpr TypeSet kAll = kBool | kNumbers;
constexpr TypeSet kInexact = kFloats | kComplex;

enum class Result : std::uint8_t { same, boolean, real_part };

struct OpInfo {
  ElementOp op;
  std::string_view name;
  int num_operands;
  TypeSet types;
  Result result = Result::same;
  bool refuses_bool = false;  // else a boolean operand is taken as int8
  bool is_costly = false;
};

using enum ElementOp;
// clang-format off
constexpr std::array<OpInfo, kNumElementOps> kOps = {{
    {cast, "astype", 1, kAll},
    {add, "add", 2, kAll}, {subtract, "subtract", 2, kNumbers, Result::same, true}, {multiply, "multiply", 2, kAll},
    {true_divide, "true_divide", 2, kInexact}, {floor_divide, "floor_divide", 2, kReals}, {remainder, "remainder", 2, kReals},
    {fmod, "fmod", 2, kReals}, {power, "power", 2, kNumbers, Result::same, false, true},
    {float_power, "float_power", 2, bit(DType::float64) | bit(DType::complex128), Result::same, false, true},
    {negative, "negative", 1, kNumbers, Result::same, true}, {positive, "positive", 1, kNumbers, Result::same, true},
    {absolute, "absolute", 1, kAll, Result::real_part}, {fabs, "fabs", 1, kFloats}, {sign, "sign", 1, kNumbers, Result::same, true},
    {equal, "equal", 2, kAll, Result::boolean}, {not_equal, "not_equal", 2, kAll, Result::boolean},
    {less, "less", 2, kAll, Result::boolean}, {less_equal, "less_equal", 2, kAll, Result::boolean},
    {greater, "greater", 2, kAll, Result::boolean}, {greater_equal, "greater_equal", 2, kAll, Result::boolean},
    {logical_and, "logical_and", 2, kAll, Result::boolean}, {logical_or, "logical_or", 2, kAll, Result::boolean},
    {logical_xor, "logical_xor", 2, kAll, Result::boolean}, {logical_not, "logical_not", 1, kAll, Result::boolean},
    {bitwise_and, "bitwise_and", 2, kBool | kIntegers}, {bitwise_or, "bitwise_or", 2, kBool | kIntegers},
    {bitwise_xor, "bitwise_xor", 2, kBool | kIntegers}, {invert, "invert", 1, kBool | kIntegers},
    {left_shift, "left_shift", 2, kIntegers}, {right_shift, "right_shift", 2, kIntegers},
    {maximum, "maximum", 2, kAll}, {minimum, "minimum", 2, kAll}, {fmax, "fmax", 2, kAll}, {fmin, "fmin", 2, kAll},
    {sqrt, "sqrt", 1, kInexact}, {square, "square", 1, kNumbers}, {cbrt, "cbrt", 1, kFloats, Result::same, false, true},
    {reciprocal, "reciprocal", 1, kNumbers},
    {exp, "exp", 1, kInexact, Result::same, false, true}, {exp2, "exp2", 1, kInexact, Result::same, false, true},
    {expm1, "expm1", 1, kInexact, Result::same, false, true}, {log, "log", 1, kInexact, Result::same, false, true},
    {log2, "log2", 1, kInexact, Result::same, false, true}, {log10, "log10", 1, kInexact, Result::same, false, true},
    {log1p, "log1p", 1, kInexact, Result::same, false, true}, {sin, "sin", 1, kInexact, Result::same, false, true},
    {cos, "cos", 1, kInexact, Result::same, false, true}, {tan, "tan", 1, kInexact, Result::same, false, true},
    {arcsin, "arcsin", 1, kInexact, Result::same, false, true}, {arccos, "arccos", 1, kInexact, Result::same, false, true},
    {arctan, "arctan", 1, kInexact, Result::same, false, true}, {arctan2, "arctan2", 2, kFloats, Result::same, false, true},
    {sinh, "sinh", 1, kInexact, Result::same, false, true}, {cosh, "cosh", 1, kInexact, Result::same, false, true},
    {tanh, "tanh", 1, kInexact, Result::same, false, true}, {arcsinh, "arcsinh", 1, kInexact, Result::same, false, true},
    {arccosh, "arccosh", 1, kInexact, Result::same, false, true}, {arctanh, "arctanh", 1, kInexact, Result::same, false, true},
    {hypot, "hypot", 2, kFloats, Result::same, false, true}, {deg2rad, "deg2rad", 1, kFloats}, {rad2deg, "rad2deg", 1, kFloats},
    {floor, "floor", 1, kBool | kReals}, {ceil, "ceil", 1, kBool | kReals}, {trunc, "trunc", 1, kBool | kReals},
    {rint, "rint", 1, kInexact}, {isnan, "isnan", 1, kAll, Result::boolean}, {isinf, "isinf", 1, kAll, Result::boolean},
    {isfinite, "isfinite", 1, kAll, Result::boolean}, {signbit, "signbit", 1, kFloats, Result::boolean},
    {copysign, "copysign", 2, kFloats}, {nextafter, "nextafter", 2, kFloats},
    {logaddexp, "logaddexp", 2, kFloats, Result::same, false, true}, {logaddexp2, "logaddexp2", 2, kFloats, Result::same, false, true},
    {conjugate, "conjugate", 1, kNumbers}, {real, "real", 1, kAll, Result::real_part}, {imag, "imag", 1, kAll, Result::real_part},
    {angle, "angle", 1, kInexact, Result::real_part, false, true}, {where, "where", 3, kAll}, {clip, "clip", 3, kAll},
    {nan_to_zero, "nan_to_zero", 1, kAll}, {nan_to_one, "nan_to_one", 1, kAll}, {multiply_add, "multiply_add", 3, kNumbers},
}};
// clang-format on

constexpr bool ops_are_in_order() {
  for (int i = 0; i < kNumElementOps; ++i) {
    if (static_cast<int>(kOps[i].op) != i) return false;
  }
  return true;
}
static_assert(ops_are_in_order());

const OpInfo& info(ElementOp op) { return kOps.at(static_cast<std::size_t>(op)); }

// NumPy looks for a loop in this order.
constexpr DType kLoopOrder[] = {DType::bool_,   DType::int8,    DType::uint8,     DType::int16,     DType::uint16,
                                DType::int32,   DType::uint32,  DType::int64,     DType::uint64,    DType::float16,
                                DType::float32, DType::float64, DType::complex64, DType::complex128};

DType real_part_of(DType dtype) {
  if (dtype == DType::complex64) return DType::float32;
  if (dtype == DType::complex128) return DType::float64;
  return dtype;
}

bool is_comparison(ElementOp op) { return op >= equal && op <= greater_equal; }
bool is_python_int(const ScalarValue& value) {
  return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<std::uint64_t>(value);
}

// What a Python scalar makes of the arrays' common type.
DType promote_weak(DType arrays, const ScalarValue& scalar) {
  const bool is_exact = is_bool(arrays) || is_integer(arrays);
  if (is_python_int(scalar)) return is_bool(arrays) ? DType::int64 : arrays;
  if (std::holds_alternative<double>(scalar)) return is_exact ? DType::float64 : arrays;
  if (std::holds_alternative<std::complex<double>>(scalar)) {
    if (is_exact || arrays == DType::float64) return DType::complex128;
    return is_complex(arrays) ? arrays : DType::complex64;
  }
  return arrays;
}

// The common type of the operands from `first` on.
DType common_type(std::span<const ElementOperand> operands) {
  std::optional<DType> arrays;
  for (const ElementOperand& operand : operands) {
    if (!operand.weak) arrays = arrays ? promote(*arrays, operand.dtype) : operand.dtype;
  }
  if (!arrays) {
    for (const ElementOperand& operand : operands) {
      const DType own = dtype_of_scalar(*operand.weak);
      arrays = arrays ? promote(*arrays, own) : own;
    }
    return *arrays;
  }
  DType common = *arrays;
  for (const ElementOperand& operand : operands) {
    if (operand.weak) common = promote(common, promote_weak(*arrays, *operand.weak));
  }
  return common;
}

std::string names_of(std::span<const ElementOperand> operands) {
  std::string text;
  for (const ElementOperand& operand : operands) {
    if (!text.empty()) text += " and ";
    text +=
        operand.weak ? fmt::format("the scalar {}", to_string(*operand.weak)) : std::string(plait::name(operand.dtype));
  }
  return text;
}

Error no_loop(ElementOp op, std::span<const ElementOperand> operands) {
  if (op == subtract) {
    return type_error(
        "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, or the "
        "logical_xor "
        "function instead.");
  }
  if (op == negative && is_bool(operands[0].dtype)) {
    return type_error(
        "The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the logical_not "
        "function "
        "instead.");
  }
  return type_error(fmt::format("ufunc '{}' is not supported for {}; convert the operands with astype", name(op),
                                names_of(operands)));
}

DType loop_type(const OpInfo& op, DType common, std::span<const ElementOperand> operands) {
  if (is_bool(common) && op.refuses_bool) throw no_loop(op.op, operands);
  if (op.op == true_divide && (is_bool(common) || is_integer(common))) return DType::float64;
  // Each operand is converted by itself: arctan2 of int8 and uint8 needs float16 only, though together they are int16.
  // A Python scalar goes with the arrays.
  const auto fits_loop = [&](DType loop) {
    return std::all_of(operands.begin(), operands.end(), [&](const ElementOperand& operand) {
      return can_cast_safely(operand.weak ? common : operand.dtype, loop);
    });
  };
  for (DType loop : kLoopOrder) {
    if ((op.types & bit(loop)) && fits_loop(loop)) return loop;
  }
  throw no_loop(op.op, operands);
}

// 0 for booleans, then integers, floats, complex numbers: "same_kind" casts never go down.
int kind_rank(DType dtype) { return is_bool(dtype) ? 0 : is_integer(dtype) ? 1 : is_floating(dtype) ? 2 : 3; }

// The loop of the type that the user asked for.
DType loop_of_type(const OpInfo& op, DType wanted, DType common, std::span<const ElementOperand> operands) {
  if (!(op.types & bit(wanted))) throw no_loop(op.op, operands);
  if (kind_rank(common) > kind_rank(wanted)) {
    throw type_error(
        fmt::format("Cannot cast ufunc '{}' operands from dtype('{}') to dtype('{}') with casting rule 'same_kind'",
                    op.name, plait::name(common), plait::name(wanted)));
  }
  return wanted;
}

template <class T>
bool holds(const ScalarValue& value) {
  using Limits = std::numeric_limits<T>;
  if (const auto* signed_value = std::get_if<std::int64_t>(&value)) {
    return std::in_range<T>(*signed_value);
  }
  if (const auto* unsigned_value = std::get_if<std::uint64_t>(&value)) {
    return *unsigned_value <= static_cast<std::uint64_t>(Limits::max());
  }
  return true;
}

bool fits(const ScalarValue& value, DType dtype) {
  return visit_dtype(dtype, [&]<class Tag>(Tag) {
    using T = typename Tag::type;
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>)
      return holds<T>(value);
    else
      return true;
  });
}

bool is_negative(const ScalarValue& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number && *number < 0;
}

// NumPy's bounds of an integer type, as a scalar.
ScalarValue bound_of(DType dtype, bool lower) {
  return visit_dtype(dtype, [&]<class Tag>(Tag) -> ScalarValue {
    using T = typename Tag::type;
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
      const T bound = lower ? std::numeric_limits<T>::min() : std::numeric_limits<T>::max();
      if constexpr (std::is_unsigned_v<T>)
        return static_cast<std::uint64_t>(bound);
      else
        return static_cast<std::int64_t>(bound);
    } else {
      return 0.0;
    }
  });
}

// Python integers beyond the loop's integer type: a comparison and clip still have an answer, all else is an error.
void fit_scalars(ElementOp op, ElementTypes& types, DType loop) {
  if (!is_integer(loop)) return;
  for (std::size_t i = 0; i < types.scalars.size(); ++i) {
    auto& scalar = types.scalars[i];
    if (!scalar || fits(*scalar, loop)) continue;
    if (is_comparison(op)) {
      // Farther away than any integer, so that rounding to double changes no answer.
      scalar = is_negative(*scalar) ? -1e300 : 1e300;
      types.operands.assign(types.operands.size(), DType::float64);
      return;
    }
    if (op == clip) {
      scalar = bound_of(loop, is_negative(*scalar));
    } else if (op != where) {
      throw overflow_error(
          fmt::format("Python integer {} out of bounds for {}", to_string(*scalar), plait::name(loop)));
    }
  }
}

template <class T>
T convert_scalar(const ScalarValue& value) {
  return std::visit(
      []<class V>(const V& v) -> T {
        if constexpr (std::is_same_v<T, Half>) {
          if constexpr (std::is_same_v<V, std::complex<double>>)
            return to_half(static_cast<float>(v.real()));
          else
            return to_half(static_cast<float>(v));
        } else if constexpr (std::is_same_v<V, std::complex<double>>) {
          if constexpr (std::is_same_v<T, bool>)
            return v != std::complex<double>{};
          else if constexpr (std::is_arithmetic_v<T>)
            return static_cast<T>(v.real());
          else
            return T(v);
        } else if constexpr (std::is_arithmetic_v<T>) {
          return static_cast<T>(v);
        } else {
          return T(static_cast<typename T::value_type>(v));
        }
      },
      value);
}

}  // namespace

std::string_view name(ElementOp op) { return info(op).name; }
int num_operands(ElementOp op) { return info(op).num_operands; }
bool is_costly(ElementOp op) { return info(op).is_costly; }
bool is_ufunc(ElementOp op) { return op != cast && op < real; }

ElementOp parse_element_op(std::string_view wanted) {
  std::vector<std::string> names;
  for (const OpInfo& op : kOps) {
    if (op.name == wanted) return op.op;
    names.emplace_back(op.name);
  }
  throw value_error(fmt::format("there is no elementwise operation '{}'{}", wanted, did_you_mean(wanted, names)));
}

std::string to_string(const ScalarValue& value) {
  return std::visit(
      []<class V>(const V& v) -> std::string {
        if constexpr (std::is_same_v<V, bool>)
          return v ? "True" : "False";
        else if constexpr (std::is_same_v<V, std::complex<double>>)
          return fmt::format("({}{:+}j)", v.real(), v.imag());
        else
          return fmt::format("{}", v);
      },
      value);
}

DType dtype_of_scalar(const ScalarValue& value) {
  constexpr DType dtypes[] = {DType::bool_, DType::int64, DType::uint64, DType::float64, DType::complex128};
  return dtypes[value.index()];
}

void store_scalar(const ScalarValue& value, DType dtype, void* to) {
  visit_dtype(dtype, [&]<class Tag>(Tag) {
    using T = typename Tag::type;
    const T converted = convert_scalar<T>(value);
    std::memcpy(to, &converted, sizeof(T));
  });
}

bool can_cast_safely(DType from, DType to) {
  // float16 holds 8-bit integers, float32 16-bit ones, float64 all by NumPy's rule: what promotion says.
  return promote(from, to) == to;
}

ElementTypes element_types(ElementOp op, std::span<const ElementOperand> operands, std::optional<DType> dtype) {
  const OpInfo& about = info(op);
  PLAIT_CHECK(static_cast<int>(operands.size()) == about.num_operands);
  ElementTypes types;
  for (const ElementOperand& operand : operands) types.scalars.push_back(operand.weak);
  // The condition of `where` has its own type.
  const auto values = op == where ? operands.subspan(1) : operands;
  const DType common = common_type(values);
  DType loop = dtype ? loop_of_type(about, *dtype, common, values) : loop_type(about, common, values);
  if (op == angle && is_bool(common)) loop = DType::float64;
  types.operands.assign(operands.size(), loop);
  if (op == where) types.operands[0] = DType::bool_;
  types.result = about.result == Result::boolean     ? DType::bool_
                 : about.result == Result::real_part ? real_part_of(loop)
                                                     : loop;
  fit_scalars(op, types, loop);
  if ((op == power) && is_integer(loop) && operands[1].weak && is_negative(*operands[1].weak)) {
    throw value_error("Integers to negative integer powers are not allowed.");
  }
  return types;
}

}  // namespace plait
