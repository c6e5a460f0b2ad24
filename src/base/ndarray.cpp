#include "plait/ndarray.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "base/buffer.h"
#include "base/check.h"
#include "base/half.h"

namespace plait {
namespace {

// Calls f(offset of a, offset of b) for the start of every innermost row of two arrays of one shape.
template <class F>
void for_each_row(const Shape& shape, const Shape& a, const Shape& b, F&& f) {
  if (shape.empty()) return f(0, 0);
  if (num_elements(shape) == 0) return;
  const int outer = static_cast<int>(shape.size()) - 1;
  Shape index(shape.size(), 0);
  std::int64_t at_a = 0;
  std::int64_t at_b = 0;
  while (true) {
    f(at_a, at_b);
    int axis = outer - 1;
    for (; axis >= 0; --axis) {
      at_a += a[axis];
      at_b += b[axis];
      if (++index[axis] < shape[axis]) break;
      at_a -= a[axis] * shape[axis];
      at_b -= b[axis] * shape[axis];
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

template <class T>
void copy_row(std::byte* to, std::int64_t to_stride, const std::byte* from, std::int64_t from_stride,
              std::int64_t count) {
  if (to_stride == sizeof(T) && from_stride == sizeof(T)) {
    std::memcpy(to, from, static_cast<std::size_t>(count) * sizeof(T));
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    std::memcpy(to + i * to_stride, from + i * from_stride, sizeof(T));
  }
}

struct Bytes16 {
  std::uint64_t words[2];
};

using CopyRow = void (*)(std::byte*, std::int64_t, const std::byte*, std::int64_t, std::int64_t);
CopyRow copy_row_of(std::size_t item_size) {
  switch (item_size) {
    case 1:
      return copy_row<std::uint8_t>;
    case 2:
      return copy_row<std::uint16_t>;
    case 4:
      return copy_row<std::uint32_t>;
    case 8:
      return copy_row<std::uint64_t>;
    default:
      return copy_row<Bytes16>;
  }
}

template <class T>
constexpr bool is_complex_type = std::is_same_v<T, std::complex<float>> || std::is_same_v<T, std::complex<double>>;

template <class To, class From>
To convert(From value) {
  if constexpr (std::is_same_v<From, Half>) {
    return convert<To>(to_float(value));
  } else if constexpr (std::is_same_v<To, Half>) {
    if constexpr (is_complex_type<From>)
      return to_half(static_cast<float>(value.real()));
    else
      return to_half(static_cast<float>(value));
  } else if constexpr (is_complex_type<From>) {
    if constexpr (is_complex_type<To>)
      return To(static_cast<typename To::value_type>(value.real()), static_cast<typename To::value_type>(value.imag()));
    else if constexpr (std::is_same_v<To, bool>)
      return value != From{};
    else
      return static_cast<To>(value.real());
  } else if constexpr (is_complex_type<To>) {
    return To(static_cast<typename To::value_type>(value));
  } else {
    return static_cast<To>(value);
  }
}

template <class T>
T load(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return value;
}

// Extents may come from data: a number that is counted makes an array of its size.
std::size_t checked_bytes(DType dtype, const Shape& shape) {
  auto num_bytes = static_cast<std::int64_t>(item_size(dtype));
  for (std::int64_t extent : shape) {
    if (extent < 0 || __builtin_mul_overflow(num_bytes, std::max<std::int64_t>(extent, 1), &num_bytes)) {
      throw Error(ErrorKind::memory, "an array of shape " + to_string(shape) + " and dtype " +
                                         std::string(name(dtype)) + " does not fit any memory");
    }
  }
  return num_elements(shape) == 0 ? 0 : static_cast<std::size_t>(num_bytes);
}

// Merges neighbouring axes that both arrays step through evenly, so that rows are long.
void merge_axes(Shape& shape, Shape& a, Shape& b) {
  for (int axis = static_cast<int>(shape.size()) - 2; axis >= 0; --axis) {
    const std::int64_t inner = shape[axis + 1];
    if (a[axis] == a[axis + 1] * inner && b[axis] == b[axis + 1] * inner) {
      shape[axis] *= inner;
      a[axis] = a[axis + 1];
      b[axis] = b[axis + 1];
      shape.erase(shape.begin() + axis + 1);
      a.erase(a.begin() + axis + 1);
      b.erase(b.begin() + axis + 1);
    }
  }
}

}  // namespace

std::int64_t num_elements(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

std::string to_string(const Shape& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + (shape.size() == 1 ? ",)" : ")");
}

Shape contiguous_strides(const Shape& shape, std::size_t item_size) {
  Shape strides(shape.size());
  auto step = static_cast<std::int64_t>(item_size);
  for (int axis = static_cast<int>(shape.size()) - 1; axis >= 0; --axis) {
    strides[axis] = step;
    step *= std::max<std::int64_t>(shape[axis], 1);
  }
  return strides;
}

NdArray::NdArray() : NdArray(zeros(DType::float64, {})) {}

NdArray NdArray::empty(DType dtype, Shape shape) {
  const std::size_t num_bytes = checked_bytes(dtype, shape);
  Shape strides = contiguous_strides(shape, item_size(dtype));
  auto buffer = Buffer::allocate(num_bytes);
  const std::byte* data = buffer->data();
  return wrap(dtype, std::move(shape), std::move(strides), data, std::move(buffer));
}

NdArray NdArray::zeros(DType dtype, Shape shape) {
  NdArray out = empty(dtype, std::move(shape));
  std::memset(out.mutable_bytes(), 0, out.num_bytes());
  return out;
}

NdArray NdArray::wrap(DType dtype, Shape shape, Shape strides, const void* data, std::shared_ptr<const void> owner) {
  NdArray out(dtype);
  out.shape_ = std::move(shape);
  out.strides_ = std::move(strides);
  out.data_ = static_cast<const std::byte*>(data);
  out.owner_ = std::move(owner);
  return out;
}

bool NdArray::is_contiguous() const {
  auto step = static_cast<std::int64_t>(item_size(dtype_));
  for (int axis = ndim() - 1; axis >= 0; --axis) {
    if (shape_[axis] == 0) return true;
    if (shape_[axis] != 1 && strides_[axis] != step) return false;
    step *= shape_[axis];
  }
  return true;
}

NdArray NdArray::with_layout(Shape shape, Shape strides, std::int64_t offset_bytes) const {
  return wrap(dtype_, std::move(shape), std::move(strides), data_ + offset_bytes, owner_);
}

NdArray NdArray::transposed() const {
  return with_layout(Shape(shape_.rbegin(), shape_.rend()), Shape(strides_.rbegin(), strides_.rend()), 0);
}

NdArray NdArray::transposed(std::span<const int> axes) const {
  PLAIT_CHECK(static_cast<int>(axes.size()) == ndim());
  Shape shape;
  Shape strides;
  for (int axis : axes) {
    shape.push_back(shape_.at(axis));
    strides.push_back(strides_.at(axis));
  }
  return with_layout(std::move(shape), std::move(strides), 0);
}

NdArray NdArray::sliced(int axis, std::int64_t start, std::int64_t count, std::int64_t step) const {
  Shape shape = shape_;
  Shape strides = strides_;
  shape.at(axis) = count;
  strides.at(axis) *= step;
  return with_layout(std::move(shape), std::move(strides), count == 0 ? 0 : start * strides_[axis]);
}

NdArray NdArray::reshaped(Shape shape) const {
  if (num_elements(shape) != size()) {
    throw value_error("cannot reshape array of shape " + to_string(shape_) + " into shape " + to_string(shape));
  }
  Shape strides = contiguous_strides(shape, item_size(dtype_));
  return contiguous().with_layout(std::move(shape), std::move(strides), 0);
}

NdArray NdArray::broadcast_to(const Shape& shape) const {
  Shape strides(shape.size(), 0);
  const int lead = static_cast<int>(shape.size()) - ndim();
  bool fits = lead >= 0;
  for (int axis = 0; fits && axis < ndim(); ++axis) {
    if (shape_[axis] == shape[axis + lead])
      strides[axis + lead] = shape_[axis] == 1 ? 0 : strides_[axis];
    else
      fits = shape_[axis] == 1;
  }
  if (!fits) throw value_error("cannot broadcast shape " + to_string(shape_) + " to shape " + to_string(shape));
  return with_layout(shape, std::move(strides), 0);
}

NdArray NdArray::contiguous() const { return is_contiguous() ? *this : copy(); }

NdArray NdArray::copy() const {
  NdArray out = empty(dtype_, shape_);
  out.assign(*this);
  return out;
}

void NdArray::assign(const NdArray& from) {
  PLAIT_CHECK(from.dtype_ == dtype_ && from.shape_ == shape_);
  Shape shape = shape_;
  Shape to_strides = strides_;
  Shape from_strides = from.strides_;
  merge_axes(shape, to_strides, from_strides);
  const CopyRow row = copy_row_of(item_size(dtype_));
  const bool flat = shape.empty();
  for_each_row(shape, to_strides, from_strides, [&](std::int64_t to, std::int64_t at) {
    row(mutable_bytes() + to, flat ? 0 : to_strides.back(), from.data_ + at, flat ? 0 : from_strides.back(),
        flat ? 1 : shape.back());
  });
}

NdArray NdArray::astype(DType dtype) const {
  if (dtype == dtype_) return *this;
  NdArray out = empty(dtype, shape_);
  visit_dtype(dtype_, [&]<class FromTag>(FromTag) {
    visit_dtype(dtype, [&]<class ToTag>(ToTag) {
      using From = typename FromTag::type;
      using To = typename ToTag::type;
      const std::int64_t count = shape_.empty() ? 1 : shape_.back();
      const std::int64_t step = shape_.empty() ? 0 : strides_.back();
      for_each_row(shape_, out.strides_, strides_, [&](std::int64_t to_offset, std::int64_t from_offset) {
        auto* to = reinterpret_cast<To*>(out.mutable_bytes() + to_offset);
        const std::byte* from = data_ + from_offset;
        for (std::int64_t i = 0; i < count; ++i) to[i] = convert<To>(load<From>(from + i * step));
      });
    });
  });
  return out;
}

void NdArray::require_dtype(DType wanted) const {
  if (wanted == dtype_) return;
  throw type_error("the array holds " + std::string(name(dtype_)) + ", it was read as " + std::string(name(wanted)) +
                   "; convert it with astype");
}

std::int64_t NdArray::offset_of(std::span<const std::int64_t> index) const {
  if (static_cast<int>(index.size()) != ndim()) {
    throw index_error("at: " + std::to_string(index.size()) + " indices for an array of " + std::to_string(ndim()) +
                      " axes");
  }
  std::int64_t offset = 0;
  for (int axis = 0; axis < ndim(); ++axis) {
    if (index[axis] < 0 || index[axis] >= shape_[axis]) {
      throw index_error("at: index " + std::to_string(index[axis]) + " is out of range for axis " +
                        std::to_string(axis) + " of length " + std::to_string(shape_[axis]));
    }
    offset += index[axis] * strides_[axis];
  }
  return offset;
}

}  // namespace plait
