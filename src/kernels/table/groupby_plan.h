// Which primitives a group-by needs, and how a partial names its columns. Depends on the spec alone, so that every
// partition and every process agrees.
#pragma once

#include <string>
#include <vector>

#include "kernels/table/accumulator.h"
#include "kernels/table/groupby.h"

namespace plait {

struct PlannedState {
  std::string column;  // empty for size
  std::string other;   // the second one of two
  Primitive primitive;
  bool operator==(const PlannedState&) const = default;
};

struct GroupByPlan {
  std::vector<PlannedState> states;
  // By aggregate: the state it is made from.
  std::vector<std::size_t> state_of_aggregate;
};
GroupByPlan plan_groupby(const GroupBySpec& spec);

// The name of part `part` of state `state`, which says the type of the column that it came from: "__2.0:10,0,2,".
std::string state_column_name(std::size_t state, int part, const ColumnType& source);
ColumnType source_type_of_state(const std::string& state_column_name);
std::string key_column_name(std::size_t key);

}  // namespace plait
