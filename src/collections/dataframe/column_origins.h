// Where the values of a column come from: for passes that move a condition on it towards the readers, or ask how many
// values it may have.
#pragma once

#include <string>
#include <vector>

#include "collections/dataframe/frame_op.h"

namespace plait {

// A column, or a level of the index, of a node.
struct ColumnPlace {
  ExprPtr node;
  std::string column;
};

// The columns one operation below that hold all values of this one. The first is the column itself: rows that are left
// out below by its value are the rows that would be left out here. Others are what it was joined with. None where
// that cannot be said.
std::vector<ColumnPlace> origins_of(const ColumnPlace& place);
// The column and what it comes from, one operation after the other, as far down as that is known.
std::vector<ColumnPlace> path_of(const ColumnPlace& place);
// Everything that holds all values of the column, itself first.
std::vector<ColumnPlace> lineage_of(const ColumnPlace& place);

}  // namespace plait
