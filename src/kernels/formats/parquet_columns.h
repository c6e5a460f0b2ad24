// Columns of Parquet row groups decoded straight into arrays of the rows asked for: numbers, moments, and texts that
// are stored as codes, without nesting. Arrow's own reader, which reads everything else, grows its buffers as it goes
// and makes room for missing values that most columns do not have; that takes twice as long. Include only in .cpp
// files.
#pragma once

#include <arrow/type_fwd.h>
#include <parquet/file_reader.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace plait {

// A call may throw what the Parquet library throws, and throws for a column that is shorter than its row group.
class ParquetColumn {
 public:
  virtual ~ParquetColumn() = default;
  // From now on the rows of this one, which stays alive.
  virtual void begin(parquet::RowGroupReader& group) = 0;
  virtual std::shared_ptr<arrow::Array> next(std::int64_t num_rows) = 0;
};

// The leaf column as arrays of the field's type; null where that is not one of the simple cases in each row group.
std::unique_ptr<ParquetColumn> parquet_column(const parquet::FileMetaData& file, const std::vector<int>& row_groups,
                                              int leaf, const arrow::Field& field);

}  // namespace plait
