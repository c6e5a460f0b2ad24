// Which columns of a Parquet file pandas wrote from its nullable or Arrow types: the file's own types do not say it.
#pragma once

#include <arrow/type_fwd.h>

#include <map>
#include <string>

#include "plait/table.h"

namespace plait {

// By column: nullable or arrow; columns of NumPy types are left out. Empty for files that pandas (or Plait) did not
// write.
std::map<std::string, TypeFamily> pandas_families(const arrow::Schema& schema);

}  // namespace plait
