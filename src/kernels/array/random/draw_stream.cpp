#include "kernels/array/random/draw_stream.h"

#include <fmt/format.h>
#include <numpy/random/distributions.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "base/check.h"
#include "kernels/array/random/bounded_integers.h"
#include "kernels/array/random/draws.h"
#include "kernels/array/random/sampling.h"
#include "kernels/array/random/standard_numbers.h"
#include "kernels/array/random/word_source.h"
#include "plait/error.h"

namespace plait {

namespace {

using Kind = DistributionKind;

std::unique_ptr<WordSource> word_source(const StreamSeed& seed) {
  switch (seed.kind) {
    case StreamKind::pcg64:
      return std::make_unique<Pcg64Words>(seed.pcg64());
    case StreamKind::mt19937:
      return std::make_unique<Mt19937Words>(seed.mt19937());
    case StreamKind::counter:
      break;
  }
  return std::make_unique<CounterWords>(counter_key(seed));
}

}  // namespace

struct DrawStream::State {
  State(const StreamSeed& seed, Distribution of, const BlockPlacement& placement)
      : stream(seed.kind),
        distribution(std::move(of)),
        source(word_source(seed)),
        draws(source->interface()),
        draw(stream == StreamKind::mt19937 ? legacy_draw(distribution.kind) : generator_draw(distribution.kind)) {
    if (stream == StreamKind::counter) positions = BlockPositions(placement);
    if (distribution.kind == Kind::choice) cumulative = cumulative_probabilities(distribution.parameters);
  }

  BoundMethod bound_method() const { return stream == StreamKind::mt19937 ? BoundMethod::masked : BoundMethod::scaled; }
  void draw_part(std::byte* out, std::int64_t n);
  void draw_single_precision(float* out, std::int64_t n);
  void draw_choices(std::int64_t* out, std::int64_t n);
  void draw_rows(std::int64_t* out, std::int64_t n);
  template <class DrawPart>
  void for_each_start(std::int64_t n, DrawPart draw_part);

  StreamKind stream;
  Distribution distribution;
  std::unique_ptr<WordSource> source;
  Draws draws;
  Draw draw;
  BlockPositions positions;
  std::vector<double> cumulative;
};

// Calls draw_part(first, count) for parts that are drawn one number after the other from one stream: everything at
// once, or with a chunk-invariant seed each element by itself.
template <class DrawPart>
void DrawStream::State::for_each_start(std::int64_t n, DrawPart draw_part) {
  if (stream != StreamKind::counter) return draw_part(std::int64_t{0}, n);
  auto& words = static_cast<CounterWords&>(*source);
  std::array<std::uint64_t, 256> first_words;
  for (std::int64_t at = 0; at < n;) {
    const BlockPositions::Run run = positions.next(std::min<std::int64_t>(n - at, first_words.size()));
    fill_counter_words(words.key(), run.first, first_words.data(), run.count);
    for (std::int64_t i = 0; i < run.count; ++i, ++at) {
      words.start(run.first + i, first_words[i]);
      draws.num_small_left = 0;
      draw_part(at, std::int64_t{1});
    }
  }
}

void DrawStream::State::draw_single_precision(float* out, std::int64_t n) {
  bitgen* words = draws.words();
  switch (distribution.kind) {
    case Kind::random:
      return random_standard_uniform_fill_f(words, n, out);
    case Kind::standard_normal:
      return random_standard_normal_fill_f(words, n, out);
    case Kind::standard_exponential:
      return random_standard_exponential_fill_f(words, n, out);
    case Kind::standard_exponential_inverse:
      return random_standard_exponential_inv_fill_f(words, n, out);
    default:
      break;
  }
  PLAIT_CHECK(distribution.kind == Kind::standard_gamma);
  const auto shape = static_cast<float>(distribution.parameters[0]);
  for (std::int64_t i = 0; i < n; ++i) out[i] = random_standard_gamma_f(words, shape);
}

void DrawStream::State::draw_choices(std::int64_t* out, std::int64_t n) {
  if (cumulative.empty()) return fill_integers(draws, bound_method(), DType::int64, 0, distribution.range, out, n);
  for (std::int64_t i = 0; i < n; ++i) {
    out[i] = std::upper_bound(cumulative.begin(), cumulative.end(), draws.next_double()) - cumulative.begin();
  }
}

void DrawStream::State::draw_rows(std::int64_t* out, std::int64_t n) {
  const std::int64_t width = values_per_draw(distribution);
  std::fill_n(out, n * width, 0);
  const auto number = static_cast<std::int64_t>(distribution.parameters[0]);
  double* rest = distribution.parameters.data() + 1;
  if (distribution.kind == Kind::multinomial) {
    for (std::int64_t i = 0; i < n; ++i)
      random_multinomial(draws.words(), number, out + i * width, rest, width, draws.binomial());
    return;
  }
  std::vector<std::int64_t> colors(rest, rest + width);
  const std::int64_t total = std::accumulate(colors.begin(), colors.end(), std::int64_t{0});
  if (distribution.count_method) {
    random_multivariate_hypergeometric_count(draws.words(), total, width, colors.data(), number, n, out);
  } else {
    random_multivariate_hypergeometric_marginals(draws.words(), total, width, colors.data(), number, n, out);
  }
}

void DrawStream::State::draw_part(std::byte* out, std::int64_t n) {
  auto* whole = reinterpret_cast<std::int64_t*>(out);
  auto* real = reinterpret_cast<double*>(out);
  switch (distribution.kind) {
    case Kind::integers:
      return fill_integers(draws, bound_method(), distribution.dtype, distribution.low, distribution.range, out, n);
    case Kind::choice:
      return draw_choices(whole, n);
    case Kind::multinomial:
    case Kind::multivariate_hypergeometric:
      return draw_rows(whole, n);
    default:
      break;
  }
  if (distribution.dtype == DType::float32) return draw_single_precision(reinterpret_cast<float*>(out), n);
  const double* parameters = distribution.parameters.data();
  if (draw.real) {
    for (std::int64_t i = 0; i < n; ++i) real[i] = draw.real(draws, parameters);
    return;
  }
  PLAIT_CHECK(draw.whole);
  for (std::int64_t i = 0; i < n; ++i) whole[i] = draw.whole(draws, parameters);
}

DrawStream::DrawStream(const StreamSeed& seed, Distribution distribution, const BlockPlacement& placement)
    : seed_(seed),
      distribution_(std::move(distribution)),
      placement_(placement),
      standard_(standard_numbers(distribution_, seed_, placement_)) {}
DrawStream::~DrawStream() = default;
DrawStream::DrawStream(DrawStream&&) noexcept = default;

DrawStream::State& DrawStream::state() {
  if (!state_) state_ = std::make_unique<State>(seed_, distribution_, placement_);
  return *state_;
}

void DrawStream::fill(void* out, std::int64_t n) {
  if (standard_) {
    standard_->fill(static_cast<double*>(out), n);
    return scale_standard_numbers(distribution_, static_cast<double*>(out), n);
  }
  if (distribution_.kind == Kind::choice && !distribution_.replace) {
    return sample_without_replacement(state().draws, seed_.kind, distribution_, static_cast<std::int64_t*>(out), n);
  }
  State& drawing = state();
  const auto step = static_cast<std::int64_t>(item_size(distribution_.dtype)) * values_per_draw(distribution_);
  auto* bytes = static_cast<std::byte*>(out);
  drawing.for_each_start(
      n, [&](std::int64_t first, std::int64_t count) { drawing.draw_part(bytes + first * step, count); });
}

void DrawStream::fill_with(std::span<const double* const> parameters, void* out, std::int64_t n) {
  State& drawing = state();
  const Draw& draw = drawing.draw;
  if ((!draw.real && !draw.whole) || item_size(distribution_.dtype) != 8) {
    throw not_implemented(fmt::format("{} of dtype {}: array parameters are not supported; pass scalars",
                                      info(distribution_.kind).name, name(distribution_.dtype)));
  }
  std::array<double, 3> values{};
  PLAIT_CHECK(parameters.size() <= values.size());
  drawing.for_each_start(n, [&](std::int64_t first, std::int64_t count) {
    for (std::int64_t i = first; i < first + count; ++i) {
      for (std::size_t p = 0; p < parameters.size(); ++p) values[p] = parameters[p][i];
      check_parameters(seed_.kind, distribution_.kind, values);
      if (draw.real) {
        static_cast<double*>(out)[i] = draw.real(drawing.draws, values.data());
      } else {
        static_cast<std::int64_t*>(out)[i] = draw.whole(drawing.draws, values.data());
      }
    }
  });
}

void DrawStream::fill_between(const std::int64_t* lows, const std::uint64_t* ranges, void* out, std::int64_t n) {
  PLAIT_CHECK(distribution_.kind == Kind::integers);
  State& drawing = state();
  const auto item = static_cast<std::int64_t>(item_size(distribution_.dtype));
  drawing.for_each_start(n, [&](std::int64_t first, std::int64_t count) {
    fill_integers(drawing.draws, drawing.bound_method(), distribution_.dtype, lows + first, ranges + first,
                  static_cast<std::byte*>(out) + first * item, count);
  });
}

}  // namespace plait
