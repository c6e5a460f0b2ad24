// Covariances or correlations of groups as pandas shows them: a matrix for each group, one below the other.
#pragma once

#include <string>
#include <vector>

#include "kernels/table/table_value.h"

namespace plait {

struct GroupMatricesParams {
  std::vector<std::string> names;  // of the rows and columns of a matrix
  static constexpr auto fields = std::tuple{&GroupMatricesParams::names};
};
// Where the value of two columns stands in a row of all pairs: 0 0, 0 1, ... 1 1, 1 2, ...
std::size_t pair_number(std::size_t x, std::size_t y, std::size_t num_columns);
// From a row of pairs a group, in columns that are called by the pair's number, under the labels of the group: a row
// for each name, labelled by it as well.
Table group_matrices(const Table& table, const GroupMatricesParams& params);

}  // namespace plait
