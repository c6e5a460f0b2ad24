#include "collections/dataframe/label_order.h"

namespace plait {
namespace {

// Nanoseconds, for moments and spans of any unit. As a wide number: seconds of far years do not fit 64 bits.
template <class T>
__int128 nanoseconds(const T& time) {
  constexpr std::int64_t kPerUnit[] = {1'000'000'000, 1'000'000, 1'000, 1};
  return static_cast<__int128>(time.value) * kPerUnit[static_cast<std::size_t>(time.unit)];
}

bool is_number(const Literal& value) {
  return std::holds_alternative<bool>(value) || std::holds_alternative<std::int64_t>(value) ||
         std::holds_alternative<double>(value);
}

double number(const Literal& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? 1 : 0;
  const auto* whole = std::get_if<std::int64_t>(&value);
  return whole ? static_cast<double>(*whole) : std::get<double>(value);
}

}  // namespace

bool are_comparable(const Literal& a, const Literal& b) {
  if (is_number(a) && is_number(b)) return true;
  if (a.index() != b.index() || std::holds_alternative<Missing>(a)) return false;
  const auto* moment = std::get_if<Timestamp>(&a);
  return !moment || moment->timezone.empty() == std::get<Timestamp>(b).timezone.empty();
}

bool label_less(const Literal& a, const Literal& b) {
  if (const auto* text = std::get_if<std::string>(&a)) return *text < std::get<std::string>(b);
  if (const auto* moment = std::get_if<Timestamp>(&a))
    return nanoseconds(*moment) < nanoseconds(std::get<Timestamp>(b));
  if (const auto* span = std::get_if<Timedelta>(&a)) return nanoseconds(*span) < nanoseconds(std::get<Timedelta>(b));
  const auto* i = std::get_if<std::int64_t>(&a);
  const auto* j = std::get_if<std::int64_t>(&b);
  return i && j ? *i < *j : number(a) < number(b);
}

}  // namespace plait
