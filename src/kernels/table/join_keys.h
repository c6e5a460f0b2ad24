// The keys of one side of a join, and its rows by key. Include only in .cpp files.
#pragma once

#include <arrow/type_fwd.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/buffer.h"
#include "kernels/table/key_table.h"
#include "plait/table.h"

namespace plait {

struct JoinSide {
  Table table;  // range indexes written out where they are keys
  std::vector<std::string> keys;
};
JoinSide join_side_of(const Table& table, const std::vector<std::string>& on, bool by_index);

// Rows of one side by the id of their key: rows of id g are rows[starts[g]] .. rows[starts[g + 1] - 1], in their order.
struct JoinBuckets {
  PooledVector<std::uint32_t> starts;
  PooledVector<std::uint32_t> rows;
  bool unique = true;
};
JoinBuckets bucket_rows(const PooledVector<std::uint32_t>& ids, std::uint32_t num_groups);

// One side's keys in a table to be looked up, in the types that it was made with.
struct JoinKeys {
  JoinSide side;
  std::vector<std::shared_ptr<arrow::DataType>> types;
  std::unique_ptr<KeyTable> table;
  JoinBuckets buckets;
};
JoinKeys join_keys_of(JoinSide side);

}  // namespace plait
