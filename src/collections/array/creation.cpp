#include "collections/array/creation.h"

#include <fmt/format.h>

#include <cmath>

#include "base/check.h"
#include "kernels/array/generate.h"
#include "kernels/array/views.h"

namespace plait {
namespace {

// The element that np.ones and np.zeros are made of.
NdArray one_of(DType dtype, std::int64_t value) { return NdArray::scalar<std::int64_t>(value).astype(dtype); }

BlockTask generated(KernelCall call, std::uint64_t output_bytes) {
  return {.call = std::move(call), .output_bytes = output_bytes};
}

}  // namespace

MetaPtr Fill::infer_meta() const { return make_array_meta(scalar().dtype(), chunks); }

std::string Fill::describe() const { return to_string(scalar()); }

BlockTask Fill::block_task(std::int64_t block) const {
  const auto& known = static_cast<const ArrayMeta&>(meta());
  return generated(fill_kernel({value, known.block_shape(block)}), known.block_bytes(block));
}

MetaPtr Range::infer_meta() const { return make_array_meta(dtype, chunks); }

std::string Range::describe() const {
  if (is_integer(dtype)) return fmt::format("start={}, step={}", integer_start, integer_step);
  return fmt::format("start={}, step={}", start, step);
}

BlockTask Range::block_task(std::int64_t block) const {
  const auto& known = static_cast<const ArrayMeta&>(meta());
  RangeParams params{
      .dtype = dtype, .start = start, .step = step, .integer_start = integer_start, .integer_step = integer_step};
  params.first = known.block_start(block)[0];
  params.count = known.block_shape(block)[0];
  if (params.first + params.count == known.shape()[0]) params.last = last;
  return generated(range_kernel(params), known.block_bytes(block));
}

MetaPtr Eye::infer_meta() const { return make_array_meta(dtype, chunks); }

std::string Eye::describe() const { return fmt::format("k={}", k); }

BlockTask Eye::block_task(std::int64_t block) const {
  const auto& known = static_cast<const ArrayMeta&>(meta());
  const Shape start = known.block_start(block);
  return generated(eye_kernel({dtype, known.block_shape(block), k + start[0] - start[1]}), known.block_bytes(block));
}

MetaPtr FromArray::infer_meta() const { return make_array_meta(array().dtype(), chunks); }

std::string FromArray::describe() const { return ""; }

BlockTask FromArray::block_task(std::int64_t block) const {
  const auto& known = static_cast<const ArrayMeta&>(meta());
  const Shape start = known.block_start(block);
  const Shape shape = known.block_shape(block);
  Spans spans;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) spans.push_back({start[axis], shape[axis], 1});
  return generated(chunk_kernel({Value::of(view_of(array(), spans))}), known.block_bytes(block));
}

MetaPtr KnownChunks::infer_meta() const {
  const ArrayMeta& from = array_meta(array);
  const MetaPtr known = make_array_meta(from.dtype(), chunks);
  if (known->grid() != from.grid()) {
    throw value_error(fmt::format("the array has {} blocks, the chunks given are for {}", to_string(from.grid()),
                                  to_string(known->grid())));
  }
  return known;
}

BlockTask KnownChunks::block_task(std::int64_t block) const {
  return {.call = slice_kernel({}), .inputs = {{0, block}}};
}

ExprPtr fill(std::string name, NdArray value, Chunks chunks) {
  PLAIT_CHECK(value.ndim() == 0);
  return make_expr<Fill>(std::move(name), Value::of(std::move(value)), std::move(chunks));
}

ExprPtr ones(DType dtype, Chunks chunks) { return fill("ones_like", one_of(dtype, 1), std::move(chunks)); }
ExprPtr zeros(DType dtype, Chunks chunks) { return fill("zeros_like", one_of(dtype, 0), std::move(chunks)); }

std::int64_t arange_length(double start, double stop, double step) {
  if (step == 0) throw value_error("arange: step is 0, but the numbers must go from start to stop");
  if (!std::isfinite(start) || !std::isfinite(stop) || std::isnan(step)) {
    throw value_error(
        fmt::format("arange: start={}, stop={}, step={} do not give a finite number of elements", start, stop, step));
  }
  const double steps = (stop - start) / step;
  // A step beyond the distance, even an infinite one, reaches the first number.
  if (steps == 0 && start != stop) return std::signbit(steps) ? 0 : 1;
  if (steps >= 0x1p63) {
    throw value_error(
        fmt::format("arange: start={}, stop={}, step={} give about {:.3g} elements, expected fewer than 2**63", start,
                    stop, step, steps));
  }
  return static_cast<std::int64_t>(std::max(0.0, std::ceil(steps)));
}

ExprPtr arange(std::int64_t start, std::int64_t step, DType dtype, Chunks chunks) {
  return make_expr<Range>(std::string("arange"), dtype, static_cast<double>(start), static_cast<double>(step), start,
                          step, std::optional<double>(), std::move(chunks));
}

ExprPtr arange(double start, double step, DType dtype, Chunks chunks) {
  // NumPy takes the difference of the first two elements as the step of all.
  const double first_step =
      is_integer(dtype)
          ? static_cast<double>(static_cast<std::int64_t>(start + step) - static_cast<std::int64_t>(start))
          : (start + step) - start;
  return make_expr<Range>(std::string("arange"), dtype, start, first_step, static_cast<std::int64_t>(start),
                          static_cast<std::int64_t>(first_step), std::optional<double>(), std::move(chunks));
}

ExprPtr linspace(double start, double stop, bool endpoint, DType dtype, Chunks chunks) {
  PLAIT_CHECK(chunks.size() == 1);
  const std::int64_t count = ArrayMeta(dtype, chunks).shape()[0];
  const std::int64_t divisions = endpoint ? count - 1 : count;
  const double step = divisions > 0 ? (stop - start) / static_cast<double>(divisions) : stop - start;
  std::optional<double> last;
  if (endpoint && count > 1) last = stop;
  return make_expr<Range>(std::string("linspace"), dtype, start, step, std::int64_t{0}, std::int64_t{0}, last,
                          std::move(chunks));
}

ExprPtr eye(std::int64_t k, DType dtype, Chunks chunks) { return make_expr<Eye>(dtype, k, std::move(chunks)); }

ExprPtr from_array(const NdArray& array, Chunks chunks, std::optional<Token> content) {
  Value memory = Value::of(array);
  if (!content) content = tokenize("array", memory);
  return make_expr<FromArray>(*content, std::move(chunks), std::move(memory));
}

ExprPtr with_known_chunks(ExprPtr array, Chunks chunks) {
  return make_expr<KnownChunks>(std::move(array), std::move(chunks));
}

}  // namespace plait
