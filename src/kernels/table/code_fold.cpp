#include "kernels/table/code_fold.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/check.h"

namespace plait {
namespace {

constexpr int kWordBits = 64;
constexpr int kIdBits = 32;
// A column whose word has more columns than fit may get four times as many codes before rows are packed anew.
constexpr int kSpareBits = 2;
// The bits beyond what its codes need that each column gets: where one word holds all columns, what is left of it.
int spare_bits(std::span<const std::uint32_t> num_codes) {
  int needed = 0;
  for (std::uint32_t codes : num_codes) needed += std::bit_width(codes);
  return needed <= kWordBits ? (kWordBits - needed) / static_cast<int>(num_codes.size()) : kSpareBits;
}

// Rows that are packed before the first is looked up: their words stay in the nearest cache.
constexpr std::int64_t kBlockRows = 1024;
constexpr std::int64_t kAhead = 16;

}  // namespace

bool CodeFold::has_room_for(std::span<const std::uint32_t> num_codes) const {
  return !stages_.empty() && std::equal(num_codes.begin(), num_codes.end(), num_codes_.begin(), std::less_equal<>());
}

void CodeFold::lay_out(std::span<const std::uint32_t> num_codes) {
  const std::uint32_t num_rows = size();
  std::vector<PooledVector<std::uint32_t>> old_codes;
  std::vector<const std::uint32_t*> rows;
  for (std::size_t c = 0; c < num_codes_.size(); ++c) {
    old_codes.push_back(codes_of_column(c));
    rows.push_back(old_codes.back().data());
  }
  stages_.clear();
  const int spare = spare_bits(num_codes);
  int used = kWordBits;
  for (std::size_t c = 0; c < num_codes.size(); ++c) {
    const int bits = std::min<int>(std::bit_width(num_codes[c]) + spare, kIdBits);
    if (used + bits > kWordBits) {
      used = stages_.empty() ? 0 : kIdBits;
      stages_.emplace_back();
    }
    stages_.back().fields.push_back({c, used, bits});
    used += bits;
    num_codes_[c] = static_cast<std::uint32_t>((std::uint64_t{1} << bits) - 1);
  }
  if (num_rows == 0) return;
  PooledVector<std::uint32_t> ids(num_rows);
  add_rows(rows, num_rows, ids.data());
  PLAIT_CHECK(ids.back() == num_rows);
}

template <class IdOf>
void CodeFold::fold(const Stage& stage, bool is_first, Codes codes, std::int64_t start, std::int64_t count,
                    std::uint32_t* ids, const IdOf& id_of) {
  std::array<std::uint64_t, kBlockRows> words;
  // The lowest bits: the first column's code, or the id of the stage before. Both count from 1, so that 0 stays free
  // for rows without a key.
  std::copy_n(is_first ? codes[stage.fields.front().column] + start : ids, count, words.begin());
  for (std::size_t f = is_first ? 1 : 0; f < stage.fields.size(); ++f) {
    const Field& field = stage.fields[f];
    const std::uint32_t* from = codes[field.column] + start;
    for (std::int64_t i = 0; i < count; ++i) {
      const std::uint64_t code = from[i];
      words[i] = code != 0 && words[i] != 0 ? words[i] | code << field.shift : 0;
    }
  }
  const bool prefetches = stage.ids.is_large();
  for (std::int64_t i = 0; i < count; ++i) {
    if (prefetches && i + kAhead < count) stage.ids.prefetch(words[i + kAhead]);
    ids[i] = words[i] == 0 ? 0 : id_of(words[i]);
  }
}

void CodeFold::add(Codes codes, std::span<const std::uint32_t> num_codes, std::int64_t count, std::uint32_t* ids) {
  if (!has_room_for(num_codes)) lay_out(num_codes);
  add_rows(codes, count, ids);
}

void CodeFold::add_rows(Codes codes, std::int64_t count, std::uint32_t* ids) {
  std::array<std::uint32_t, kBlockRows> block_ids;
  for (std::int64_t start = 0; start < count; start += kBlockRows) {
    const std::int64_t rows = std::min(kBlockRows, count - start);
    for (std::size_t s = 0; s < stages_.size(); ++s) {
      fold(stages_[s], s == 0, codes, start, rows, block_ids.data(),
           [&](std::uint64_t word) { return stages_[s].ids.add(word); });
    }
    std::copy_n(block_ids.data(), rows, ids + start);
  }
}

void CodeFold::find(Codes codes, std::int64_t count, std::uint32_t* ids) const {
  std::array<std::uint32_t, kBlockRows> block_ids;
  for (std::int64_t start = 0; start < count; start += kBlockRows) {
    const std::int64_t rows = std::min(kBlockRows, count - start);
    std::fill_n(block_ids.data(), rows, 0);
    for (std::size_t s = 0; s < stages_.size(); ++s) {
      fold(stages_[s], s == 0, codes, start, rows, block_ids.data(),
           [&](std::uint64_t word) { return stages_[s].ids.find(word); });
    }
    std::copy_n(block_ids.data(), rows, ids + start);
  }
}

PooledVector<std::uint32_t> CodeFold::codes_of_column(std::size_t column) const {
  if (size() == 0) return {};
  const auto holds = [&](const Stage& stage) {
    return std::any_of(stage.fields.begin(), stage.fields.end(), [&](const Field& f) { return f.column == column; });
  };
  const auto stage = static_cast<std::size_t>(std::find_if(stages_.begin(), stages_.end(), holds) - stages_.begin());
  PLAIT_CHECK(stage < stages_.size());
  const auto field = std::find_if(stages_[stage].fields.begin(), stages_[stage].fields.end(),
                                  [&](const Field& f) { return f.column == column; });
  const std::uint64_t mask = (std::uint64_t{1} << field->bits) - 1;
  PooledVector<std::uint32_t> codes(size());
  for (std::uint32_t g = 0; g < size(); ++g) {
    std::uint32_t id = g + 1;
    // Back from the last stage to the one that holds the column.
    for (std::size_t s = stages_.size() - 1; s > stage; --s)
      id = static_cast<std::uint32_t>(stages_[s].ids.keys()[id - 1]);
    codes[g] = static_cast<std::uint32_t>(stages_[stage].ids.keys()[id - 1] >> field->shift & mask);
  }
  return codes;
}

}  // namespace plait
