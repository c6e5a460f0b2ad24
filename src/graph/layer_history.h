// What was measured of tasks that are alike (a layer's, or a family's on a cluster), and what the next one is expected
// to take of memory and time.
#pragma once

#include <algorithm>
#include <cstdint>

namespace plait {

class LayerHistory {
 public:
  // 0: not known.
  std::uint64_t duration_ns() const { return duration_ns_; }

  // The value, where `declared` bytes were announced (0: were not).
  std::uint64_t expected_bytes(std::uint64_t declared) const { return declared > 0 ? declared : max_bytes_; }

  // The expected value and what the task needs to make it: what others took, and more for larger inputs. Before the
  // first was measured, who declares what it makes says what it needs; of others nobody knows: twice as much as their
  // inputs is a good guess for kernels that sort, hash or copy them and make something of that size.
  std::uint64_t working_bytes(std::uint64_t expected, bool is_declared, std::uint64_t input_bytes) const {
    if (is_declared) return std::max(expected, peak_bytes_);
    if (peak_bytes_ == 0) return expected + 2 * input_bytes;
    if (input_bytes <= input_bytes_ || input_bytes_ == 0) return std::max(expected, peak_bytes_);
    const double growth = static_cast<double>(input_bytes) / static_cast<double>(input_bytes_);
    return std::max(expected, static_cast<std::uint64_t>(static_cast<double>(peak_bytes_) * growth));
  }

  // Zeros: not measured.
  void note_duration(std::uint64_t duration_ns) {
    // Rises at once and falls slowly: a batch of tasks taken for short must not turn out long.
    if (duration_ns > 0) duration_ns_ = std::max(duration_ns, duration_ns_ - duration_ns_ / 8);
  }
  void note_bytes(std::uint64_t num_bytes) { max_bytes_ = std::max(max_bytes_, num_bytes); }
  bool is_new_peak(std::uint64_t peak_bytes) const { return peak_bytes > peak_bytes_; }
  void note_peak(std::uint64_t peak_bytes, std::uint64_t input_bytes) {
    peak_bytes_ = peak_bytes;
    input_bytes_ = input_bytes;
  }

 private:
  std::uint64_t max_bytes_ = 0;
  std::uint64_t duration_ns_ = 0;
  std::uint64_t peak_bytes_ = 0;   // of the task that took most
  std::uint64_t input_bytes_ = 0;  // ... and of its inputs
};

}  // namespace plait
