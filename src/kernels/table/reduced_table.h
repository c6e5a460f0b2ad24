// The results of reductions as a table: one value a column.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kernels/table/arrow_table.h"

namespace plait {

struct Reduced {
  std::string name;
  std::shared_ptr<arrow::Array> value;  // of length 1
  TypeFamily family;
};

// Of a frame: a series labelled by the columns. Of anything else: a scalar.
Table reduced_table(const std::vector<Reduced>& reduced, TableForm of);

}  // namespace plait
