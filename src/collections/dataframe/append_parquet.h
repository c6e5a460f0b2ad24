// Rows that are appended to a folder of Parquet files.
#pragma once

#include <string>
#include <vector>

#include "collections/dataframe/frame_meta.h"

namespace plait {

struct ParquetAppend {
  std::string folder;
  bool write_index = true;
  bool ignore_divisions = false;
  std::vector<std::string> partition_on;
  std::vector<std::string> retyped;  // columns that are written in another type than the frame's
};

// Throws Error(value) where rows do not go with those of the folder: other columns, types, labels or folders, or labels
// that the folder's have reached already. A folder without files takes all. Python objects have the types that they
// turn out to have.
void check_appended(const FrameMeta& rows, const ParquetAppend& how);

}  // namespace plait
