#include "kernels/array/random/stream_seed.h"

#include <numeric>
#include <utility>

#include "base/check.h"

namespace plait {
namespace {

// The smallest 2^k - 1 that is not below `number`.
std::uint64_t mask_over(std::uint64_t number) { return number == 0 ? 0 : ~std::uint64_t{0} >> __builtin_clzll(number); }

// In [0, last], as NumPy's shuffles draw it: what is beyond is drawn again.
template <class Words>
std::uint64_t index_up_to(std::uint64_t last, Words& from) {
  const std::uint64_t mask = mask_over(last);
  while (true) {
    const std::uint64_t index = (last <= 0xffffffff ? from.next_uint32() : from.next_uint64()) & mask;
    if (index <= last) return index;
  }
}

template <class Words>
std::vector<std::int64_t> shuffled(std::int64_t n, Words& from) {
  if (n < 0) throw value_error("permutation: the number of elements is " + std::to_string(n) + ", expected 0 or more");
  std::vector<std::int64_t> numbers(n);
  std::iota(numbers.begin(), numbers.end(), 0);
  for (std::int64_t i = n - 1; i > 0; --i) std::swap(numbers[i], numbers[index_up_to(i, from)]);
  return numbers;
}

}  // namespace

std::shared_ptr<const TwisterKeys> TwisterKeys::drawn_from(Mt19937& from, std::uint64_t count) {
  auto keys = std::make_shared<TwisterKeys>(from);
  for (std::uint64_t i = 1; i <= count; ++i) {
    from.skip_block();
    if (i % kKeysPerState == 0 && i < count) keys->states_.push_back(from);
  }
  return keys;
}

Mt19937 TwisterKeys::state_before(std::uint64_t index) const {
  const std::uint64_t kept = std::min<std::uint64_t>(index / kKeysPerState, states_.size() - 1);
  Mt19937 state = states_[kept];
  for (std::uint64_t i = kept * kKeysPerState; i < index; ++i) state.skip_block();
  return state;
}

Mt19937::Words TwisterKeys::key(std::uint64_t index) const {
  Mt19937::Words words;
  state_before(index).fill_uint32(words.data(), Mt19937::kWords);
  return words;
}

Pcg64 StreamSeed::pcg64() const {
  PLAIT_CHECK(kind == StreamKind::pcg64);
  return Pcg64(pool.child(index));
}

Mt19937 StreamSeed::mt19937() const {
  PLAIT_CHECK(kind == StreamKind::mt19937 && keys != nullptr);
  return Mt19937(std::span<const std::uint32_t>(keys->key(index)));
}

StreamSeed StreamSeeds::operator[](std::uint64_t block) const {
  PLAIT_CHECK(block < size_);
  StreamSeed seed = first_;
  if (seed.kind != StreamKind::counter) seed.index += block;
  return seed;
}

GeneratorStreams::GeneratorStreams(SeedSequence seed, bool chunk_invariant)
    : seed_(std::move(seed)), own_stream_(seed_.pool()), chunk_invariant_(chunk_invariant) {}

GeneratorStreams::GeneratorStreams(SeedSequence seed, bool chunk_invariant, const Pcg64& own_stream)
    : seed_(std::move(seed)), own_stream_(own_stream), chunk_invariant_(chunk_invariant) {}

StreamSeeds GeneratorStreams::spawn(std::uint64_t num_blocks) {
  StreamSeed first{.pool = seed_.pool()};
  if (chunk_invariant_) {  // One child a call: its blocks differ by their elements' positions.
    first.kind = StreamKind::counter;
    first.index = seed_.spawn(1);
  } else {
    first.index = seed_.spawn(num_blocks);
  }
  return {std::move(first), num_blocks};
}

std::vector<std::int64_t> GeneratorStreams::permutation(std::int64_t n) { return shuffled(n, own_stream_); }

StreamSeeds RandomStateStreams::spawn(std::uint64_t num_blocks) {
  return {{.kind = StreamKind::mt19937, .keys = TwisterKeys::drawn_from(state_, num_blocks)}, num_blocks};
}

std::vector<std::int64_t> RandomStateStreams::permutation(std::int64_t n) { return shuffled(n, state_); }

namespace {

void encode_state(Encoder& to, const Mt19937& state) {
  const Mt19937::Words words = state.words();
  to.write_bytes(words.data(), sizeof(words));
  encode(to, state.position());
}

Mt19937 decode_state(Decoder& from) {
  Mt19937::Words words;
  from.read_bytes(words.data(), sizeof(words));
  const int position = decode<int>(from);
  if (position < 0 || position > Mt19937::kWords)
    throw io_error("a record holds an impossible position: it is damaged");
  return Mt19937(words, position);
}

void encode_wide(Encoder& to, uint128 number) {
  encode(to, static_cast<std::uint64_t>(number));
  encode(to, static_cast<std::uint64_t>(number >> 64));
}

uint128 decode_wide(Decoder& from) {
  const auto low = decode<std::uint64_t>(from);
  return uint128{decode<std::uint64_t>(from)} << 64 | low;
}

}  // namespace

void Codec<StreamSeed>::encode(Encoder& to, const StreamSeed& seed) {
  plait::encode(to, seed.kind);
  if (seed.kind == StreamKind::mt19937) return encode_state(to, seed.keys->state_before(seed.index));
  plait::encode(to, seed.index);
  to.write_bytes(seed.pool.words.data(), sizeof(seed.pool.words));
  plait::encode(to, seed.pool.hash_multiplier);
}

StreamSeed Codec<StreamSeed>::decode(Decoder& from) {
  StreamSeed seed{.kind = plait::decode<StreamKind>(from)};
  if (seed.kind > StreamKind::counter) throw io_error("a record names an unknown random stream: it is damaged");
  if (seed.kind == StreamKind::mt19937) {
    seed.keys = std::make_shared<TwisterKeys>(decode_state(from));
    return seed;
  }
  seed.index = plait::decode<std::uint64_t>(from);
  from.read_bytes(seed.pool.words.data(), sizeof(seed.pool.words));
  seed.pool.hash_multiplier = plait::decode<std::uint32_t>(from);
  return seed;
}

void Codec<GeneratorStreams>::encode(Encoder& to, const GeneratorStreams& streams) {
  plait::encode(to, streams.seed_sequence().entropy());
  plait::encode(to, streams.seed_sequence().spawn_key());
  plait::encode(to, streams.seed_sequence().num_children_spawned());
  plait::encode(to, streams.is_chunk_invariant());
  encode_wide(to, streams.own_stream().state());
  encode_wide(to, streams.own_stream().increment());
  plait::encode(to, streams.own_stream().kept_half());
}

GeneratorStreams Codec<GeneratorStreams>::decode(Decoder& from) {
  auto entropy = plait::decode<std::vector<std::uint32_t>>(from);
  auto spawn_key = plait::decode<std::vector<std::uint32_t>>(from);
  const auto num_children_spawned = plait::decode<std::uint64_t>(from);
  const bool chunk_invariant = plait::decode<bool>(from);
  const uint128 state = decode_wide(from);
  const uint128 increment = decode_wide(from);
  const Pcg64 own_stream(state, increment, plait::decode<std::optional<std::uint32_t>>(from));
  return {SeedSequence(std::move(entropy), std::move(spawn_key), num_children_spawned), chunk_invariant, own_stream};
}

void Codec<RandomStateStreams>::encode(Encoder& to, const RandomStateStreams& streams) {
  encode_state(to, streams.state());
}

RandomStateStreams Codec<RandomStateStreams>::decode(Decoder& from) { return RandomStateStreams(decode_state(from)); }

}  // namespace plait
