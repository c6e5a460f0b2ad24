#include "ml/text/characters.h"

#include <locale.h>

#include <clocale>
#include <cwctype>

namespace plait::ml {

const Characters& system_characters() {
  static const Characters known = [] {
    constexpr std::uint32_t kEnd = 0x110000;
    Characters made;
    const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    if (locale == nullptr) return made;
    made.is_word.resize(kEnd);
    made.lowered.resize(kEnd);
    for (std::uint32_t c = 0; c < kEnd; ++c) {
      made.is_word[c] = iswalnum_l(static_cast<wint_t>(c), locale) != 0;
      made.lowered[c] = static_cast<std::uint32_t>(towlower_l(static_cast<wint_t>(c), locale));
    }
    freelocale(locale);
    return made;
  }();
  return known;
}

}  // namespace plait::ml
