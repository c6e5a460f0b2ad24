// What is known of two columns over the rows where both have a value: means, and sums of products of distances from
// them. Variances, covariances and correlations follow; those of two sets of rows give those of both together.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

namespace plait {

struct CoMoments {
  double count = 0;
  double mean_x = 0;
  double mean_y = 0;
  double xx = 0;  // sums of products of distances from the means
  double xy = 0;
  double yy = 0;

  static constexpr std::array<double CoMoments::*, 6> members();

  void add(double x, double y) {
    count += 1;
    const double dx = x - mean_x;
    const double dy = y - mean_y;
    mean_x += dx / count;
    mean_y += dy / count;
    xx += dx * (x - mean_x);
    xy += dx * (y - mean_y);
    yy += dy * (y - mean_y);
  }

  // Chan's formula.
  void merge(const CoMoments& other) {
    if (other.count == 0) return;
    if (count == 0) {
      *this = other;
      return;
    }
    const double total = count + other.count;
    const double dx = other.mean_x - mean_x;
    const double dy = other.mean_y - mean_y;
    const double share = other.count / total;
    const double weight = count * share;
    count = total;
    mean_x += dx * share;
    mean_y += dy * share;
    xx += other.xx + dx * dx * weight;
    xy += other.xy + dx * dy * weight;
    yy += other.yy + dy * dy * weight;
  }

  // NaN of fewer rows than `min_periods`, or than it takes.
  double covariance(int ddof, std::int64_t min_periods) const {
    const double divisor = count - ddof;
    return has(min_periods) && divisor > 0 ? xy / divisor : kNaN;
  }
  double correlation(std::int64_t min_periods) const {
    const double divisor = std::sqrt(xx) * std::sqrt(yy);
    return has(min_periods) && divisor != 0 ? std::clamp(xy / divisor, -1.0, 1.0) : kNaN;
  }

 private:
  static constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  bool has(std::int64_t min_periods) const { return count > 0 && count >= static_cast<double>(min_periods); }
};

constexpr std::array<double CoMoments::*, 6> CoMoments::members() {
  return {&CoMoments::count, &CoMoments::mean_x, &CoMoments::mean_y, &CoMoments::xx, &CoMoments::xy, &CoMoments::yy};
}

}  // namespace plait
