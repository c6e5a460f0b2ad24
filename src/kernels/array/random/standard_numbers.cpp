#include "kernels/array/random/standard_numbers.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/check.h"
#include "kernels/array/random/uniform_stream.h"
#include "kernels/array/random/word_source.h"
#include "kernels/array/random/ziggurat.h"

namespace plait {
namespace {

using Kind = DistributionKind;

class UniformNumbers final : public StandardNumbers {
 public:
  UniformNumbers(const StreamSeed& seed, const BlockPlacement& placement) : stream_(seed, placement) {}
  void fill(double* out, std::int64_t n) override { stream_.fill(out, n); }

 private:
  UniformStream stream_;
};

class GeneratorNumbers final : public StandardNumbers {
 public:
  GeneratorNumbers(const StreamSeed& seed, Ziggurat ziggurat) : words_(seed.pcg64()), ziggurat_(ziggurat) {}
  void fill(double* out, std::int64_t n) override { fill_from_ziggurat(ziggurat_, words_, out, n); }

 private:
  Pcg64Words words_;
  Ziggurat ziggurat_;
};

class CounterNumbers final : public StandardNumbers {
 public:
  CounterNumbers(const StreamSeed& seed, Ziggurat ziggurat, const BlockPlacement& placement)
      : words_(counter_key(seed)), ziggurat_(ziggurat), positions_(placement) {}

  void fill(double* out, std::int64_t n) override {
    while (n > 0) {
      const BlockPositions::Run run = positions_.next(n);
      fill_from_ziggurat(ziggurat_, words_, run.first, out, run.count);
      out += run.count;
      n -= run.count;
    }
  }

 private:
  CounterWords words_;
  Ziggurat ziggurat_;
  BlockPositions positions_;
};

// RandomState's exponential numbers.
class LogarithmsOfUniforms final : public StandardNumbers {
 public:
  explicit LogarithmsOfUniforms(const StreamSeed& seed) : generator_(seed.mt19937()) {}

  void fill(double* out, std::int64_t n) override {
    generator_.fill_uniform(out, n);
    for (std::int64_t i = 0; i < n; ++i) out[i] = -std::log(1.0 - out[i]);
  }

 private:
  Mt19937 generator_;
};

// RandomState's normal numbers: points in the unit circle, each of which gives two.
class PolarNumbers final : public StandardNumbers {
 public:
  explicit PolarNumbers(const StreamSeed& seed) : generator_(seed.mt19937()) {}

  void fill(double* out, std::int64_t n) override {
    while (n > 0) {
      if (next_ == end_) refill();
      const std::int64_t count = std::min<std::int64_t>(n, end_ - next_);
      std::copy_n(numbers_.begin() + next_, count, out);
      next_ += count;
      out += count;
      n -= count;
    }
  }

 private:
  static constexpr int kPoints = 256;

  void refill() {
    std::array<double, 2 * kPoints> uniforms;
    generator_.fill_uniform(uniforms.data(), 2 * kPoints);
    int num_inside = 0;
    for (int i = 0; i < kPoints; ++i) {
      const double x = 2.0 * uniforms[2 * i] - 1.0;
      const double y = 2.0 * uniforms[2 * i + 1] - 1.0;
      const double squared_radius = x * x + y * y;
      numbers_[2 * num_inside] = y;
      numbers_[2 * num_inside + 1] = x;
      squared_radii_[num_inside] = squared_radius;
      num_inside += squared_radius < 1.0 && squared_radius != 0.0;
    }
    for (int i = 0; i < num_inside; ++i) {
      const double squared_radius = squared_radii_[i];
      const double factor = std::sqrt(-2.0 * std::log(squared_radius) / squared_radius);
      numbers_[2 * i] *= factor;
      numbers_[2 * i + 1] *= factor;
    }
    next_ = 0;
    end_ = 2 * num_inside;
  }

  Mt19937 generator_;
  std::array<double, 2 * kPoints> numbers_;
  std::array<double, kPoints> squared_radii_;
  std::int64_t next_ = 0;
  std::int64_t end_ = 0;
};

}  // namespace

std::unique_ptr<StandardNumbers> standard_numbers(const Distribution& of, const StreamSeed& seed,
                                                  const BlockPlacement& placement) {
  if (of.dtype != DType::float64) return nullptr;
  if (of.kind == Kind::random || of.kind == Kind::uniform) return std::make_unique<UniformNumbers>(seed, placement);
  const bool is_exponential = of.kind == Kind::standard_exponential || of.kind == Kind::exponential;
  const bool is_normal = of.kind == Kind::standard_normal || of.kind == Kind::normal || of.kind == Kind::lognormal;
  if (!is_exponential && !is_normal) return nullptr;
  const Ziggurat ziggurat = is_normal ? Ziggurat::normal : Ziggurat::exponential;
  switch (seed.kind) {
    case StreamKind::pcg64:
      return std::make_unique<GeneratorNumbers>(seed, ziggurat);
    case StreamKind::counter:
      return std::make_unique<CounterNumbers>(seed, ziggurat, placement);
    case StreamKind::mt19937:
      break;
  }
  if (is_normal) return std::make_unique<PolarNumbers>(seed);
  return std::make_unique<LogarithmsOfUniforms>(seed);
}

void scale_standard_numbers(const Distribution& to, double* numbers, std::int64_t n) {
  const std::vector<double>& p = to.parameters;
  switch (to.kind) {
    case Kind::random:
    case Kind::standard_normal:
    case Kind::standard_exponential:
      return;
    case Kind::uniform: {
      const double width = p[1] - p[0];
      for (std::int64_t i = 0; i < n; ++i) numbers[i] = p[0] + width * numbers[i];
      return;
    }
    case Kind::exponential:
      for (std::int64_t i = 0; i < n; ++i) numbers[i] = p[0] * numbers[i];
      return;
    case Kind::normal:
      for (std::int64_t i = 0; i < n; ++i) numbers[i] = p[0] + p[1] * numbers[i];
      return;
    default:
      break;
  }
  PLAIT_CHECK(to.kind == Kind::lognormal);
  for (std::int64_t i = 0; i < n; ++i) numbers[i] = std::exp(p[0] + p[1] * numbers[i]);
}

}  // namespace plait
