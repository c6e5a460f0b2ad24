// What the loops of all reductions share. Included once per instruction set, inside the file that foreach_target
// compiles again and again.
#if defined(PLAIT_REDUCE_VALUES_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef PLAIT_REDUCE_VALUES_INL_H
#undef PLAIT_REDUCE_VALUES_INL_H
#else
#define PLAIT_REDUCE_VALUES_INL_H
#endif

#include <complex>
#include <cstdint>
#include <type_traits>

#include "hwy/highway.h"
#include "kernels/array/element_functions.h"
#include "kernels/array/reduce_loops.h"

HWY_BEFORE_NAMESPACE();
namespace plait::HWY_NAMESPACE {
namespace {

using element::is_complex_type;
using element::is_nan;

// The type that sums and products of T are kept in.
template <class T>
struct TotalOf {
  using type = std::conditional_t<std::is_unsigned_v<T> && !std::is_same_v<T, bool>, std::uint64_t, std::int64_t>;
};
template <>
struct TotalOf<float> {
  using type = double;
};
template <>
struct TotalOf<double> {
  using type = double;
};
template <class P>
struct TotalOf<std::complex<P>> {
  using type = std::complex<double>;
};
template <class T>
using Total = typename TotalOf<T>::type;

template <class T>
T* as(std::byte* memory) {
  return reinterpret_cast<T*>(memory);
}

// The loops that `choose` gives for the element type.
template <class F>
ReduceLoops loops_of_type(DType element, F&& choose) {
  return visit_dtype(element, [&]<class Tag>(Tag tag) -> ReduceLoops {
    if constexpr (std::is_same_v<typename Tag::type, Half>)
      return {};
    else
      return choose(tag);
  });
}

}  // namespace
}  // namespace plait::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
