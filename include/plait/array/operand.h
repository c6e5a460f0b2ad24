// What an operation takes: an array, memory, or a number.
#pragma once

#include <complex>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>
#include <variant>

#include "plait/dtype.h"
#include "plait/export.h"
#include "plait/location.h"
#include "plait/ndarray.h"

namespace plait {

class Array;
class Expr;

// An array, a NdArray or a number where an operation wants an operand; remembers the line of the caller, which errors
// of the run will name.
class PLAIT_API Operand {
 public:
  using Number = std::variant<bool, std::int64_t, std::uint64_t, double, std::complex<double>>;

  Operand(const Array& array, Location where = Location::current());    // NOLINT: implicit on purpose
  Operand(const NdArray& array, Location where = Location::current());  // NOLINT
  // A weak number: it takes the type of the arrays that it meets.
  template <class T>
    requires std::is_arithmetic_v<T>
  Operand(T number, Location where = Location::current()) : where_(where) {  // NOLINT
    if constexpr (std::same_as<T, bool>)
      number_ = number;
    else if constexpr (std::floating_point<T>)
      number_ = static_cast<double>(number);
    else if constexpr (std::unsigned_integral<T>)
      number_ = static_cast<std::uint64_t>(number);
    else
      number_ = static_cast<std::int64_t>(number);
  }
  Operand(std::complex<double> number, Location where = Location::current())
      : number_(number), where_(where) {}  // NOLINT
  // A weak number, or one that has a type of its own.
  explicit Operand(Number number, std::optional<DType> dtype = {}, Location where = Location::current())
      : number_(number), dtype_(dtype), where_(where) {}

  // A weak whole number beyond 64 bits, as the double next to it: floating arrays take it, and integers can be compared
  // with it; an integer type cannot hold it.
  static Operand beyond_64_bits(double number, Location where = Location::current()) {
    Operand operand(number, where);
    operand.is_beyond_64_bits_ = true;
    return operand;
  }

  // Null for a number.
  const std::shared_ptr<const Expr>& expr() const { return expr_; }
  bool is_number() const { return expr_ == nullptr; }
  const Number& number() const { return number_; }
  // Of a number that is not weak.
  const std::optional<DType>& dtype() const { return dtype_; }
  bool is_beyond_64_bits() const { return is_beyond_64_bits_; }
  const Location& where() const { return where_; }

 protected:
  std::shared_ptr<const Expr> expr_;
  Number number_ = 0.0;
  std::optional<DType> dtype_;
  bool is_beyond_64_bits_ = false;
  Location where_;
};

// An operand that may be left out: clip(x, std::nullopt, 5).
class PLAIT_API OptionalOperand : public Operand {
 public:
  using Operand::Operand;
  OptionalOperand(std::nullopt_t, Location where = Location::current())  // NOLINT
      : Operand(0.0, where), is_given_(false) {}
  OptionalOperand(const Operand& operand) : Operand(operand) {}  // NOLINT
  bool is_given() const { return is_given_; }

 private:
  bool is_given_ = true;
};

}  // namespace plait
