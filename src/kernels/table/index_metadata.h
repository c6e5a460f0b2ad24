// The index, form and families of a table as schema metadata, so that they survive a trip through Arrow's C interface.
//
// Key "plait" holds lines: "form=series", "index=<column>" once a level and "freq=<interval>", or "range=<start> <step>
// <name>". Tables made by pyarrow from pandas carry pandas' JSON instead; of that the index columns and the nullable
// types are read.
#pragma once

#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>

#include <memory>

#include "plait/table.h"

namespace plait {

struct IndexMetadata {
  IndexSpec index;
  TableForm form = TableForm::frame;
};

std::shared_ptr<const arrow::KeyValueMetadata> index_metadata(const Schema& schema);
IndexMetadata read_index_metadata(const arrow::KeyValueMetadata* metadata, const arrow::Schema& schema);

}  // namespace plait
