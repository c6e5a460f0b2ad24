// The public random arrays.
#include "plait/random.h"

#include <mutex>

#include "collections/array/api/chunk_argument.h"
#include "collections/array/random_draw.h"
#include "collections/start.h"

namespace plait::random {
namespace {

Chunks chunks_of(const Shape& shape, const ChunkArgument& chunks, DType dtype) {
  return normalize_chunks("random", chunk_spec(chunks), shape, dtype);
}

// Behind the functions of the namespace.
struct GlobalState {
  std::mutex mutex;
  RandomStateStreams streams{Mt19937::from_system()};
};

GlobalState& global_state() {
  static auto* state = new GlobalState;
  return *state;
}

Array draw_globally(const char* label, DistributionKind kind, std::vector<double> parameters, const Shape& shape,
                    const ChunkArgument& chunks, Location where) {
  start();
  const SourceScope scope = source_scope(where);
  Distribution distribution = make_distribution(StreamKind::mt19937, kind, std::move(parameters));
  Chunks cut = chunks_of(shape, chunks, distribution.dtype);
  GlobalState& state = global_state();
  const std::lock_guard lock(state.mutex);
  return Array(plait::draw(state.streams, label, std::move(distribution), std::move(cut)));
}

}  // namespace

struct Generator::State {
  GeneratorStreams streams;
  StreamKind kind;
};

Generator::Generator(std::optional<std::uint64_t> seed, bool chunk_invariant)
    : state_(std::make_shared<State>(
          State{GeneratorStreams(seed ? SeedSequence(seed_words(*seed)) : SeedSequence::from_system(), chunk_invariant),
                chunk_invariant ? StreamKind::counter : StreamKind::pcg64})) {}

Array Generator::draw(const std::string& distribution, const std::vector<double>& parameters, const Shape& shape,
                      const ChunkArgument& chunks, Location where) {
  start();
  const SourceScope scope = source_scope(where);
  Distribution wanted = make_distribution(state_->kind, find_distribution(distribution).kind, parameters);
  Chunks cut = chunks_of(shape, chunks, wanted.dtype);
  return Array(plait::draw(state_->streams, distribution, std::move(wanted), std::move(cut)));
}

Array Generator::random(const Shape& shape, const ChunkArgument& chunks, Location where) {
  return draw("random", {}, shape, chunks, where);
}
Array Generator::uniform(double low, double high, const Shape& shape, const ChunkArgument& chunks, Location where) {
  return draw("uniform", {low, high}, shape, chunks, where);
}
Array Generator::standard_normal(const Shape& shape, const ChunkArgument& chunks, Location where) {
  return draw("standard_normal", {}, shape, chunks, where);
}
Array Generator::normal(double loc, double scale, const Shape& shape, const ChunkArgument& chunks, Location where) {
  return draw("normal", {loc, scale}, shape, chunks, where);
}
Array Generator::exponential(double scale, const Shape& shape, const ChunkArgument& chunks, Location where) {
  return draw("exponential", {scale}, shape, chunks, where);
}
Array Generator::poisson(double lam, const Shape& shape, const ChunkArgument& chunks, Location where) {
  return draw("poisson", {lam}, shape, chunks, where);
}

Array Generator::integers(std::int64_t low, std::int64_t high, const Shape& shape, const ChunkArgument& chunks,
                          Location where) {
  start();
  const SourceScope scope = source_scope(where);
  Distribution wanted = make_integers(low, high);
  Chunks cut = chunks_of(shape, chunks, wanted.dtype);
  return Array(plait::draw(state_->streams, "integers", std::move(wanted), std::move(cut)));
}

void seed(std::uint32_t seed) {
  GlobalState& state = global_state();
  const std::lock_guard lock(state.mutex);
  state.streams = RandomStateStreams(seed);
}

Array random(const Shape& shape, const ChunkArgument& chunks, Location where) {
  return draw_globally("random_sample", DistributionKind::random, {}, shape, chunks, where);
}

Array normal(double loc, double scale, const Shape& shape, const ChunkArgument& chunks, Location where) {
  return draw_globally("normal", DistributionKind::normal, {loc, scale}, shape, chunks, where);
}

}  // namespace plait::random
