// Divisions of rows in Parquet files, as far as the statistics of the files tell them.
#pragma once

#include <string>

#include "collections/dataframe/frame_meta.h"
#include "kernels/formats/parquet_tables.h"

namespace plait {

// The labels at which the parts of the files begin by a column, or a level of their index, and the last one. None where
// the files do not say them, a value is missing, or parts share values or are in another order.
Divisions stored_divisions(const ParquetScan& scan, const std::string& column);
// The same of their index, which may also number the rows.
Divisions stored_index_divisions(const ParquetScan& scan);

}  // namespace plait
