// UTF-8 as Python takes it: no longer forms, no surrogates, nothing beyond U+10FFFF.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace plait {

bool is_utf8(std::string_view text);
void append_utf8(std::string& text, std::uint32_t code_point);

}  // namespace plait
