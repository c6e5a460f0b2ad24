#include "kernels/table/join_matches.h"

#include <algorithm>

#include "base/kernel.h"
#include "kernels/table/key_table.h"

namespace plait {
namespace {

constexpr std::size_t kRowsBetweenChecks = 64 * 1024;

struct JoinIds {
  PooledVector<std::uint32_t> left;
  PooledVector<std::uint32_t> right;
  std::uint32_t num_groups = 0;
};

// Ids of the keys of the build side; the probe side's unknown keys have id 0.
JoinIds join_ids(const KeyArrays& left, const KeyArrays& right, std::int64_t left_rows, std::int64_t right_rows,
                 bool build_left) {
  std::vector<std::shared_ptr<arrow::DataType>> types;
  for (const auto& key : left) types.push_back(key->type());
  KeyTable table(types, true);
  JoinIds out{PooledVector<std::uint32_t>(left_rows), PooledVector<std::uint32_t>(right_rows)};
  if (build_left) {
    table.add(left, left_rows, out.left.data());
    table.find(right, right_rows, out.right.data());
  } else {
    table.add(right, right_rows, out.right.data());
    table.find(left, left_rows, out.left.data());
  }
  out.num_groups = table.num_groups();
  return out;
}

// f(row, id) for each row whose key the table has; block by block, so that ids stay in cache.
template <class F>
void for_each_found(const KeyTable& table, const KeyArrays& keys, std::int64_t num_rows, const F& f) {
  constexpr auto kBlockRows = static_cast<std::int64_t>(kRowsBetweenChecks);
  PooledVector<std::uint32_t> ids(static_cast<std::size_t>(std::min(num_rows, kBlockRows)));
  for (std::int64_t start = 0; start < num_rows; start += kBlockRows) {
    check_cancelled();
    const std::int64_t count = std::min(kBlockRows, num_rows - start);
    KeyArrays block;
    for (const auto& key : keys) block.push_back(key->Slice(start, count));
    table.find(block, count, ids.data());
    for (std::int64_t i = 0; i < count; ++i) {
      if (ids[static_cast<std::size_t>(i)] != 0) f(start + i, ids[static_cast<std::size_t>(i)]);
    }
  }
}

// A side of which there is much less than of the other: its keys are made ready, and the other's are looked up.
class FewLeftRows {
 public:
  static bool are_few(std::int64_t left_rows, std::int64_t right_rows) { return left_rows < right_rows / 2; }

  FewLeftRows(const KeyArrays& left, std::int64_t num_rows)
      : num_rows_(num_rows), table_(types_of(left), true), ids_(static_cast<std::size_t>(num_rows)) {
    table_.add(left, num_rows, ids_.data());
  }

  // The ids of their keys; 0 where the right side does not have it.
  PooledVector<std::uint32_t> ids_found(const KeyArrays& right, std::int64_t right_rows) const {
    PooledVector<std::uint8_t> is_found(table_.num_groups() + std::size_t{1}, 0);
    for_each_found(table_, right, right_rows, [&](std::int64_t, std::uint32_t id) { is_found[id] = 1; });
    PooledVector<std::uint32_t> ids = ids_;
    for (std::uint32_t& id : ids) id = is_found[id] ? id : 0;
    return ids;
  }

  // Every left row with its matches, as probe_rows gives them.
  Matches matches(const KeyArrays& right, std::int64_t right_rows, bool keep) const {
    const JoinBuckets buckets = bucket_rows(ids_, table_.num_groups());
    Matches found;
    for_each_found(table_, right, right_rows, [&](std::int64_t row, std::uint32_t id) {
      for (std::uint32_t at = buckets.starts[id]; at < buckets.starts[id + 1]; ++at) found.add(buckets.rows[at], row);
    });
    PooledVector<std::size_t> next(static_cast<std::size_t>(num_rows_) + 1, 0);
    for (const std::int64_t row : found.left) ++next[static_cast<std::size_t>(row) + 1];
    Matches out;
    for (std::size_t row = 0; row + 1 < next.size(); ++row) {
      const bool is_alone = keep && next[row + 1] == 0;
      next[row + 1] += next[row] + (is_alone ? 1 : 0);
    }
    out.left.resize(next.back());
    out.right.assign(next.back(), kNone);
    for (std::size_t row = 0; row + 1 < next.size(); ++row)
      std::fill(out.left.begin() + static_cast<std::ptrdiff_t>(next[row]),
                out.left.begin() + static_cast<std::ptrdiff_t>(next[row + 1]), static_cast<std::int64_t>(row));
    for (std::size_t i = 0; i < found.left.size(); ++i)
      out.right[next[static_cast<std::size_t>(found.left[i])]++] = found.right[i];
    return out;
  }

 private:
  static std::vector<std::shared_ptr<arrow::DataType>> types_of(const KeyArrays& keys) {
    std::vector<std::shared_ptr<arrow::DataType>> types;
    for (const auto& key : keys) types.push_back(key->type());
    return types;
  }

  std::int64_t num_rows_;
  KeyTable table_;
  PooledVector<std::uint32_t> ids_;
};

// Matches first in left order, then the right rows without one.
Matches outer_matches(const JoinIds& ids) {
  Matches out = probe_rows(ids.left, bucket_rows(ids.right, ids.num_groups), true);
  PooledVector<std::uint8_t> matched(ids.right.size(), 0);
  for (std::int64_t row : out.right) {
    if (row != kNone) matched[row] = 1;
  }
  for (std::size_t r = 0; r < matched.size(); ++r) {
    if (!matched[r]) out.add(kNone, static_cast<std::int64_t>(r));
  }
  return out;
}

}  // namespace

Matches probe_rows(const PooledVector<std::uint32_t>& probe, const JoinBuckets& build, bool keep) {
  Matches out;
  out.left.reserve(probe.size());
  out.right.reserve(probe.size());
  for (std::size_t i = 0; i < probe.size(); ++i) {
    if (i % kRowsBetweenChecks == 0) check_cancelled();
    const std::uint32_t id = probe[i];
    const auto row = static_cast<std::int64_t>(i);
    const std::uint32_t begin = id == 0 ? 0 : build.starts[id];
    const std::uint32_t end = id == 0 ? 0 : build.starts[id + 1];
    if (begin == end && keep) out.add(row, kNone);
    for (std::uint32_t at = begin; at < end; ++at) out.add(row, build.rows[at]);
  }
  return out;
}

Matches matches_of(JoinHow how, const KeyArrays& left, const KeyArrays& right, std::int64_t left_rows,
                   std::int64_t right_rows) {
  if (how == JoinHow::right) {
    const JoinIds ids = join_ids(left, right, left_rows, right_rows, true);
    Matches flipped = probe_rows(ids.right, bucket_rows(ids.left, ids.num_groups), true);
    std::swap(flipped.left, flipped.right);
    return flipped;
  }
  if (how != JoinHow::outer && FewLeftRows::are_few(left_rows, right_rows))
    return FewLeftRows(left, left_rows).matches(right, right_rows, how == JoinHow::left);
  const JoinIds ids = join_ids(left, right, left_rows, right_rows, false);
  if (how == JoinHow::outer) return outer_matches(ids);
  return probe_rows(ids.left, bucket_rows(ids.right, ids.num_groups), how == JoinHow::left);
}

PooledVector<std::uint32_t> ids_found(const KeyArrays& left, const KeyArrays& right, std::int64_t left_rows,
                                      std::int64_t right_rows) {
  if (FewLeftRows::are_few(left_rows, right_rows)) return FewLeftRows(left, left_rows).ids_found(right, right_rows);
  return join_ids(left, right, left_rows, right_rows, false).left;
}

}  // namespace plait
