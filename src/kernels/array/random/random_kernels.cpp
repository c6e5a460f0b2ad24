#include "kernels/array/random/random_kernels.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

#include "base/check.h"
#include "base/kernel.h"
#include "kernels/array/random/draw_stream.h"
#include "kernels/array/random/uniform_stream.h"
#include "plait/error.h"

namespace plait {
namespace {

using Kind = DistributionKind;

// Draws that keep to the first-level cache, and that let a cancelled run end soon.
constexpr std::int64_t kTile = 4096;

// draw(first, to, n): draws number first, first + 1, ... in C order, into contiguous memory.
using DrawTile = std::function<void(std::int64_t first, std::byte* to, std::int64_t n)>;

void draw_contiguous(NdArray& out, std::int64_t num_draws, std::int64_t step, const TaskContext& context,
                     const DrawTile& draw) {
  for (std::int64_t at = 0; at < num_draws; at += kTile) {
    context.check_cancelled();
    draw(at, out.mutable_bytes() + at * step, std::min(kTile, num_draws - at));
  }
}

// The rows of a view in C order: each is drawn in place where its elements stand side by side, else copied from a tile.
class RowDrawer {
 public:
  RowDrawer(NdArray& out, const DrawTile& draw, const TaskContext& context)
      : out_(out), draw_(draw), context_(context), item_(static_cast<std::int64_t>(item_size(out.dtype()))) {}

  void run() { run_axis(0, out_.mutable_bytes()); }

 private:
  void run_axis(std::size_t axis, std::byte* start) {
    const std::int64_t length = out_.shape()[axis];
    const std::int64_t stride = out_.strides()[axis];
    if (axis + 1 < out_.shape().size()) {
      for (std::int64_t i = 0; i < length; ++i) run_axis(axis + 1, start + i * stride);
      return;
    }
    for (std::int64_t at = 0; at < length; at += kTile) {
      context_.check_cancelled();
      draw_part(start + at * stride, stride, std::min(kTile, length - at));
    }
  }

  void draw_part(std::byte* start, std::int64_t stride, std::int64_t n) {
    if (stride == item_) {
      draw_(num_drawn_, start, n);
    } else {
      draw_(num_drawn_, tile_.data(), n);
      for (std::int64_t i = 0; i < n; ++i) std::copy_n(tile_.data() + i * item_, item_, start + i * stride);
    }
    num_drawn_ += n;
  }

  NdArray& out_;
  const DrawTile& draw_;
  const TaskContext& context_;
  std::int64_t item_;
  std::int64_t num_drawn_ = 0;
  std::vector<std::byte> tile_ = std::vector<std::byte>(kTile * item_);
};

void draw_into(NdArray& out, std::int64_t values_per_draw, const TaskContext& context, const DrawTile& draw) {
  const std::int64_t num_draws = values_per_draw == 0 ? 0 : out.size() / values_per_draw;
  if (num_draws == 0) return;
  if (out.is_contiguous()) {
    const auto step = static_cast<std::int64_t>(item_size(out.dtype())) * values_per_draw;
    return draw_contiguous(out, num_draws, step, context, draw);
  }
  if (values_per_draw == 1) return RowDrawer(out, draw, context).run();
  NdArray drawn = NdArray::empty(out.dtype(), out.shape());
  draw_into(drawn, values_per_draw, context, draw);
  out.assign(drawn);
}

void draw_scalar_parameters(const RandomParams& params, NdArray& out, const TaskContext& context) {
  const Distribution& of = params.distribution;
  const BlockPlacement placement = params.placement.value_or(BlockPlacement{});
  if (of.kind == Kind::random && of.dtype == DType::float32) {
    UniformStream stream(params.seed, placement);
    return draw_into(out, 1, context, [&](std::int64_t, std::byte* to, std::int64_t n) {
      stream.fill(reinterpret_cast<float*>(to), n);
    });
  }
  DrawStream stream(params.seed, of, placement);
  if (of.kind == Kind::choice && !of.replace) {  // It cannot be drawn in parts.
    NdArray drawn = NdArray::empty(out.dtype(), out.shape());
    stream.fill(drawn.mutable_bytes(), drawn.size());
    return out.assign(drawn);
  }
  draw_into(out, values_per_draw(of), context,
            [&](std::int64_t, std::byte* to, std::int64_t n) { stream.fill(to, n); });
}

void draw_array_parameters(const RandomParams& params, std::span<const NdArray> arrays, NdArray& out,
                           const TaskContext& context) {
  const std::size_t count = info(params.distribution.kind).parameters.size();
  std::vector<NdArray> values(count);
  for (std::size_t p = 0; p < count; ++p) {
    const auto found = std::find(params.array_parameters.begin(), params.array_parameters.end(), static_cast<int>(p));
    if (found == params.array_parameters.end()) {
      values[p] = NdArray::empty(DType::float64, {});
      *values[p].mutable_data<double>() = params.distribution.parameters.at(p);
    } else {
      values[p] = arrays[found - params.array_parameters.begin()].astype(DType::float64);
    }
    values[p] = values[p].broadcast_to(params.shape).contiguous();
  }
  DrawStream stream(params.seed, params.distribution, params.placement.value_or(BlockPlacement{}));
  draw_into(out, 1, context, [&](std::int64_t first, std::byte* to, std::int64_t n) {
    std::array<const double*, 3> at{};
    for (std::size_t p = 0; p < count; ++p) at[p] = values[p].data<double>() + first;
    stream.fill_with(std::span(at).first(count), to, n);
  });
}

// The bounds of each integer as [low, low + range].
struct IntegerBounds {
  std::vector<std::int64_t> lows;
  std::vector<std::uint64_t> ranges;
};

std::vector<int128> wide_integers(const NdArray& array, const Shape& shape) {
  const bool is_unsigned = array.dtype() == DType::uint64;
  const NdArray numbers = (is_unsigned ? array : array.astype(DType::int64)).broadcast_to(shape).contiguous();
  std::vector<int128> wide(numbers.size());
  for (std::int64_t i = 0; i < numbers.size(); ++i) {
    wide[i] = is_unsigned ? int128{numbers.data<std::uint64_t>()[i]} : int128{numbers.data<std::int64_t>()[i]};
  }
  return wide;
}

IntegerBounds integer_bounds(const RandomParams& params, std::span<const NdArray> arrays) {
  PLAIT_CHECK(arrays.size() == 2);
  const std::vector<int128> lows = wide_integers(arrays[0], params.shape);
  const std::vector<int128> highs = wide_integers(arrays[1], params.shape);
  IntegerBounds bounds;
  for (std::size_t i = 0; i < lows.size(); ++i) {
    const Distribution one = make_integers(lows[i], highs[i], params.distribution.dtype, params.endpoint);
    bounds.lows.push_back(one.low);
    bounds.ranges.push_back(one.range);
  }
  return bounds;
}

void draw_array_bounds(const RandomParams& params, std::span<const NdArray> arrays, NdArray& out,
                       const TaskContext& context) {
  const IntegerBounds bounds = integer_bounds(params, arrays);
  DrawStream stream(params.seed, params.distribution, params.placement.value_or(BlockPlacement{}));
  draw_into(out, 1, context, [&](std::int64_t first, std::byte* to, std::int64_t n) {
    stream.fill_between(bounds.lows.data() + first, bounds.ranges.data() + first, to, n);
  });
}

}  // namespace

void fill_random(const RandomParams& params, std::span<const NdArray> arrays, NdArray out, const TaskContext& context) {
  if (arrays.empty()) return draw_scalar_parameters(params, out, context);
  if (params.distribution.kind == Kind::integers) return draw_array_bounds(params, arrays, out, context);
  draw_array_parameters(params, arrays, out, context);
}

void register_random_kernels() {
  define(random_kernel,
         "One chunk of random numbers of a distribution, whose parameters are scalars or the input arrays.",
         [](Inputs inputs, const RandomParams& params, const TaskContext& context) {
           Shape shape = params.shape;
           if (values_per_draw(params.distribution) != 1 || params.distribution.kind == Kind::multinomial ||
               params.distribution.kind == Kind::multivariate_hypergeometric) {
             shape.push_back(values_per_draw(params.distribution));
           }
           std::vector<NdArray> arrays;
           for (const Value& input : inputs) arrays.push_back(input.as<NdArray>());
           NdArray out = context.output(params.distribution.dtype, shape);
           fill_random(params, arrays, out, context);
           return Value::of(std::move(out));
         });
}

}  // namespace plait
