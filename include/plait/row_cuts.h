// Where a table in memory is cut into partitions: where Dask's from_pandas cuts it.
//
// Rows in the order of their labels are cut about evenly, and equal labels stay together, so that divisions are known.
// Rows that have no order (`sort` is false and they are in none; several levels, missing labels, labels of types that
// have no order here) are cut evenly, and divisions are not known.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "plait/table.h"

namespace plait {

struct CutOptions {
  std::int64_t npartitions = 1;
  std::optional<std::int64_t> chunksize = {};  // rows a partition, instead of a number of partitions
  bool sort = true;                            // by the labels first; equal ones keep their order
};

struct RowCuts {
  Table rows;                        // in the order in which they are cut
  std::vector<std::int64_t> starts;  // of each partition, and the number of rows
  std::vector<Literal> divisions;    // as many, or none
};

// Throws Error(value) for a number of partitions or rows below 1.
PLAIT_API RowCuts row_cuts(const Table& table, const CutOptions& how = {});

}  // namespace plait
