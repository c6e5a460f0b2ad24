// merge by levels of the index.
#pragma once

#include <string>
#include <vector>

#include "kernels/table/join.h"
#include "plait/dataframe.h"

namespace plait {

// The names of what labels the rows.
std::vector<std::string> levels_of(const Table& table);

// Whether a key of one of the sides is a level of its index.
bool has_level_keys(const DataFrame& left, const DataFrame& right, const JoinParams& params);

// Whether the only key is the only level of both: the frames are joined by their labels then.
bool are_all_labels(const DataFrame& left, const DataFrame& right, const JoinParams& params);

// As pandas merges: a key that both sides call the same is one column, at its place among the keys if it is a level on
// the left; a level on both sides labels the joined rows. Levels that are keys of different names, and those that are
// no keys, are left out. A choice of left rows (leftsemi, leftanti) keeps their labels.
DataFrame merge_by_levels(const DataFrame& left, const DataFrame& right, JoinParams params, Location where);

}  // namespace plait
