// Table as a value: how tasks' tables are counted, described, spilled and sent. Buffers travel as blobs; decoding
// copies nothing.
#pragma once

#include "base/value.h"
#include "plait/table.h"

namespace plait {

template <>
const ValueType& value_type<Table>();

// A table may be a parameter of a kernel, such as the small side of a join or a schema with no rows.
template <>
struct Codec<Table> {
  static void encode(Encoder& to, const Table& table);
  static Table decode(Decoder& from);
};

}  // namespace plait
