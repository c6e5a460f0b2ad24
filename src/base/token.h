// Token: the name of a thing by its content. Equal input gives an equal token, in every process and on every run.
//
// A Hasher is fed the same way as an Encoder: numbers, text, containers and structs with `fields`. Large memory is
// hashed where it stands.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>

#include "base/records.h"
#include "base/value.h"

namespace plait {

struct Token {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  auto operator<=>(const Token&) const = default;
  // 32 hexadecimal digits.
  std::string text() const;
  static constexpr auto fields = std::tuple{&Token::high, &Token::low};
};

// 128-bit XXH3 of a record's head and blobs.
Token hash_record(const Record& record);
Token hash_bytes(const void* data, std::size_t size);

// The token of anything that has a Codec, under a name that keeps different kinds of things apart.
template <class T>
Token tokenize(const std::string& kind, const T& value) {
  Encoder to;
  encode(to, kind);
  encode(to, value);
  return hash_record(to.take());
}

// A token that no other call gives: for work that is not a function of its inputs.
Token unique_token();

}  // namespace plait

template <>
struct std::hash<plait::Token> {
  std::size_t operator()(const plait::Token& token) const { return token.low; }
};
