#include "plait/dtype.h"

#include <array>
#include <ostream>

#include "plait/error.h"

namespace plait {
namespace {

struct DTypeInfo {
  std::string_view name;
  std::string_view code;
  std::size_t size;
};

constexpr std::array<DTypeInfo, 14> kInfo = {{{"bool", "b1", 1},
                                              {"int8", "i1", 1},
                                              {"int16", "i2", 2},
                                              {"int32", "i4", 4},
                                              {"int64", "i8", 8},
                                              {"uint8", "u1", 1},
                                              {"uint16", "u2", 2},
                                              {"uint32", "u4", 4},
                                              {"uint64", "u8", 8},
                                              {"float16", "f2", 2},
                                              {"float32", "f4", 4},
                                              {"float64", "f8", 8},
                                              {"complex64", "c8", 8},
                                              {"complex128", "c16", 16}}};

const DTypeInfo& info(DType dtype) { return kInfo[static_cast<std::size_t>(dtype)]; }

DType integer_of_size(std::size_t size, bool is_signed) {
  const int log2 = size == 1 ? 0 : size == 2 ? 1 : size == 4 ? 2 : 3;
  return static_cast<DType>(static_cast<int>(is_signed ? DType::int8 : DType::uint8) + log2);
}

// The smallest float that NumPy deems able to hold an integer (or bool) of this type.
DType float_holding(DType d) {
  if (!is_integer(d) && !is_bool(d)) return d;
  if (item_size(d) == 1) return DType::float16;
  return item_size(d) == 2 ? DType::float32 : DType::float64;
}

DType promote_integers(DType a, DType b) {
  if (is_signed_integer(a) == is_signed_integer(b)) return item_size(a) >= item_size(b) ? a : b;
  const std::size_t signed_size = item_size(is_signed_integer(a) ? a : b);
  const std::size_t unsigned_size = item_size(is_signed_integer(a) ? b : a);
  if (signed_size > unsigned_size) return integer_of_size(signed_size, true);
  return unsigned_size == 8 ? DType::float64 : integer_of_size(unsigned_size * 2, true);
}

}  // namespace

std::size_t item_size(DType dtype) { return info(dtype).size; }

std::string_view name(DType dtype) { return info(dtype).name; }

DType parse_dtype(std::string_view text) {
  std::string_view code = text;
  if (!code.empty() && (code[0] == '<' || code[0] == '=' || code[0] == '|')) code.remove_prefix(1);
  for (std::size_t i = 0; i < kInfo.size(); ++i) {
    if (code == kInfo[i].name || code == kInfo[i].code) return static_cast<DType>(i);
  }
  if (code == "?" || code == "bool_") return DType::bool_;
  if (code == "int" || code == "l" || code == "q") return DType::int64;
  if (code == "float" || code == "double" || code == "d") return DType::float64;
  if (code == "f") return DType::float32;
  if (code == "complex") return DType::complex128;
  throw type_error("dtype '" + std::string(text) +
                   "' is not an array element type; expected bool, int8 to int64, uint8 to uint64, float16, float32, "
                   "float64, complex64 or complex128");
}

std::ostream& operator<<(std::ostream& out, DType dtype) { return out << name(dtype); }

DType promote(DType a, DType b) {
  if (a == b) return a;
  if (is_bool(a)) return b;
  if (is_bool(b)) return a;
  if (is_integer(a) && is_integer(b)) return promote_integers(a, b);
  const bool complex = is_complex(a) || is_complex(b);
  // Compare by the size of the real part.
  auto real_size = [](DType d) { return is_complex(d) ? item_size(d) / 2 : item_size(float_holding(d)); };
  const std::size_t size = std::max(real_size(a), real_size(b));
  if (complex) return size > 4 ? DType::complex128 : DType::complex64;
  return size == 2 ? DType::float16 : size == 4 ? DType::float32 : DType::float64;
}

}  // namespace plait
