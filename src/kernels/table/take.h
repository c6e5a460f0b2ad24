// Choices of rows for kernels: by an Arrow array of positions (null gives a missing row), or split into parts.
#pragma once

#include "base/buffer.h"
#include "kernels/table/arrow_table.h"

namespace plait {

// A range is written out as the rows' labels, unless nobody looks at them: then it begins anew.
Table take(const Table& table, const std::shared_ptr<arrow::Array>& rows, bool keeps_range = true);
// The table with its range written out as a column, ready for a choice of rows.
Table with_written_index(const Table& table);
// Rows of part p, in their order, as table p of n. One copy of the data, which goes part by part (table_parts.h).
std::vector<Table> split_rows(const Table& table, const PooledVector<std::uint32_t>& part_of_row, std::int64_t n,
                              bool keeps_range = true);

}  // namespace plait
