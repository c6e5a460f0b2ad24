#include "kernels/table/sliding.h"

#include <bit>

namespace plait {
namespace {

// Up to here moving the values of a sorted array is faster than a tree over all of them.
constexpr std::int64_t kSmallWindow = 1024;

}  // namespace

SortedWindow::SortedWindow(const double* values, std::int64_t length, std::int64_t rows)
    : values_(values), is_small_(rows <= kSmallWindow) {
  if (is_small_) {
    sorted_.reserve(static_cast<std::size_t>(rows) + 1);
    return;
  }
  std::copy_if(values, values + length, std::back_inserter(distinct_), [](double v) { return !std::isnan(v); });
  std::sort(distinct_.begin(), distinct_.end());
  distinct_.erase(std::unique(distinct_.begin(), distinct_.end()), distinct_.end());
  rank_.resize(static_cast<std::size_t>(length));
  for (std::int64_t i = 0; i < length; ++i) {
    if (std::isnan(values[i])) continue;
    const auto place = std::lower_bound(distinct_.begin(), distinct_.end(), values[i]);
    rank_[static_cast<std::size_t>(i)] = static_cast<std::uint32_t>(place - distinct_.begin());
  }
  counts_.assign(distinct_.size() + 1, 0);
}

void SortedWindow::move_to(std::int64_t start, std::int64_t end) {
  for (; end_ < end; ++end_) {
    if (!std::isnan(values_[end_])) insert(end_);
  }
  for (; start_ < start; ++start_) {
    if (!std::isnan(values_[start_])) remove(start_);
  }
}

void SortedWindow::insert(std::int64_t i) {
  ++size_;
  if (is_small_) {
    sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), values_[i]), values_[i]);
    return;
  }
  for (std::size_t at = rank_[static_cast<std::size_t>(i)] + 1; at < counts_.size(); at += at & (~at + 1))
    ++counts_[at];
}

void SortedWindow::remove(std::int64_t i) {
  --size_;
  if (is_small_) {
    sorted_.erase(std::lower_bound(sorted_.begin(), sorted_.end(), values_[i]));
    return;
  }
  for (std::size_t at = rank_[static_cast<std::size_t>(i)] + 1; at < counts_.size(); at += at & (~at + 1))
    --counts_[at];
}

double SortedWindow::at(std::int64_t rank) const {
  if (is_small_) return sorted_[static_cast<std::size_t>(rank)];
  std::size_t at = 0;
  for (std::size_t step = std::bit_floor(counts_.size() - 1); step > 0; step /= 2) {
    if (at + step < counts_.size() && counts_[at + step] <= rank) {
      at += step;
      rank -= counts_[at];
    }
  }
  return distinct_[at];
}

}  // namespace plait
