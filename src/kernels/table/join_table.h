// The right side of a join, made ready once to be looked up by many left tables: the partitions of a frame, or the
// batches of a stream. Immutable, so that threads share it; in another process it is made again of its table.
#pragma once

#include <memory>

#include "kernels/table/join.h"

namespace plait {

struct JoinKeys;

class JoinTable {
 public:
  // For joins that follow the left table: inner, left, leftsemi, leftanti.
  JoinTable(const Table& right, JoinParams params);

  const Table& right() const { return right_; }
  const JoinParams& params() const { return params_; }
  const JoinKeys& keys() const { return *keys_; }
  std::uint64_t num_bytes() const;

 private:
  Table right_;
  JoinParams params_;
  std::shared_ptr<const JoinKeys> keys_;
};

// As join(left, right.right(), right.params()).
Table join(const Table& left, const JoinTable& right);
// Whether the keys of `left` are of types that can be looked up as they are. Others are brought to a common type, and
// the right side is made ready anew for each table.
bool looks_up(const Table& left, const JoinTable& right);

template <>
const ValueType& value_type<JoinTable>();

}  // namespace plait
