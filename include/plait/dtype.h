// The element types of arrays: NumPy's boolean, integer, floating and complex types.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

#include "plait/export.h"

namespace plait {

// The order is NumPy's order of kinds and sizes; promotion relies on it.
enum class DType : std::uint8_t {
  bool_,
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float16,
  float32,
  float64,
  complex64,
  complex128,
};

// A float16 is only stored: arithmetic converts it to float32 and back, as NumPy does.
struct Half {
  std::uint16_t bits = 0;
};

PLAIT_API std::size_t item_size(DType dtype);
// NumPy's name, such as "float64" or "bool".
PLAIT_API std::string_view name(DType dtype);
// Accepts NumPy's names and type strings ("float64", "f8", "<f8", "int", "bool"). Throws a type error that lists them.
PLAIT_API DType parse_dtype(std::string_view text);
PLAIT_API std::ostream& operator<<(std::ostream& out, DType dtype);

inline bool is_bool(DType d) { return d == DType::bool_; }
inline bool is_signed_integer(DType d) { return d >= DType::int8 && d <= DType::int64; }
inline bool is_unsigned_integer(DType d) { return d >= DType::uint8 && d <= DType::uint64; }
inline bool is_integer(DType d) { return d >= DType::int8 && d <= DType::uint64; }
inline bool is_floating(DType d) { return d >= DType::float16 && d <= DType::float64; }
inline bool is_complex(DType d) { return d >= DType::complex64; }

// The smallest type that holds both, by NumPy's table (int64 and uint64 give float64).
PLAIT_API DType promote(DType a, DType b);

template <class T>
struct dtype_of_type;
// clang-format off
template <> struct dtype_of_type<bool> { static constexpr DType value = DType::bool_; };
template <> struct dtype_of_type<std::int8_t> { static constexpr DType value = DType::int8; };
template <> struct dtype_of_type<std::int16_t> { static constexpr DType value = DType::int16; };
template <> struct dtype_of_type<std::int32_t> { static constexpr DType value = DType::int32; };
template <> struct dtype_of_type<std::int64_t> { static constexpr DType value = DType::int64; };
template <> struct dtype_of_type<std::uint8_t> { static constexpr DType value = DType::uint8; };
template <> struct dtype_of_type<std::uint16_t> { static constexpr DType value = DType::uint16; };
template <> struct dtype_of_type<std::uint32_t> { static constexpr DType value = DType::uint32; };
template <> struct dtype_of_type<std::uint64_t> { static constexpr DType value = DType::uint64; };
template <> struct dtype_of_type<Half> { static constexpr DType value = DType::float16; };
template <> struct dtype_of_type<float> { static constexpr DType value = DType::float32; };
template <> struct dtype_of_type<double> { static constexpr DType value = DType::float64; };
template <> struct dtype_of_type<std::complex<float>> { static constexpr DType value = DType::complex64; };
template <> struct dtype_of_type<std::complex<double>> { static constexpr DType value = DType::complex128; };
// clang-format on
template <class T>
inline constexpr DType dtype_of = dtype_of_type<T>::value;

// A type as a value, for visit_dtype: `using T = typename decltype(type)::type`.
template <class T>
struct TypeTag {
  using type = T;
};

// Calls f(TypeTag<T>{}) with the C++ type that stores `dtype`.
template <class F>
decltype(auto) visit_dtype(DType dtype, F&& f) {
  switch (dtype) {
    case DType::bool_:
      return f(TypeTag<bool>{});
    case DType::int8:
      return f(TypeTag<std::int8_t>{});
    case DType::int16:
      return f(TypeTag<std::int16_t>{});
    case DType::int32:
      return f(TypeTag<std::int32_t>{});
    case DType::int64:
      return f(TypeTag<std::int64_t>{});
    case DType::uint8:
      return f(TypeTag<std::uint8_t>{});
    case DType::uint16:
      return f(TypeTag<std::uint16_t>{});
    case DType::uint32:
      return f(TypeTag<std::uint32_t>{});
    case DType::uint64:
      return f(TypeTag<std::uint64_t>{});
    case DType::float16:
      return f(TypeTag<Half>{});
    case DType::float32:
      return f(TypeTag<float>{});
    case DType::float64:
      return f(TypeTag<double>{});
    case DType::complex64:
      return f(TypeTag<std::complex<float>>{});
    case DType::complex128:
      break;
  }
  return f(TypeTag<std::complex<double>>{});
}

}  // namespace plait
