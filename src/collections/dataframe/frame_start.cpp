#include "collections/dataframe/frame_start.h"

#include "collections/dataframe/frame_kernels.h"
#include "collections/dataframe/frame_meta.h"
#include "collections/dataframe/frame_passes.h"
#include "collections/dataframe/frame_values.h"
#include "collections/dataframe/map_partitions.h"
#include "collections/dataframe/read_csv.h"
#include "collections/dataframe/read_parquet.h"
#include "collections/dataframe/stream.h"
#include "collections/dataframe/write_files.h"
#include "kernels/table/table_kernels.h"

namespace plait {

void start_frames() {
  register_meta_reader("frame", FrameMeta::read);
  register_table_kernels();
  register_frame_kernels();
  register_frame_values_kernel();
  register_read_csv_kernels();
  register_read_parquet_kernels();
  register_write_kernels();
  register_stream_kernel();
  register_map_partitions_kernel();
  // The projections tell filters whose rows' labels nobody wants; those may then move further.
  register_pass(
      {"push_projections", "Readers parse and joins carry only the columns that are wanted.", push_projections},
      "lower");
  register_pass(
      {"imply_filters", "Alternatives of a condition say of each side of a join what they can.", imply_filters},
      "lower");
  register_pass({"push_filters", "Filters run before joins and close to the readers.", push_filters}, "lower");
  register_pass({"reduce_joins", "Few keys on one side of a join leave out rows of the other early.", reduce_joins},
                "lower");
  register_pass({"project_filtered", "Joins carry no column that only a filter below them looks at.", push_projections},
                "lower");
  register_pass(
      {"skip_row_groups", "Row groups of Parquet files that no filter lets through are not read.", skip_row_groups},
      "lower");
  register_pass({"balance_blocks", "Files under a reduction are read in blocks that share out evenly.", balance_blocks},
                "lower");
  register_pass({"stream_batches", "What follows a reader row by row runs batch by batch, in cache.", stream_batches},
                "fuse");
  register_repair(repair_csv);
}

}  // namespace plait
