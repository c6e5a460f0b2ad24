// The values of given ranks among all rows, exactly: what medians and quantiles are made of. Never more than one
// partition's values, and a few of the others', are in one place:
//
//   sorted_keys   a partition's values in order;
//   key_samples   some of them, evenly spaced, with their places;
//   key_brackets  from the samples of all partitions, for each wanted rank two keys between which its value must lie;
//   keys_within   how many of a partition's keys come before each bracket, and which lie in it;
//   ranked_keys   from those of all partitions, the keys of the ranks.
#pragma once

#include <arrow/type_fwd.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plait/table.h"

namespace plait {

// Of every column, the keys of the values that are there, in order; then nulls for those that are not (order_keys.h).
// The names of the result say the columns' types: what is integer in one partition may be float in another.
Table sorted_keys(const Table& table);

struct KeySamplesParams {
  std::int64_t n = 1024;  // of a column
  static constexpr auto fields = std::tuple{&KeySamplesParams::n};
};
Table key_samples(const Table& sorted, const KeySamplesParams& params);

// Of `size` values those of rank q * (size - 1), rounded down, and the next.
struct KeyBracketsParams {
  std::vector<double> q;
  static constexpr auto fields = std::tuple{&KeyBracketsParams::q};
};
Table key_brackets(const std::vector<Table>& samples, const KeyBracketsParams& params);
Table keys_within(const Table& sorted, const Table& brackets);
Table ranked_keys(const Table& within, const Table& brackets);
// All of it, of the sorted keys of all partitions.
Table ranked_keys_of(const std::vector<Table>& sorted, const KeyBracketsParams& params);

// What ranked_keys found of a column.
class RankedValues {
 public:
  RankedValues(const Table& ranked, std::int64_t column);

  // That holds the values of all partitions.
  const std::shared_ptr<arrow::DataType>& type() const { return type_; }
  // Values that are there.
  std::int64_t size() const { return size_; }
  bool has_missing() const { return size_ < rows_; }
  // The values of the two ranks of q number i.
  std::shared_ptr<arrow::Array> pair(std::size_t i) const;

 private:
  std::shared_ptr<arrow::DataType> type_;
  std::int64_t size_ = 0;
  std::int64_t rows_ = 0;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> pairs_;
};

}  // namespace plait
