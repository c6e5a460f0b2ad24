// What the engine answers Python when it is asked for an operation: the result, or, as a value of class
// _plait.NoNativeForm, why it has no kernel for these operands. Python then takes the pandas (or NumPy) way.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plain_arguments.h"
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

// What errors say of a function and its arguments: "shift(periods, fill)".
struct Signature {
  explicit Signature(std::string_view text);
  std::string operation;
  std::vector<std::string> arguments;
};

namespace detail {

template <class F, class Self, class R, class... Args>
auto answering(F f, R (Self::*)(Args...) const) {
  return [f](Args... args) { return answer([&] { return f(std::forward<Args>(args)...); }); };
}

// How an argument enters: numbers and texts as Python's objects, which are checked by name.
template <class A>
struct Entering {
  using Parameter = A;
  static A of(const Signature&, std::size_t, Parameter given) { return std::forward<A>(given); }
};
template <class Number, auto check>
struct Checked {
  using Parameter = Given;
  static Number of(const Signature& names, std::size_t position, Given given) {
    return check(names.operation, names.arguments.at(position - 1), given);
  }
};
template <>
struct Entering<std::int64_t> : Checked<std::int64_t, whole_number> {};
template <>
struct Entering<std::optional<std::int64_t>> : Checked<std::optional<std::int64_t>, optional_number> {};
template <>
struct Entering<int> : Checked<int, small_number> {};
template <>
struct Entering<double> : Checked<double, real_number> {};
template <>
struct Entering<bool> : Checked<bool, truth> {};
template <>
struct Entering<const std::string&> : Checked<std::string, text> {};

template <class F, class Self, class R, class... Args>
auto answering(Signature names, F f, R (Self::*)(Args...) const) {
  return [names = std::move(names), f](typename Entering<Args>::Parameter... given) {
    return answer([&] {
      return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return f(Entering<Args>::of(names, I, std::forward<typename Entering<Args>::Parameter>(given))...);
      }(std::index_sequence_for<Args...>{});
    });
  };
}

}  // namespace detail

// The same as a function to bind: m.def("index", answering([](const Series& s) { return s.index(); })).
template <class F>
auto answering(F f) {
  return detail::answering(f, &F::operator());
}
// With what the user gives checked, and named in errors: answering("round(decimals)", [](const Series& s, int n) ...).
template <class F>
auto answering(std::string_view signature, F f) {
  return detail::answering(Signature(signature), f, &F::operator());
}

void bind_answer(nb::module_& m);

}  // namespace plait::python
