#include "base/token.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <random>

namespace plait {

std::string Token::text() const { return fmt::format("{:016x}{:016x}", high, low); }

Token hash_bytes(const void* data, std::size_t size) {
  const XXH128_hash_t hash = XXH3_128bits(data, size);
  return {hash.high64, hash.low64};
}

Token hash_record(const Record& record) {
  std::vector<Token> parts = {hash_bytes(record.head.data(), record.head.size())};
  for (const Blob& blob : record.blobs) parts.push_back(hash_bytes(blob.data, blob.size));
  return parts.size() == 1 ? parts[0] : hash_bytes(parts.data(), parts.size() * sizeof(Token));
}

Token unique_token() {
  static thread_local std::mt19937_64 source{std::random_device{}()};
  return {source(), source()};
}

}  // namespace plait
