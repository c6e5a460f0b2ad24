#include "collections/dataframe/python_call.h"

namespace plait {

BlockTask PythonCall::block_task(std::int64_t block) const {
  return partition_task(inputs, {find_kernel("call_python"), std::make_shared<const Value>(function)}, block);
}

MetaPtr PythonCall::infer_meta() const {
  const FrameMeta& like = matching_partitions(inputs, label);
  return make_frame_meta(schema, like.npartitions(), keeps_divisions ? like.divisions() : Divisions{}, like.estimated_bytes());
}

}  // namespace plait
