// Numbers, truth values and texts from Python, for every binding. All need the GIL.
//
// What is given is checked here, where it enters, and an error names the function, the argument, what was found and
// what is expected: "linspace: start is 'a', expected a real number". A binding therefore takes them as objects: the
// types of C++ in a signature would refuse them in words of the binding.
#pragma once

#include <nanobind/nanobind.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plait::python {

namespace nb = nanobind;

// Anything that Python gives, None as well, which a parameter of type nb::handle would refuse in words of the binding.
class Given : public nb::handle {
 public:
  Given() = default;
  Given(std::nullptr_t, nb::detail::steal_t) {}            // what nanobind begins with
  Given(const nb::handle& object) : nb::handle(object) {}  // NOLINT: implicit on purpose
  template <class T>
  Given(const nb::detail::api<T>& object) : nb::handle(object.derived().ptr()) {}  // NOLINT
};

// A whole number of Python or NumPy; truth values are none.
bool is_whole_number(nb::handle object);
// Throws Error(type), or Error(overflow) beyond 64 bits.
std::int64_t whole_number(std::string_view what, std::string_view argument, nb::handle found);
std::optional<std::int64_t> optional_number(std::string_view what, std::string_view argument, nb::handle found);
// A number that the engine takes as int: how often something is done.
int small_number(std::string_view what, std::string_view argument, nb::handle found);
// Whole numbers and fractions of Python and NumPy, infinities and NaN.
double real_number(std::string_view what, std::string_view argument, nb::handle found);
std::optional<double> optional_real(std::string_view what, std::string_view argument, nb::handle found);
std::vector<double> real_numbers(std::string_view what, std::string_view argument, nb::handle found);
// True, False, or a number.
bool truth(std::string_view what, std::string_view argument, nb::handle found);
std::string text(std::string_view what, std::string_view argument, nb::handle found);

// What the user wrote, short enough for a message.
std::string shown(nb::handle object);

}  // namespace plait::python

namespace nanobind::detail {

template <>
struct has_arg_defaults<plait::python::Given> : std::true_type {};

}  // namespace nanobind::detail
