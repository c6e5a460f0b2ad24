#include "collections/bag/to_frame.h"

#include "collections/dataframe/python_call.h"

namespace plait {

BlockTask BagToFrame::block_task(std::int64_t block) const {
  return {.call = call_python(function), .inputs = {{0, block}}};
}

MetaPtr BagToFrame::infer_meta() const { return make_frame_meta(schema, bag->meta().num_blocks()); }

}  // namespace plait
