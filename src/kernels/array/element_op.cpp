#include "kernels/array/element_op.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/casting.h"
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
  TypeSet types;
  Result result = Result::same;
  bool refuses_bool = false;  // else a boolean operand is taken as int8
  bool is_costly = false;
};

using enum ElementOp;
// clang-format off
constexpr std::array<OpInfo, kNumElementOps> kOps = {{
    {cast, kAll},
    {add, kAll}, {subtract, kNumbers, Result::same, true}, {multiply, kAll},
    {true_divide, kInexact}, {floor_divide, kReals}, {remainder, kReals},
    {fmod, kReals}, {power, kNumbers, Result::same, false, true},
    {float_power, bit(DType::float64) | bit(DType::complex128), Result::same, false, true},
    {negative, kNumbers, Result::same, true}, {positive, kNumbers, Result::same, true},
    {absolute, kAll, Result::real_part}, {fabs, kFloats}, {sign, kNumbers, Result::same, true},
    {equal, kAll, Result::boolean}, {not_equal, kAll, Result::boolean},
    {less, kAll, Result::boolean}, {less_equal, kAll, Result::boolean},
    {greater, kAll, Result::boolean}, {greater_equal, kAll, Result::boolean},
    {logical_and, kAll, Result::boolean}, {logical_or, kAll, Result::boolean},
    {logical_xor, kAll, Result::boolean}, {logical_not, kAll, Result::boolean},
    {bitwise_and, kBool | kIntegers}, {bitwise_or, kBool | kIntegers},
    {bitwise_xor, kBool | kIntegers}, {invert, kBool | kIntegers},
    {left_shift, kIntegers}, {right_shift, kIntegers},
    {maximum, kAll}, {minimum, kAll}, {fmax, kAll}, {fmin, kAll},
    {sqrt, kInexact}, {square, kNumbers}, {cbrt, kFloats, Result::same, false, true},
    {reciprocal, kNumbers},
    {exp, kInexact, Result::same, false, true}, {exp2, kInexact, Result::same, false, true},
    {expm1, kInexact, Result::same, false, true}, {log, kInexact, Result::same, false, true},
    {log2, kInexact, Result::same, false, true}, {log10, kInexact, Result::same, false, true},
    {log1p, kInexact, Result::same, false, true}, {sin, kInexact, Result::same, false, true},
    {cos, kInexact, Result::same, false, true}, {tan, kInexact, Result::same, false, true},
    {arcsin, kInexact, Result::same, false, true}, {arccos, kInexact, Result::same, false, true},
    {arctan, kInexact, Result::same, false, true}, {arctan2, kFloats, Result::same, false, true},
    {sinh, kInexact, Result::same, false, true}, {cosh, kInexact, Result::same, false, true},
    {tanh, kInexact, Result::same, false, true}, {arcsinh, kInexact, Result::same, false, true},
    {arccosh, kInexact, Result::same, false, true}, {arctanh, kInexact, Result::same, false, true},
    {hypot, kFloats, Result::same, false, true}, {deg2rad, kFloats}, {rad2deg, kFloats},
    {floor, kBool | kReals}, {ceil, kBool | kReals}, {trunc, kBool | kReals},
    {rint, kInexact}, {isnan, kAll, Result::boolean}, {isinf, kAll, Result::boolean},
    {isfinite, kAll, Result::boolean}, {signbit, kFloats, Result::boolean},
    {copysign, kFloats}, {nextafter, kFloats}, {spacing, kFloats},
    {logaddexp, kFloats, Result::same, false, true}, {logaddexp2, kFloats, Result::same, false, true},
    {conjugate, kNumbers}, {real, kAll, Result::real_part}, {imag, kAll, Result::real_part},
    {angle, kInexact, Result::real_part, false, true}, {where, kAll}, {clip, kAll},
    {nan_to_zero, kAll}, {nan_to_one, kAll}, {multiply_add, kNumbers},
}};
// clang-format on

// NumPy's other names.
constexpr std::pair<std::string_view, ElementOp> kAliases[] = {
    {"abs", absolute},       {"bitwise_not", invert}, {"conj", conjugate},  {"degrees", rad2deg},
    {"divide", true_divide}, {"mod", remainder},      {"radians", deg2rad},
};

struct Named {
  std::string_view name;
  int num_operands;
};
constexpr Named kNamed[] = {
    {"astype", 1},
#define PLAIT_UNARY_UFUNC(name) {#name, 1},
#define PLAIT_BINARY_UFUNC(name) {#name, 2},
#include "plait/array/ufuncs.h"
    {"real", 1},   {"imag", 1},        {"angle", 1},      {"where", 3},
    {"clip", 3},   {"nan_to_zero", 1}, {"nan_to_one", 1}, {"multiply_add", 3},
};
static_assert(std::size(kNamed) == kNumElementOps);

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
bool is_logical(ElementOp op) { return op == logical_and || op == logical_or || op == logical_xor; }
bool is_python_int(const ScalarValue& value) {
  return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<std::uint64_t>(value);
}

// What a Python scalar makes of the arrays' common type.
DType promote_weak(DType arrays, const ElementOperand& operand) {
  const ScalarValue& scalar = *operand.weak;
  const bool is_exact = is_bool(arrays) || is_integer(arrays);
  if (is_python_int(scalar) || operand.is_beyond_64_bits) return is_bool(arrays) ? DType::int64 : arrays;
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
    if (operand.weak) common = promote(common, promote_weak(*arrays, operand));
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

// The loop of the type that the user asked for.
DType loop_of_type(const OpInfo& op, DType wanted, DType common, std::span<const ElementOperand> operands) {
  if (!(op.types & bit(wanted))) throw no_loop(op.op, operands);
  if (!keeps_kind(common, wanted)) {
    throw type_error(
        fmt::format("Cannot cast ufunc '{}' operands from dtype('{}') to dtype('{}') with casting rule 'same_kind'",
                    plait::name(op.op), plait::name(common), plait::name(wanted)));
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

bool is_negative(const ScalarValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number < 0;
  const auto* real = std::get_if<double>(&value);
  return real && *real < 0;
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

// Python integers beyond the loop's integer type: comparisons, clip and truth values still have an answer, all else is
// an error.
void fit_scalars(ElementOp op, ElementTypes& types, DType loop, std::span<const ElementOperand> operands) {
  if (!is_integer(loop)) return;
  for (std::size_t i = 0; i < types.scalars.size(); ++i) {
    auto& scalar = types.scalars[i];
    if (!scalar || (fits(*scalar, loop) && !operands[i].is_beyond_64_bits)) continue;
    if (is_logical(op)) {
      scalar = std::int64_t{1};  // only zero is false
    } else if (is_comparison(op)) {
      // Farther away than any integer, so that rounding to double changes no answer.
      scalar = is_negative(*scalar) ? -1e300 : 1e300;
      types.operands.assign(types.operands.size(), DType::float64);
      return;
    } else if (op == clip && is_negative(*scalar) == (i == 1)) {
      scalar = bound_of(loop, is_negative(*scalar));  // a bound that no element goes beyond
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

bool fits(const ScalarValue& value, DType dtype) {
  return visit_dtype(dtype, [&]<class Tag>(Tag) {
    using T = typename Tag::type;
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>)
      return holds<T>(value);
    else
      return true;
  });
}

std::string_view name(ElementOp op) { return kNamed[static_cast<std::size_t>(op)].name; }
int num_operands(ElementOp op) { return kNamed[static_cast<std::size_t>(op)].num_operands; }
bool is_costly(ElementOp op) { return info(op).is_costly; }
bool is_ufunc(ElementOp op) { return op != cast && op < real; }

std::span<const std::pair<std::string_view, ElementOp>> element_op_aliases() { return kAliases; }

ElementOp parse_element_op(std::string_view wanted) {
  for (const auto& [alias, op] : kAliases) {
    if (alias == wanted) return op;
  }
  std::vector<std::string> names;
  for (int i = 0; i < kNumElementOps; ++i) {
    if (kNamed[i].name == wanted) return static_cast<ElementOp>(i);
    names.emplace_back(kNamed[i].name);
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
  PLAIT_CHECK(static_cast<int>(operands.size()) == num_operands(op));
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
  fit_scalars(op, types, loop, operands);
  if ((op == power) && is_integer(loop) && operands[1].weak && is_negative(*operands[1].weak)) {
    throw value_error("Integers to negative integer powers are not allowed.");
  }
  return types;
}

}  // namespace plait
