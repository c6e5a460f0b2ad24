// Array: a lazy n-dimensional array cut into chunks, with NumPy's operations.
//
//   auto x = plait::random::random({10000, 10000}, plait::chunks({1000, 1000}));
//   auto y = (x + x.transpose()).mean(0);
//   std::cout << y << '\n' << y.compute() << '\n';
//
// Every call returns at once and checks shapes, types and axes on the caller's line; an Array is a small shared handle
// and never changes, so copies are free and all members are const. Types follow NumPy: numbers in C++ expressions are
// weak, as Python's are (a float32 array plus 1.5 is float32). Thread-safe.
#pragma once

#include <complex>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "plait/chunks.h"
#include "plait/compute.h"
#include "plait/dtype.h"
#include "plait/export.h"
#include "plait/ndarray.h"

namespace plait {

class Array;
using Location = std::source_location;

// An array, a NdArray or a number where an operation wants an operand; remembers the line of the caller, which errors
// of the run will name.
class PLAIT_API Operand {
 public:
  using Number = std::variant<bool, std::int64_t, std::uint64_t, double, std::complex<double>>;

  Operand(const Array& array, Location where = Location::current());    // NOLINT: implicit on purpose
  Operand(const NdArray& array, Location where = Location::current());  // NOLINT
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

  // Null for a number.
  const std::shared_ptr<const Expr>& expr() const { return expr_; }
  const Number& number() const { return number_; }
  const Location& where() const { return where_; }

 private:
  std::shared_ptr<const Expr> expr_;
  Number number_ = 0.0;
  Location where_;
};

// What stands between the brackets of x[{...}]: slice(0, 10), slice(0, 10, 2), slice({}, 5), all, -1, new_axis,
// ellipsis, or a list of positions.
struct SliceArgument {
  std::optional<std::int64_t> start, stop, step;
};
inline SliceArgument slice(std::optional<std::int64_t> start, std::optional<std::int64_t> stop, std::int64_t step = 1) {
  return {start, stop, step};
}
inline constexpr struct All {
} all{};
inline constexpr struct NewAxis {
} new_axis{};
inline constexpr struct Ellipsis {
} ellipsis{};

class AxisIndex {
 public:
  using Item = std::variant<SliceArgument, std::int64_t, NewAxis, Ellipsis, std::vector<std::int64_t>>;
  AxisIndex(SliceArgument item) : item_(item) {}                                   // NOLINT: implicit on purpose
  AxisIndex(int position) : item_(std::int64_t{position}) {}                       // NOLINT
  AxisIndex(std::int64_t position) : item_(position) {}                            // NOLINT
  AxisIndex(All) : item_(SliceArgument{}) {}                                       // NOLINT
  AxisIndex(NewAxis) : item_(NewAxis{}) {}                                         // NOLINT
  AxisIndex(Ellipsis) : item_(Ellipsis{}) {}                                       // NOLINT
  AxisIndex(std::vector<std::int64_t> positions) : item_(std::move(positions)) {}  // NOLINT
  const Item& item() const { return item_; }

 private:
  Item item_;
};

// The axes of a reduction: none (all of them), one, or several.
class PLAIT_API ReducedAxes {
 public:
  ReducedAxes() = default;
  ReducedAxes(int axis) : axes_{{axis}} {}  // NOLINT: implicit on purpose
  ReducedAxes(std::initializer_list<int> axes) : axes_(axes) {}
  ReducedAxes(std::vector<int> axes) : axes_(std::move(axes)) {}  // NOLINT
  const std::optional<std::vector<int>>& axes() const { return axes_; }

 private:
  std::optional<std::vector<int>> axes_;
};

struct Reduction {
  bool keepdims = false;
  double ddof = 0;                               // var, std
  std::optional<DType> dtype = {};               // sum, prod, mean
  std::optional<std::int64_t> split_every = {};  // blocks combined in one task
};

class PLAIT_API Array {
 public:
  using Computed = NdArray;

  explicit Array(std::shared_ptr<const Expr> expr) : expr_(std::move(expr)) {}
  const std::shared_ptr<const Expr>& expr() const { return expr_; }
  static NdArray computed(const Value& value);

  DType dtype() const;
  // -1 where only computing tells.
  Shape shape() const;
  int ndim() const;
  std::int64_t size() const;
  std::int64_t num_bytes() const;
  // The extents of all blocks along each axis, and the largest of them.
  std::vector<std::vector<std::int64_t>> chunks() const;
  Shape chunksize() const;
  std::int64_t npartitions() const;
  std::string name() const;

  NdArray compute(const RunSettings& settings = {}) const;
  Array persist(const RunSettings& settings = {}) const;
  void visualize(const std::string& filename) const { plait::visualize(filename, *this); }
  std::string explain() const { return plait::explain(*this); }

  // x[{slice(0, 10), all, -1}]
  Array operator[](std::initializer_list<AxisIndex> index) const;
  // The same, for an index made elsewhere; errors of the run name the caller's line.
  Array get(const std::vector<AxisIndex>& index, Location where = Location::current()) const;
  // x[x > 3]
  Array operator[](const Array& mask) const;

  Array astype(DType dtype, Location where = Location::current()) const;
  Array rechunk(const ChunkArgument& chunks, Location where = Location::current()) const;
  Array transpose(Location where = Location::current()) const;
  Array transpose(const std::vector<int>& axes, Location where = Location::current()) const;
  Array swapaxes(int a, int b, Location where = Location::current()) const;
  Array reshape(const Shape& shape, Location where = Location::current()) const;
  Array ravel(Location where = Location::current()) const { return reshape({-1}, where); }
  Array squeeze(Location where = Location::current()) const;
  Array expand_dims(int axis, Location where = Location::current()) const;
  Array broadcast_to(const Shape& shape, Location where = Location::current()) const;

  Array sum(const ReducedAxes& axes = {}, const Reduction& how = {}, Location where = Location::current()) const;
  Array prod(const ReducedAxes& axes = {}, const Reduction& how = {}, Location where = Location::current()) const;
  Array mean(const ReducedAxes& axes = {}, const Reduction& how = {}, Location where = Location::current()) const;
  Array var(const ReducedAxes& axes = {}, const Reduction& how = {}, Location where = Location::current()) const;
  Array std(const ReducedAxes& axes = {}, const Reduction& how = {}, Location where = Location::current()) const;
  Array min(const ReducedAxes& axes = {}, const Reduction& how = {}, Location where = Location::current()) const;
  Array max(const ReducedAxes& axes = {}, const Reduction& how = {}, Location where = Location::current()) const;
  Array any(const ReducedAxes& axes = {}, const Reduction& how = {}, Location where = Location::current()) const;
  Array all(const ReducedAxes& axes = {}, const Reduction& how = {}, Location where = Location::current()) const;
  Array argmin(const ReducedAxes& axis = {}, const Reduction& how = {}, Location where = Location::current()) const;
  Array argmax(const ReducedAxes& axis = {}, const Reduction& how = {}, Location where = Location::current()) const;

  Array dot(const Operand& other) const;
  Array clip(const Operand& low, const Operand& high) const;

 private:
  std::shared_ptr<const Expr> expr_;
};

// "plait.array<add, shape=(3,), dtype=float64, chunksize=(3,)>": printing computes nothing.
PLAIT_API std::ostream& operator<<(std::ostream& out, const Array& array);

PLAIT_API Array operator+(const Operand& a, const Operand& b);
PLAIT_API Array operator-(const Operand& a, const Operand& b);
PLAIT_API Array operator*(const Operand& a, const Operand& b);
PLAIT_API Array operator/(const Operand& a, const Operand& b);
PLAIT_API Array operator%(const Operand& a, const Operand& b);
PLAIT_API Array operator<(const Operand& a, const Operand& b);
PLAIT_API Array operator<=(const Operand& a, const Operand& b);
PLAIT_API Array operator>(const Operand& a, const Operand& b);
PLAIT_API Array operator>=(const Operand& a, const Operand& b);
PLAIT_API Array operator==(const Operand& a, const Operand& b);
PLAIT_API Array operator!=(const Operand& a, const Operand& b);
PLAIT_API Array operator&(const Operand& a, const Operand& b);
PLAIT_API Array operator|(const Operand& a, const Operand& b);
PLAIT_API Array operator^(const Operand& a, const Operand& b);
PLAIT_API Array operator-(const Array& a);
PLAIT_API Array operator~(const Array& a);

// NumPy's universal function of that name: elementwise("hypot", {a, b}).
PLAIT_API Array elementwise(const std::string& ufunc, const std::vector<Operand>& operands);

#define PLAIT_UNARY(function) \
  inline Array function(const Operand& x) { return elementwise(#function, {x}); }
#define PLAIT_BINARY(function) \
  inline Array function(const Operand& a, const Operand& b) { return elementwise(#function, {a, b}); }
PLAIT_UNARY(absolute)
PLAIT_UNARY(sign)
PLAIT_UNARY(sqrt)
PLAIT_UNARY(square)
PLAIT_UNARY(cbrt)
PLAIT_UNARY(reciprocal)
PLAIT_UNARY(exp)
PLAIT_UNARY(exp2)
PLAIT_UNARY(expm1)
PLAIT_UNARY(log)
PLAIT_UNARY(log2)
PLAIT_UNARY(log10)
PLAIT_UNARY(log1p)
PLAIT_UNARY(sin)
PLAIT_UNARY(cos)
PLAIT_UNARY(tan)
PLAIT_UNARY(arcsin)
PLAIT_UNARY(arccos)
PLAIT_UNARY(arctan)
PLAIT_UNARY(sinh)
PLAIT_UNARY(cosh)
PLAIT_UNARY(tanh)
PLAIT_UNARY(arcsinh)
PLAIT_UNARY(arccosh)
PLAIT_UNARY(arctanh)
PLAIT_UNARY(deg2rad)
PLAIT_UNARY(rad2deg)
PLAIT_UNARY(floor)
PLAIT_UNARY(ceil)
PLAIT_UNARY(trunc)
PLAIT_UNARY(rint)
PLAIT_UNARY(isnan)
PLAIT_UNARY(isinf)
PLAIT_UNARY(isfinite)
PLAIT_UNARY(signbit)
PLAIT_UNARY(conjugate)
PLAIT_UNARY(real)
PLAIT_UNARY(imag)
PLAIT_UNARY(angle)
PLAIT_UNARY(logical_not)
PLAIT_BINARY(power)
PLAIT_BINARY(float_power)
PLAIT_BINARY(floor_divide)
PLAIT_BINARY(fmod)
PLAIT_BINARY(maximum)
PLAIT_BINARY(minimum)
PLAIT_BINARY(fmax)
PLAIT_BINARY(fmin)
PLAIT_BINARY(arctan2)
PLAIT_BINARY(hypot)
PLAIT_BINARY(copysign)
PLAIT_BINARY(nextafter)
PLAIT_BINARY(logaddexp)
PLAIT_BINARY(logaddexp2)
PLAIT_BINARY(logical_and)
PLAIT_BINARY(logical_or)
PLAIT_BINARY(logical_xor)
PLAIT_BINARY(left_shift)
PLAIT_BINARY(right_shift)
#undef PLAIT_UNARY
#undef PLAIT_BINARY

PLAIT_API Array where(const Operand& condition, const Operand& a, const Operand& b);
PLAIT_API Array matmul(const Operand& a, const Operand& b);
PLAIT_API Array concatenate(const std::vector<Array>& arrays, int axis = 0, Location where = Location::current());
PLAIT_API Array stack(const std::vector<Array>& arrays, int axis = 0, Location where = Location::current());
// Differences of neighbours in C order, along one axis.
PLAIT_API Array ediff1d(const Array& array, Location where = Location::current());

// New arrays.
PLAIT_API Array ones(const Shape& shape, const ChunkArgument& chunks = {}, DType dtype = DType::float64,
                     Location where = Location::current());
PLAIT_API Array zeros(const Shape& shape, const ChunkArgument& chunks = {}, DType dtype = DType::float64,
                      Location where = Location::current());
PLAIT_API Array full(const Shape& shape, const Operand& value, const ChunkArgument& chunks = {});
PLAIT_API Array arange(std::int64_t stop, const ChunkArgument& chunks = {}, Location where = Location::current());
PLAIT_API Array arange(std::int64_t start, std::int64_t stop, std::int64_t step = 1, const ChunkArgument& chunks = {},
                       Location where = Location::current());
PLAIT_API Array linspace(double start, double stop, std::int64_t count = 50, const ChunkArgument& chunks = {},
                         Location where = Location::current());
PLAIT_API Array eye(std::int64_t n, const ChunkArgument& chunks = {}, Location where = Location::current());
// Shares the memory, which must not change afterwards.
PLAIT_API Array from_array(const NdArray& array, const ChunkArgument& chunks = {},
                           Location where = Location::current());

}  // namespace plait
