// The different values of a column, made ready once so that many tables can be asked which of their rows have one of
// them. Immutable, so that threads share it; in another process it is made again of its column.
#pragma once

#include <cstdint>
#include <memory>

#include "kernels/table/table_value.h"

namespace plait {

class KeySet {
 public:
  // The values of the only column of a frame or series, which are numbers, text, dates or times. A missing value is one
  // of them, as in a join.
  explicit KeySet(const Table& keys);

  const Table& keys() const { return keys_; }
  std::uint64_t num_bytes() const;
  // For each row of a series whether its value is among the keys: a series of bools.
  Table contains(const Table& series) const;

 private:
  struct Values;

  Table keys_;
  std::shared_ptr<const Values> values_;
};

template <>
const ValueType& value_type<KeySet>();

}  // namespace plait
