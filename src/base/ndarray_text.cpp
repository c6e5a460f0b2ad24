// Arrays as text: printed as NumPy prints them, and read from nested brackets.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ostream>

#include "base/half.h"
#include "plait/ndarray.h"

namespace plait {
namespace {

constexpr std::int64_t kSummaryThreshold = 1000;
constexpr std::int64_t kSummaryEdge = 3;

std::string format_real(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  if (value == std::floor(value) && std::abs(value) < 1e16) return fmt::format("{:.0f}.", value);
  if (value != 0 && (std::abs(value) >= 1e16 || std::abs(value) < 1e-4)) return fmt::format("{:.8g}", value);
  std::string text = fmt::format("{:.8f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

std::string format_element(DType dtype, const std::byte* at) {
  return visit_dtype(dtype, [&]<class Tag>(Tag) -> std::string {
    using T = typename Tag::type;
    const T& value = *reinterpret_cast<const T*>(at);
    if constexpr (std::is_same_v<T, bool>)
      return value ? "True" : "False";
    else if constexpr (std::is_same_v<T, Half>)
      return format_real(to_float(value));
    else if constexpr (std::is_floating_point_v<T>)
      return format_real(value);
    else if constexpr (std::is_integral_v<T>)
      return fmt::format("{}", value);
    else
      return format_real(value.real()) + (value.imag() < 0 ? "-" : "+") + format_real(std::abs(value.imag())) + "j";
  });
}

class Printer {
 public:
  explicit Printer(const NdArray& array) : array_(array), shorten_(array.size() > kSummaryThreshold) {}

  std::string text() {
    visit(0, array_.bytes(),
          [&](const std::byte* at) { width_ = std::max(width_, format_element(array_.dtype(), at).size()); });
    if (array_.ndim() == 0) return format_element(array_.dtype(), array_.bytes());
    print(0, array_.bytes());
    return std::move(out_);
  }

 private:
  bool hidden(int axis, std::int64_t i) const {
    const std::int64_t extent = array_.shape()[axis];
    return shorten_ && extent > 2 * kSummaryEdge && i >= kSummaryEdge && i < extent - kSummaryEdge;
  }

  template <class F>
  void visit(int axis, const std::byte* at, const F& f) {
    if (axis == array_.ndim()) return f(at);
    for (std::int64_t i = 0; i < array_.shape()[axis]; ++i) {
      if (!hidden(axis, i)) visit(axis + 1, at + i * array_.strides()[axis], f);
    }
  }

  void print(int axis, const std::byte* at) {
    const bool innermost = axis + 1 == array_.ndim();
    out_ += '[';
    bool first = true;
    for (std::int64_t i = 0; i < array_.shape()[axis]; ++i) {
      if (hidden(axis, i)) {
        if (i == kSummaryEdge) out_ += innermost ? " ..." : "\n" + std::string(axis + 1, ' ') + "...";
        continue;
      }
      if (!first) out_ += innermost ? " " : std::string(array_.ndim() - axis - 1, '\n') + std::string(axis + 1, ' ');
      first = false;
      if (innermost) {
        const std::string element = format_element(array_.dtype(), at + i * array_.strides()[axis]);
        out_ += std::string(width_ - element.size(), ' ') + element;
      } else {
        print(axis + 1, at + i * array_.strides()[axis]);
      }
    }
    out_ += ']';
  }

  const NdArray& array_;
  bool shorten_;
  std::size_t width_ = 0;
  std::string out_;
};

// Reads nested brackets; every list at one depth must have one length.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  NdArray read() {
    read_item(0);
    skip_space();
    if (position_ != text_.size()) fail("text after the array");
    Shape shape(lengths_.begin(), lengths_.end());
    if (is_float_) return NdArray::from<double>(shape, std::span<const double>(values_));
    const std::vector<std::int64_t> integers(values_.begin(), values_.end());
    return NdArray::from<std::int64_t>(shape, std::span<const std::int64_t>(integers));
  }

 private:
  void read_item(std::size_t depth) {
    skip_space();
    if (peek() != '[') return read_number(depth);
    ++position_;
    std::int64_t length = 0;
    for (skip_space(); peek() != ']'; skip_space()) {
      if (length > 0 && peek() == ',') ++position_;
      if (lengths_.size() == depth) lengths_.push_back(-1);
      read_item(depth + 1);
      ++length;
    }
    ++position_;
    if (lengths_.size() == depth) lengths_.push_back(-1);
    if (lengths_[depth] == -1) lengths_[depth] = length;
    if (lengths_[depth] != length) fail("lists of different lengths");
  }

  void read_number(std::size_t depth) {
    if (depth < lengths_.size()) fail("a number where a list was expected");
    double value = 0;
    const auto [end, error] = std::from_chars(text_.data() + position_, text_.data() + text_.size(), value);
    if (error != std::errc()) fail("no number");
    const std::string_view digits = text_.substr(position_, end - (text_.data() + position_));
    is_float_ = is_float_ || digits.find_first_of(".einEIN") != std::string_view::npos;
    values_.push_back(value);
    position_ = end - text_.data();
  }

  char peek() const { return position_ < text_.size() ? text_[position_] : '\0'; }
  void skip_space() {
    while (position_ < text_.size() && std::string_view(" \n\t").find(text_[position_]) != std::string_view::npos)
      ++position_;
  }
  [[noreturn]] void fail(const char* what) const {
    throw value_error(fmt::format("array: {} at position {} of \"{}\"", what, position_, text_));
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::vector<std::int64_t> lengths_;
  std::vector<double> values_;
  bool is_float_ = false;
};

}  // namespace

std::string to_string(const NdArray& array) { return Printer(array).text(); }

std::ostream& operator<<(std::ostream& out, const NdArray& array) { return out << to_string(array); }

NdArray array(std::string_view text) { return Reader(text).read(); }

}  // namespace plait
