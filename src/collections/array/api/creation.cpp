#include "plait/array/creation.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "collections/array/api/arguments.h"
#include "collections/array/arguments.h"
#include "collections/array/creation.h"
#include "collections/start.h"
#include "plait/array/elementwise.h"
#include "plait/array/layout.h"

namespace plait {
namespace {

using int128 = __int128;

NdArray scalar_of(const Operand& number, DType dtype) {
  NdArray scalar = NdArray::empty(dtype, {});
  store_scalar(number.number(), dtype, scalar.mutable_bytes());
  return scalar;
}

DType dtype_of_number(const Operand& number) {
  check_within_64_bits(number);
  return number.dtype().value_or(dtype_of_scalar(number.number()));
}

// A number of Python's that an integer type cannot hold; NumPy's numbers are converted, as in NumPy.
void check_fits(const char* what, const Operand& number, DType dtype) {
  if (number.dtype() || (fits(number.number(), dtype) && !(number.is_beyond_64_bits() && is_integer(dtype)))) return;
  throw overflow_error(
      fmt::format("{}: Python integer {} out of bounds for {}", what, to_string(number.number()), name(dtype)));
}

// `label` is what people call the operation.
Array filled(const char* what, const char* label, const Operand& value, const Shape& shape, const ChunkArgument& chunks,
             DType dtype, Location where) {
  start();
  const SourceScope scope = source_scope(where);
  check_fits(what, value, dtype);
  return Array(fill(label, scalar_of(value, dtype), new_chunks(what, shape, chunks, dtype)));
}

// One value in the shape of an array that only computing tells: the array's own blocks, false everywhere, help out.
Array filled_like_unknown(const Array& array, const Operand& value, DType dtype) {
  const Array nowhere = (array != array) & false;
  return (nowhere + value).astype(dtype);
}

using Maker = Array (*)(const Shape&, const Operand&, const ChunkArgument&, DType, Location);

Array like(const Array& array, const Unlike& but, const Operand& value, Location where, Maker make) {
  const SourceScope scope = source_scope(where);
  const DType dtype = but.dtype.value_or(array.dtype());
  const Shape shape = but.shape.value_or(array.shape());
  if (!but.shape && array.size() == kUnknownExtent) return filled_like_unknown(array, value, dtype);
  ChunkArgument chunks;
  if (!but.shape && array.ndim() > 0) {
    std::vector<AxisExtents> own;
    for (const auto& blocks : array.chunks()) own.emplace_back(blocks);
    chunks = ChunkArgument::per_axis(std::move(own));
  }
  return make(shape, value, but.chunks.value_or(chunks), dtype, where);
}

double real_number(const char* what, const Operand& number) {
  if (!number.is_number() || number.number().index() == 4)
    throw type_error(fmt::format("{}: start, stop and step must be real numbers", what));
  return std::visit(
      []<class T>(const T& value) {
        if constexpr (std::is_arithmetic_v<T>)
          return static_cast<double>(value);
        else
          return value.real();
      },
      number.number());
}

// The number where it is a whole one.
std::optional<int128> whole_number(const Operand& number) {
  if (const auto* small = std::get_if<std::int64_t>(&number.number())) return *small;
  if (const auto* large = std::get_if<std::uint64_t>(&number.number())) return *large;
  if (const auto* truth = std::get_if<bool>(&number.number())) return *truth;
  return std::nullopt;
}

// How many numbers lie between the ends: exactly, where they are whole.
std::int64_t range_length(const Operand& start, const Operand& stop, const Operand& step) {
  const auto from = whole_number(start);
  const auto to = whole_number(stop);
  const auto by = whole_number(step);
  if (!from || !to || !by || *by == 0)
    return arange_length(real_number("arange", start), real_number("arange", stop), real_number("arange", step));
  const int128 distance = *by > 0 ? *to - *from : *from - *to;
  const int128 stride = *by > 0 ? *by : -*by;
  const int128 count = distance <= 0 ? 0 : (distance + stride - 1) / stride;
  if (count > std::numeric_limits<std::int64_t>::max())
    throw value_error("arange: there are more than 2**63 numbers between start and stop; give a larger step");
  return static_cast<std::int64_t>(count);
}

// The first two elements, from which the others follow, must be numbers of the type.
void check_range_fits(std::int64_t length, const Operand& start, const Operand& step, DType dtype) {
  if (is_bool(dtype) && length > 2)
    throw type_error(fmt::format("arange: {} elements of dtype bool are asked for, expected at most 2", length));
  if (length > 0) check_fits("arange", start, dtype);
  const auto from = whole_number(start);
  const auto by = whole_number(step);
  if (length < 2 || !from || !by || start.dtype() || step.dtype()) return;
  const int128 second = *from + *by;
  if (second < 0)
    check_fits("arange", Operand(static_cast<std::int64_t>(second)), dtype);
  else
    check_fits("arange", Operand(static_cast<std::uint64_t>(second)), dtype);
}

// The corners of a triangle are the same for all diagonals beyond them.
std::int64_t diagonal_within(std::int64_t k, std::int64_t rows, std::int64_t columns) {
  return std::clamp(k, -std::max<std::int64_t>(rows, 0) - 1, std::max<std::int64_t>(columns, 0) + 1);
}

// NumPy's arange has int64 at least.
DType range_dtype(const Operand& start, const Operand& stop, const Operand& step) {
  DType dtype = DType::int64;
  for (const Operand* number : {&start, &stop, &step}) dtype = promote(dtype, dtype_of_number(*number));
  return dtype;
}

// Coordinates along one of `ndim` axes.
Array line_along(const Array& line, std::size_t axis, std::size_t ndim) {
  Shape shape(ndim, 1);
  shape[axis] = -1;
  return line.reshape(shape);
}

}  // namespace

Array ones(const Shape& shape, const ChunkArgument& chunks, DType dtype, Location where) {
  return filled("ones", "ones_like", 1, shape, chunks, dtype, where);
}

Array zeros(const Shape& shape, const ChunkArgument& chunks, DType dtype, Location where) {
  return filled("zeros", "zeros_like", 0, shape, chunks, dtype, where);
}

Array empty(const Shape& shape, const ChunkArgument& chunks, DType dtype, Location where) {
  return filled("empty", "empty_like", 0, shape, chunks, dtype, where);
}

Array full(const Shape& shape, const Operand& value, const ChunkArgument& chunks, std::optional<DType> dtype) {
  if (!value.is_number())
    throw value_error("full: the value is an array, expected a number; use broadcast_to to repeat an array");
  return filled("full", "full_like", value, shape, chunks, dtype.value_or(dtype_of_number(value)), value.where());
}

Array ones_like(const Array& array, const Unlike& but, Location where) {
  return like(array, but, 1, where, [](auto& shape, auto&, auto& chunks, DType dtype, Location line) {
    return ones(shape, chunks, dtype, line);
  });
}

Array zeros_like(const Array& array, const Unlike& but, Location where) {
  return like(array, but, 0, where, [](auto& shape, auto&, auto& chunks, DType dtype, Location line) {
    return zeros(shape, chunks, dtype, line);
  });
}

Array empty_like(const Array& array, const Unlike& but, Location where) {
  return like(array, but, 0, where, [](auto& shape, auto&, auto& chunks, DType dtype, Location line) {
    return empty(shape, chunks, dtype, line);
  });
}

Array full_like(const Array& array, const Operand& value, const Unlike& but) {
  return like(array, but, value, value.where(), [](auto& shape, auto& number, auto& chunks, DType dtype, Location) {
    return full(shape, number, chunks, dtype);
  });
}

Array arange(const Operand& stop, const ChunkArgument& chunks, std::optional<DType> dtype) {
  return arange(Operand(std::int64_t{0}, stop.where()), stop, 1, chunks, dtype);
}

Array arange(const Operand& first, const Operand& stop, const Operand& step, const ChunkArgument& chunks,
             std::optional<DType> dtype) {
  start();
  const SourceScope scope = source_scope(first.where());
  const double begin = real_number("arange", first);
  const Shape shape = {range_length(first, stop, step)};
  const double by = shape[0] > 1 ? real_number("arange", step) : 0;  // which may be infinite where nothing is stepped
  const DType item = dtype ? *dtype : range_dtype(first, stop, step);
  check_range_fits(shape[0], first, step, item);
  Chunks cut = new_chunks("arange", shape, chunks, item);
  const auto whole_begin = whole_number(first);
  const auto whole_step = whole_number(step);
  if (whole_begin && whole_step && is_integer(item))
    return Array(
        arange(static_cast<std::int64_t>(*whole_begin), static_cast<std::int64_t>(*whole_step), item, std::move(cut)));
  return Array(arange(begin, by, item, std::move(cut)));
}

Array linspace(double first, double stop, std::int64_t count, const ChunkArgument& chunks, const Linspace& how,
               Location where) {
  start();
  const SourceScope scope = source_scope(where);
  check_at_least("linspace", "num", count, 0);
  const DType made = is_floating(how.dtype) ? how.dtype : DType::float64;
  const Array numbers(linspace(first, stop, how.endpoint, made, new_chunks("linspace", {count}, chunks, made)));
  return is_integer(how.dtype) ? floor(numbers).astype(how.dtype) : numbers.astype(how.dtype);
}

Array eye(std::int64_t rows, const ChunkArgument& chunks, const Diagonal& how, Location where) {
  start();
  const SourceScope scope = source_scope(where);
  const std::int64_t columns = how.columns.value_or(rows);
  Chunks cut = new_chunks("eye", {rows, columns}, chunks, how.dtype);
  return Array(eye(diagonal_within(how.k, rows, columns), how.dtype, std::move(cut)));
}

Array tri(std::int64_t rows, const ChunkArgument& chunks, const Diagonal& how, Location where) {
  const SourceScope scope = source_scope(where);
  const std::int64_t columns = how.columns.value_or(rows);
  const Chunks cut = new_chunks("tri", {rows, columns}, chunks, how.dtype);
  const Array down = arange(rows, ChunkArgument::per_axis({cut[0]})).expand_dims(1);
  const std::int64_t k = diagonal_within(how.k, rows, columns);
  const Array across = arange(-k, columns - k, 1, ChunkArgument::per_axis({cut[1]}));
  return (down >= across).astype(how.dtype);
}

Array indices(const Shape& shape, const ChunkArgument& chunks, DType dtype, Location where) {
  const SourceScope scope = source_scope(where);
  if (shape.empty()) return zeros({0}, {}, dtype);
  const Chunks cut = new_chunks("indices", shape, chunks, dtype);
  std::vector<AxisExtents> all_chunks(cut.begin(), cut.end());
  std::vector<Array> grids;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    const Array line = arange(0, shape[axis], 1, ChunkArgument::per_axis({cut[axis]}), dtype);
    grids.push_back(
        line_along(line, axis, shape.size()).broadcast_to(shape).rechunk(ChunkArgument::per_axis(all_chunks)));
  }
  return stack(grids);
}

std::vector<Array> meshgrid(const std::vector<Array>& lines, bool sparse, MeshIndexing indexing, Location where) {
  const SourceScope scope = source_scope(where);
  std::vector<std::size_t> axes(lines.size());
  for (std::size_t i = 0; i < axes.size(); ++i) axes[i] = i;
  if (indexing == MeshIndexing::xy && axes.size() > 1) std::swap(axes[0], axes[1]);
  Shape shape(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) shape[axes[i]] = lines[i].size();
  std::vector<Array> grids;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Array grid = line_along(lines[i].ravel(), axes[i], lines.size());
    grids.push_back(sparse ? grid : grid.broadcast_to(shape));
  }
  return grids;
}

Array from_array(const NdArray& array, const ChunkArgument& chunks, Location where) {
  start();
  const SourceScope scope = source_scope(where);
  return Array(from_array(array, new_chunks("from_array", array.shape(), chunks, array.dtype())));
}

}  // namespace plait
