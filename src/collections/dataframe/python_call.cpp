#include "collections/dataframe/python_call.h"

namespace plait {

BlockTask PythonCall::block_task(std::int64_t block) const {
  return partition_task(inputs, call_python(function), block);
}

MetaPtr PythonCall::infer_meta() const {
  const FrameMeta& like = matching_partitions(inputs, label);
  partition_source_ = partition_source_of(inputs);
  return make_frame_meta(schema, like.npartitions(), keeps_divisions ? like.divisions() : Divisions{},
                         like.estimated_bytes());
}

BlockTask PythonWhole::block_task(std::int64_t) const {
  BlockTask task{.call = call_python(function)};
  for (std::uint32_t operand = 0; operand < inputs.size(); ++operand) {
    for (std::int64_t i = 0; i < frame_meta(inputs[operand]).npartitions(); ++i) task.inputs.push_back({operand, i});
  }
  return task;
}

}  // namespace plait
