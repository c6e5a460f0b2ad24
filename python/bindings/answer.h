// What the engine answers Python when it is asked for an operation: the result, or, as a value of class
// _plait.NoNativeForm, why it has no kernel for these operands. Python then takes the pandas (or NumPy) way.
#pragma once

#include <nanobind/nanobind.h>

#include <string>
#include <utility>

#include "plait/error.h"

namespace plait::python {

namespace nb = nanobind;

// Bound as plait._plait.NoNativeForm.
struct NoNativeAnswer {
  std::string reason;
};

// answer([&] { return frame.clip(lower, upper); })
template <class F>
nb::object answer(F&& f) {
  try {
    return nb::cast(f());
  } catch (const NoNativeForm& none) {
    return nb::cast(NoNativeAnswer{none.what()});
  }
}

namespace detail {

template <class F, class Self, class R, class... Args>
auto answering(F f, R (Self::*)(Args...) const) {
  return [f](Args... args) { return answer([&] { return f(std::forward<Args>(args)...); }); };
}

}  // namespace detail

// The same as a function to bind: m.def("round", answering([](const Series& s, int n) { return s.round(n); })).
template <class F>
auto answering(F f) {
  return detail::answering(f, &F::operator());
}

void bind_answer(nb::module_& m);

}  // namespace plait::python
