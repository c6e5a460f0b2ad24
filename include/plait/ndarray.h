// NdArray: a concrete n-dimensional array in memory, the value of one chunk or of a whole computed array.
//
// Like a NumPy array it has a dtype, a shape and strides over memory that it shares with its copies and views. Elements
// are read through `at<T>`, `data<T>` or a copy; values that tasks have yielded are never changed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plait/dtype.h"
#include "plait/error.h"

namespace plait {

using Shape = std::vector<std::int64_t>;

// The product of the extents.
PLAIT_API std::int64_t num_elements(const Shape& shape);
// NumPy's spelling: "(3, 4)", "(5,)", "()".
PLAIT_API std::string to_string(const Shape& shape);
// The strides, in bytes, of a C-ordered array.
PLAIT_API Shape contiguous_strides(const Shape& shape, std::size_t item_size);

class PLAIT_API NdArray {
 public:
  // A 0-d float64 zero.
  NdArray();

  // Uninitialised memory in C order.
  static NdArray empty(DType dtype, Shape shape);
  static NdArray zeros(DType dtype, Shape shape);
  // Somebody else's memory; `owner` is kept alive. Strides are in bytes.
  static NdArray wrap(DType dtype, Shape shape, Shape strides, const void* data, std::shared_ptr<const void> owner);

  // Literals: NdArray::from<double>({3}, {1, 2, 3}).
  template <class T>
  static NdArray from(Shape shape, std::initializer_list<T> values) {
    return from(std::move(shape), std::span<const T>(values.begin(), values.size()));
  }
  template <class T>
  static NdArray from(Shape shape, std::span<const T> values) {
    NdArray out = empty(dtype_of<T>, std::move(shape));
    if (static_cast<std::int64_t>(values.size()) != out.size()) {
      throw value_error("NdArray: " + std::to_string(values.size()) + " values do not fill shape " +
                        to_string(out.shape()));
    }
    T* to = out.mutable_data<T>();
    for (const T& value : values) *to++ = value;
    return out;
  }
  template <class T>
  static NdArray scalar(T value) {
    return from<T>({}, {value});
  }

  DType dtype() const { return dtype_; }
  const Shape& shape() const { return shape_; }
  const Shape& strides() const { return strides_; }
  int ndim() const { return static_cast<int>(shape_.size()); }
  std::int64_t size() const { return num_elements(shape_); }
  // Bytes of the elements (not of the memory that a view keeps alive).
  std::size_t num_bytes() const { return static_cast<std::size_t>(size()) * item_size(dtype_); }
  bool is_contiguous() const;

  const std::byte* bytes() const { return data_; }
  std::byte* mutable_bytes() { return const_cast<std::byte*>(data_); }
  const std::shared_ptr<const void>& owner() const { return owner_; }

  // Typed access to the first element; throws a type error if T is not the dtype's type.
  template <class T>
  const T* data() const {
    require_dtype(dtype_of<T>);
    return reinterpret_cast<const T*>(data_);
  }
  // For the code that fills a new array; nobody else may see it yet.
  template <class T>
  T* mutable_data() {
    return const_cast<T*>(data<T>());
  }
  // One element, bounds checked; negative indices are not accepted.
  template <class T>
  const T& at(std::initializer_list<std::int64_t> index) const {
    require_dtype(dtype_of<T>);
    return *reinterpret_cast<const T*>(data_ + offset_of(std::span(index.begin(), index.size())));
  }
  // The only element of an array of size one.
  template <class T>
  T item() const {
    require_dtype(dtype_of<T>);
    if (size() != 1) throw value_error("item: the array has shape " + to_string(shape_) + ", expected one element");
    return *reinterpret_cast<const T*>(data_);
  }

  // The same memory seen differently.
  NdArray with_layout(Shape shape, Shape strides, std::int64_t offset_bytes) const;
  NdArray transposed() const;
  NdArray transposed(std::span<const int> axes) const;
  // Elements start, start + step, ... (count of them) along one axis; step may be negative.
  NdArray sliced(int axis, std::int64_t start, std::int64_t count, std::int64_t step = 1) const;
  // A view of a contiguous array, else of its copy. Sizes must match.
  NdArray reshaped(Shape shape) const;
  NdArray broadcast_to(const Shape& shape) const;

  // C order; returns itself when it is so already.
  NdArray contiguous() const;
  NdArray copy() const;
  // Copies every element of `from` (same shape and dtype) into this array's memory.
  void assign(const NdArray& from);
  NdArray astype(DType dtype) const;

 private:
  explicit NdArray(DType dtype) : dtype_(dtype), data_(nullptr) {}
  void require_dtype(DType wanted) const;
  std::int64_t offset_of(std::span<const std::int64_t> index) const;

  DType dtype_;
  Shape shape_;
  Shape strides_;
  const std::byte* data_;
  std::shared_ptr<const void> owner_;
};

// Printed as NumPy prints it, shortened with "..." beyond 1000 elements.
PLAIT_API std::ostream& operator<<(std::ostream& out, const NdArray& array);
PLAIT_API std::string to_string(const NdArray& array);

// A literal in NumPy's nested brackets: array("[[1, 2], [3, 4]]") is int64, a decimal point makes it float64.
PLAIT_API NdArray array(std::string_view text);

}  // namespace plait
