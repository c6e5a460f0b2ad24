// Aggregates of windows [start, end) that only move forward over an array.
//
// No value is ever taken out of a running sum, where it would leave its rounding error (or, an infinity, more than
// that): a window is the aggregate of its part before a turning point, kept for every start, and of its part after it.
// When the start passes the turning point, the window's end becomes the new one. Each value is looked at twice.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/buffer.h"

namespace plait {

// `Part` is default made for no value, has add(double) for a value at its end, and merge(const Part&) for a part that
// comes after it. Missing values (NaN) are not added.
template <class Part>
class SlidingWindow {
 public:
  SlidingWindow(const double* values, std::int64_t length)
      : values_(values), suffixes_(static_cast<std::size_t>(length)) {}

  // Starts and ends never go back from one call to the next.
  Part aggregate(std::int64_t start, std::int64_t end) {
    if (start >= turn_) {
      turn_ = end;
      Part suffix;
      for (std::int64_t i = end - 1; i >= start; --i) {
        Part one;
        if (!std::isnan(values_[i])) one.add(values_[i]);
        one.merge(suffix);
        suffix = one;
        suffixes_[static_cast<std::size_t>(i)] = suffix;
      }
      rest_ = Part();
      end_ = end;
    }
    for (; end_ < end; ++end_) {
      if (!std::isnan(values_[end_])) rest_.add(values_[end_]);
    }
    if (start >= turn_) return rest_;
    Part whole = suffixes_[static_cast<std::size_t>(start)];
    whole.merge(rest_);
    return whole;
  }

 private:
  const double* values_;
  PooledVector<Part> suffixes_;
  Part rest_;
  std::int64_t turn_ = 0;
  std::int64_t end_ = 0;
};

struct SumPart {
  double sum = 0;
  std::int64_t count = 0;
  void add(double value) {
    sum += value;
    ++count;
  }
  void merge(const SumPart& later) {
    sum += later.sum;
    count += later.count;
  }
};

struct MinPart {
  double value = 0;
  std::int64_t count = 0;
  void add(double other) {
    value = count == 0 ? other : std::min(value, other);
    ++count;
  }
  void merge(const MinPart& later) {
    if (later.count == 0) return;
    add(later.value);
    count += later.count - 1;
  }
};

struct MaxPart {
  double value = 0;
  std::int64_t count = 0;
  void add(double other) {
    value = count == 0 ? other : std::max(value, other);
    ++count;
  }
  void merge(const MaxPart& later) {
    if (later.count == 0) return;
    add(later.value);
    count += later.count - 1;
  }
};

// Mean and squared distances from it: Welford's and Chan's formulas.
struct MomentPart {
  double mean = 0;
  double squares = 0;
  std::int64_t count = 0;
  void add(double value) {
    ++count;
    const double delta = value - mean;
    mean += delta / static_cast<double>(count);
    squares += delta * (value - mean);
  }
  void merge(const MomentPart& later) {
    if (later.count == 0) return;
    if (count == 0) {
      *this = later;
      return;
    }
    const auto n = static_cast<double>(count);
    const auto m = static_cast<double>(later.count);
    const double delta = later.mean - mean;
    const double share = m / (n + m);
    mean += delta * share;
    squares += later.squares + delta * delta * n * share;
    count += later.count;
  }
};

// The values of a window in order.
class SortedWindow {
 public:
  // `rows`: about how many values a window has.
  SortedWindow(const double* values, std::int64_t length, std::int64_t rows);

  void move_to(std::int64_t start, std::int64_t end);
  std::int64_t size() const { return size_; }
  double at(std::int64_t rank) const;

 private:
  void insert(std::int64_t i);
  void remove(std::int64_t i);

  const double* values_;
  std::int64_t start_ = 0;
  std::int64_t end_ = 0;
  std::int64_t size_ = 0;
  bool is_small_;
  std::vector<double> sorted_;         // of a small window
  PooledVector<double> distinct_;      // of all values, in order: of a large one
  PooledVector<std::uint32_t> rank_;   // of each value among them
  PooledVector<std::int64_t> counts_;  // how often each is in the window: a Fenwick tree
};

}  // namespace plait
