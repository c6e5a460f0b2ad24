// How many enumerators an enum has that count from 0 without gaps: found by the compiler, so that no list of them can
// be forgotten. A number that names no enumerator prints as a cast.
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace plait {
namespace detail {

inline constexpr std::size_t kMaxEnumerators = 160;

template <class E, E value>
constexpr bool is_enumerator() {
  const std::string_view text = __PRETTY_FUNCTION__;  // "... E value = plait::Color::red]" or "... = (plait::Color)7]"
  return text[text.rfind("value = ") + 8] != '(';
}

template <class E, std::size_t... I>
constexpr std::size_t count_enumerators(std::index_sequence<I...>) {
  std::size_t count = 0;
  bool is_known = true;
  ((is_known = is_known && is_enumerator<E, static_cast<E>(I)>(), count += is_known ? 1 : 0), ...);
  return count;
}

}  // namespace detail

template <class E>
  requires std::is_enum_v<E>
constexpr std::size_t num_enumerators() {
  constexpr std::size_t count = detail::count_enumerators<E>(std::make_index_sequence<detail::kMaxEnumerators>());
  static_assert(count > 0 && count < detail::kMaxEnumerators);
  return count;
}

}  // namespace plait
