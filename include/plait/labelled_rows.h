// Rows by their labels: what DataFrame and Series have in common.
#pragma once

#include <vector>

#include "plait/export.h"
#include "plait/location.h"
#include "plait/table.h"

namespace plait {

// Self is DataFrame or Series. Where divisions are known, only the partitions that can hold the rows are made.
template <class Self>
class PLAIT_API LabelledRows {
 public:
  // Rows whose labels lie from `start` to `stop`, both included; `missing` is an open end. They keep their order.
  Self loc(const Literal& start, const Literal& stop, Location where = Location::current()) const;
  // The rows of each label in turn, in one partition. A label that no row has is a key error: of the call where the
  // divisions tell, else of the run.
  Self loc(const std::vector<Literal>& labels, Location where = Location::current()) const;
};

}  // namespace plait
