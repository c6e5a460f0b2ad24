#include "kernels/table/radix_sort.h"

#include <algorithm>
#include <array>
#include <memory>
#include <span>

#include "base/kernel.h"

namespace plait {
namespace {

constexpr int kDigitBits = 8;
constexpr std::size_t kBuckets = std::size_t{1} << kDigitBits;
constexpr int kDigits = 64 / kDigitBits;
// Below this a comparison sort is faster than the counting.
constexpr std::size_t kSmall = 512;

// Rows from one look at whether the task is cancelled to the next.
constexpr std::size_t kBlock = std::size_t{1} << 20;

using Counts = std::array<std::array<std::uint32_t, kBuckets>, kDigits>;

std::size_t digit_of(std::uint64_t key, int digit) { return (key >> (digit * kDigitBits)) & (kBuckets - 1); }

}  // namespace

void radix_sort(PooledVector<KeyedRow>& rows) {
  if (rows.size() < kSmall) {
    std::stable_sort(rows.begin(), rows.end(), [](const KeyedRow& a, const KeyedRow& b) { return a.key < b.key; });
    return;
  }
  auto counts = std::make_unique<Counts>();
  for (auto& digit : *counts) digit.fill(0);
  bool sorted = true;
  std::uint64_t last = 0;
  for (const KeyedRow& row : rows) {
    sorted &= last <= row.key;
    last = row.key;
    for (int d = 0; d < kDigits; ++d) ++(*counts)[d][digit_of(row.key, d)];
  }
  if (sorted) return;
  PooledVector<KeyedRow> other(rows.size());
  for (int d = 0; d < kDigits; ++d) {
    auto& count = (*counts)[d];
    if (count[digit_of(rows.front().key, d)] == rows.size()) continue;
    std::uint32_t next = 0;
    for (std::uint32_t& c : count) {
      const std::uint32_t here = c;
      c = next;
      next += here;
    }
    for (std::size_t start = 0; start < rows.size(); start += kBlock) {
      check_cancelled();
      for (const KeyedRow& row : std::span(rows).subspan(start, std::min(kBlock, rows.size() - start)))
        other[count[digit_of(row.key, d)]++] = row;
    }
    rows.swap(other);
  }
}

PooledVector<KeyedRow> sorted_present(const OrderKeys& keys) {
  PooledVector<KeyedRow> rows;
  rows.reserve(keys.keys.size());
  for (std::size_t i = 0; i < keys.keys.size(); ++i) {
    if (!keys.is_missing(i)) rows.push_back({keys.keys[i], 0});
  }
  radix_sort(rows);
  return rows;
}

}  // namespace plait
