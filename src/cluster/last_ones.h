// The last ones of a series that may be long: the oldest makes room for the next.
#pragma once

#include <cstddef>
#include <vector>

namespace plait::cluster {

template <class T>
class LastOnes {
 public:
  explicit LastOnes(std::size_t most) : most_(most) {}

  void add(const T& one) {
    if (ring_.size() < most_) {
      ring_.push_back(one);
    } else {
      ring_[oldest_] = one;
      oldest_ = (oldest_ + 1) % most_;
    }
  }
  std::size_t size() const { return ring_.size(); }
  // The oldest is the first.
  const T& operator[](std::size_t place) const { return ring_[(oldest_ + place) % ring_.size()]; }

 private:
  std::size_t most_;
  std::vector<T> ring_;
  std::size_t oldest_ = 0;
};

}  // namespace plait::cluster
