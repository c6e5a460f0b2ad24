// The public random arrays.
#include "plait/random.h"

#include <cstring>
#include <mutex>
#include <variant>

#include "base/records.h"
#include "collections/array/api/arguments.h"
#include "collections/array/random_draw.h"
#include "collections/array/rechunk.h"
#include "collections/start.h"

namespace plait::random {

struct Streams::State {
  std::variant<GeneratorStreams, RandomStateStreams> streams;

  StreamKind kind() const {
    const auto* generator = std::get_if<GeneratorStreams>(&streams);
    if (!generator) return StreamKind::mt19937;
    return generator->is_chunk_invariant() ? StreamKind::counter : StreamKind::pcg64;
  }

  Array draw(const std::string& label, Distribution wanted, Chunks chunks, std::vector<ExprPtr> parameters = {},
             std::vector<int> which = {}, bool endpoint = false) {
    return std::visit(
        [&](auto& source) {
          return Array(plait::draw(source, label, std::move(wanted), std::move(chunks), std::move(parameters),
                                   std::move(which), endpoint));
        },
        streams);
  }
};

namespace {

template <class Source>
std::vector<std::byte> saved(const Source& source) {
  Encoder to;
  encode(to, source);
  return write_frame(to.take());
}

template <class Source>
Source restored_streams(const std::vector<std::byte>& bytes) {
  const auto frame = std::make_shared<std::vector<std::byte>>(bytes);
  const Record record = read_frame(*frame, frame);
  Decoder from(record);
  return decode<Source>(from);
}

double real_parameter(const std::string& distribution, const Operand& parameter) {
  return std::visit(
      [&]<class T>(const T& value) -> double {
        if constexpr (std::is_arithmetic_v<T>) return static_cast<double>(value);
        throw type_error(distribution + ": a parameter is complex, expected a real number");
      },
      parameter.number());
}

// The shape that parameters and size are stretched to.
Shape drawn_shape(const std::string& what, const std::vector<Operand>& parameters, const Streams::Size& size) {
  std::vector<Chunks> all;
  for (const Operand& parameter : parameters) {
    if (!parameter.is_number()) all.push_back(array_meta(parameter.expr()).chunks());
  }
  if (all.empty()) return size.value_or(Shape{});
  if (size) {
    auto& wanted = all.emplace_back();
    for (const std::int64_t extent : *size) wanted.push_back({extent});
  }
  return ArrayMeta(DType::bool_, common_chunks(what, all)).shape();
}

// A parameter in the chunks of the result.
ExprPtr spread(const Operand& parameter, const Shape& shape, const Chunks& chunks) {
  return rechunk(as_array(parameter).broadcast_to(shape).expr(), chunks);
}

int128 whole_number(const Operand& bound) {
  check_within_64_bits(bound);
  return std::visit(
      []<class T>(const T& value) -> int128 {
        if constexpr (std::is_integral_v<T>) return value;
        if constexpr (std::is_floating_point_v<T>) return static_cast<int128>(value);
        throw type_error("integers: a bound is complex, expected a whole number");
      },
      bound.number());
}

// Behind the functions of the namespace.
struct Shared {
  std::mutex mutex;
  RandomState state{std::optional<std::uint32_t>()};
};

Shared& shared() {
  static auto* state = new Shared;
  return *state;
}

bool is_drawn_by_name(const DistributionInfo& info) {
  using enum DistributionKind;
  return info.kind != integers && info.kind != choice && info.kind != multinomial &&
         info.kind != multivariate_hypergeometric;
}

}  // namespace

std::vector<Signature> distributions() {
  std::vector<Signature> all;
  for (const DistributionInfo& info : all_distributions()) {
    if (!is_drawn_by_name(info)) continue;
    Signature& signature = all.emplace_back(Signature{std::string(info.name), {}});
    for (const ParameterInfo& parameter : info.parameters)
      signature.parameters.push_back({std::string(parameter.name), parameter.default_value});
  }
  return all;
}

Array Streams::draw(const std::string& distribution, const std::vector<Operand>& parameters, const Size& size,
                    const ChunkArgument& chunks, DType dtype, const std::string& label, Location where) {
  start();
  const SourceScope scope = source_scope(where);
  const DistributionInfo& about = find_distribution(distribution);
  const std::string& what = label.empty() ? distribution : label;
  std::vector<double> numbers;
  std::vector<int> which;
  for (const Operand& parameter : parameters) {
    if (!parameter.is_number()) which.push_back(static_cast<int>(numbers.size()));
    numbers.push_back(parameter.is_number() ? real_parameter(what, parameter) : 0);
  }
  // Arrays are checked when their blocks are there.
  Distribution wanted = which.empty() ? make_distribution(state_->kind(), about.kind, std::move(numbers), dtype)
                                      : Distribution{.kind = about.kind,
                                                     .dtype = about.is_integral ? DType::int64 : dtype,
                                                     .parameters = std::move(numbers)};
  const Shape shape = drawn_shape(what, parameters, size);
  Chunks cut = new_chunks(what, shape, chunks, wanted.dtype);
  std::vector<ExprPtr> arrays;
  for (int number : which) arrays.push_back(spread(parameters[number], shape, cut));
  return state_->draw(what, std::move(wanted), std::move(cut), std::move(arrays), std::move(which));
}

Array Streams::multinomial(std::int64_t n, const std::vector<double>& probabilities, const Shape& size,
                           const ChunkArgument& chunks, Location where) {
  start();
  const SourceScope scope = source_scope(where);
  std::vector<double> parameters = {static_cast<double>(n)};
  parameters.insert(parameters.end(), probabilities.begin(), probabilities.end());
  Distribution wanted = make_distribution(state_->kind(), DistributionKind::multinomial, std::move(parameters));
  Chunks cut = new_chunks("multinomial", size, chunks, wanted.dtype);
  return state_->draw("multinomial", std::move(wanted), std::move(cut));
}

Array Streams::integers(const Operand& low, const Operand& high, const Size& size, const ChunkArgument& chunks,
                        const Integers& how, Location where) {
  start();
  const SourceScope scope = source_scope(where);
  const Shape shape = drawn_shape(how.label, {low, high}, size);
  Chunks cut = new_chunks(how.label, shape, chunks, how.dtype);
  if (low.is_number() && high.is_number()) {
    return state_->draw(how.label, make_integers(whole_number(low), whole_number(high), how.dtype, how.endpoint),
                        std::move(cut));
  }
  std::vector<ExprPtr> bounds = {spread(low, shape, cut), spread(high, shape, cut)};
  Distribution wanted{.kind = DistributionKind::integers, .dtype = how.dtype};
  return state_->draw(how.label, std::move(wanted), std::move(cut), std::move(bounds), {0, 1}, how.endpoint);
}

Array Streams::choice(std::int64_t population, const Shape& size, const ChunkArgument& chunks, const Choice& how,
                      Location where) {
  start();
  const SourceScope scope = source_scope(where);
  Chunks cut = new_chunks("choice", size, chunks, DType::int64);
  if (!how.replace && ArrayMeta(DType::int64, cut).num_blocks() > 1)
    throw not_implemented("choice: replace=False needs one chunk; give chunks=-1");
  return state_->draw("choice", make_choice(population, how.probabilities, how.replace, how.shuffle), std::move(cut));
}

Array Streams::choice(const Array& population, const Shape& size, const ChunkArgument& chunks, const Choice& how,
                      Location where) {
  const SourceScope scope = source_scope(where);
  if (population.ndim() != 1) {
    throw value_error("choice: a has " + std::to_string(population.ndim()) +
                      " axes, expected a number or an array with one axis");
  }
  return Array(look_up(population.expr(), choice(population.size(), size, chunks, how).expr()));
}

Array Streams::permutation(const Array& array, Location where) {
  const SourceScope scope = source_scope(where);
  if (array.ndim() == 0 || array.shape()[0] == kUnknownExtent)
    throw value_error("permutation: the array has no axis of known extent to shuffle");
  return array.get({std::visit([&](auto& source) { return source.permutation(array.shape()[0]); }, state_->streams)});
}

std::vector<std::byte> Streams::save() const {
  return std::visit([](const auto& source) { return saved(source); }, state_->streams);
}

Generator::Generator(std::optional<std::uint64_t> seed, bool chunk_invariant)
    : Generator(Seed{.entropy = seed ? std::optional(seed_words(*seed)) : std::nullopt}, chunk_invariant) {}

Generator::Generator(const Seed& seed, bool chunk_invariant)
    : Streams(std::make_shared<State>(State{GeneratorStreams(
          seed.entropy ? SeedSequence(*seed.entropy, seed.spawn_key, seed.num_spawned) : SeedSequence::from_system(),
          chunk_invariant)})) {}

Generator Generator::restored(const std::vector<std::byte>& saved) {
  return Generator(std::make_shared<State>(State{restored_streams<GeneratorStreams>(saved)}));
}

RandomState::RandomState(std::optional<std::uint32_t> seed)
    : Streams(std::make_shared<State>(
          State{seed ? RandomStateStreams(*seed) : RandomStateStreams(Mt19937::from_system())})) {}

RandomState::RandomState(const std::vector<std::uint32_t>& key)
    : Streams(std::make_shared<State>(State{RandomStateStreams(Mt19937(key))})) {}

RandomState RandomState::restored(const std::vector<std::byte>& saved) {
  return RandomState(std::make_shared<State>(State{restored_streams<RandomStateStreams>(saved)}));
}

void seed(std::uint32_t seed) {
  const std::lock_guard lock(shared().mutex);
  shared().state = RandomState(seed);
}

Array random(const Shape& shape, const ChunkArgument& chunks, Location where) {
  const std::lock_guard lock(shared().mutex);
  return shared().state.draw("random", {}, shape, chunks, DType::float64, "random_sample", where);
}

Array normal(double loc, double scale, const Shape& shape, const ChunkArgument& chunks, Location where) {
  const std::lock_guard lock(shared().mutex);
  return shared().state.normal(loc, scale, shape, chunks, where);
}

}  // namespace plait::random
