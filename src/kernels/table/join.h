// Joins of two tables, and the splitting of one by a hash of its keys, so that equal keys of two tables meet.
#pragma once

#include <string>
#include <vector>

#include "kernels/table/table_value.h"

namespace plait {

enum class JoinHow : std::uint8_t { inner, left, right, outer, leftsemi, leftanti };
JoinHow parse_join_how(std::string_view text);

// pd.merge on columns or index levels, with pandas' row order: inner and left follow the left table, right the right
// one, outer is sorted by the keys. Missing keys match each other, as in pandas. Inputs: left, right.
struct JoinParams {
  JoinHow how = JoinHow::inner;
  std::vector<std::string> left_on;
  std::vector<std::string> right_on;
  std::string left_suffix = "_x";
  std::string right_suffix = "_y";
  bool indicator = false;   // adds the categorical column _merge
  bool left_index = false;  // left_on is the left index (left_on is then empty)
  bool right_index = false;
  bool keep_index = false;  // of the side whose index is not joined on: pandas' rule for left_on + right_index
  static constexpr auto fields =
      std::tuple{&JoinParams::how,         &JoinParams::left_on,      &JoinParams::right_on,
                 &JoinParams::left_suffix, &JoinParams::right_suffix, &JoinParams::indicator,
                 &JoinParams::left_index,  &JoinParams::right_index,  &JoinParams::keep_index};
};
Table join(const Table& left, const Table& right, const JoinParams& params);

// Splits rows by hash(keys) % n, in their order. The hash is the same in every process and for equal values of
// different types: 1 and 1.0, a string and a category of that string. Missing keys go to one part.
struct HashPartitionParams {
  std::vector<std::string> keys;  // empty: the index
  std::int64_t n = 1;
  bool keeps_range = true;  // false: nobody looks at labels that are a range, which are not sent along
  static constexpr auto fields =
      std::tuple{&HashPartitionParams::keys, &HashPartitionParams::n, &HashPartitionParams::keeps_range};
};
std::vector<Table> hash_partition(const Table& table, const HashPartitionParams& params);
// One 64-bit hash a row.
NdArray hash_rows(const Table& table, const std::vector<std::string>& keys);

}  // namespace plait
