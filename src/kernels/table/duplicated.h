// Whether a row has been before (or comes again), in other partitions too.
#pragma once

#include <vector>

#include "kernels/table/distinct.h"

namespace plait {

struct DuplicatedParams {
  Keep keep = Keep::first;  // the one of equal rows that is no duplicate
  static constexpr auto fields = std::tuple{&DuplicatedParams::keep};
};
// What other partitions need to know: the different rows, without their index.
Table duplicated_edge(const Table& table, const DuplicatedParams& params);
Table duplicated_combine(const std::vector<Table>& edges, const DuplicatedParams& params);
// The first table has the rows; the others hold rows of other partitions: those before it where the first of equal rows
// is kept, those after it where the last is, both where none is. A series of bools with the labels of the rows.
Table duplicated(const std::vector<Table>& tables, const DuplicatedParams& params);

}  // namespace plait
