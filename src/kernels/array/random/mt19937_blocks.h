// The inner loops of Mt19937: the next 624 words from the last, and doubles from words.
#pragma once

#include <cstdint>

namespace plait {

// `words` is aligned to 64 bytes and has room for 16 words beyond its 624; their content is lost.
void twist_block(std::uint32_t* words);
// The words as they are drawn.
void temper_block(const std::uint32_t* words, std::uint32_t* out, std::int64_t n);
// out[i] is made of words 2 i and 2 i + 1.
void temper_to_uniform(const std::uint32_t* words, double* out, std::int64_t n);

}  // namespace plait
