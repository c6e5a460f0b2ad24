#include "collections/dataframe/frame_passes.h"

#include "collections/dataframe/read_csv.h"
#include "collections/dataframe/stream.h"

namespace plait {

void register_frame_passes() {
  // The first projection tells filters whose rows' labels nobody wants, which may then move further.
  register_pass({"push_projections", "Readers parse and joins carry only the columns that are wanted.", push_projections}, "lower");
  register_pass({"push_filters", "Filters run before joins and close to the readers.", push_filters}, "lower");
  register_pass({"balance_blocks", "Files under a reduction are read in blocks that share out evenly.", balance_blocks}, "lower");
  register_pass({"stream_batches", "What follows a reader row by row runs batch by batch, in cache.", stream_batches}, "fuse");
  register_repair(repair_csv);
}

}  // namespace plait
