// A C++ function applied to partitions: what has no operation of its own.
#pragma once

#include <string>
#include <vector>

#include "base/function.h"
#include "collections/dataframe/frame_op.h"
#include "plait/map_partitions.h"

namespace plait {

// Partition i of the result is function(partition i of every frame); a frame of one partition serves every call.
struct MapPartitions final : Op<MapPartitions>, FrameOp {
  std::vector<ExprPtr> frames;
  Function function;
  Token identity;  // stands for the function: its name, or unlike all others where it has none in other processes
  Table schema;    // of the result, no rows
  bool clear_divisions = false;
  static constexpr auto op_name = "map_partitions";
  static constexpr auto type_name = "map_function_on_partitions";
  static constexpr auto fields = std::tuple{&MapPartitions::frames, &MapPartitions::function, &MapPartitions::identity,
                                            &MapPartitions::schema, &MapPartitions::clear_divisions};

  std::string_view op() const override { return function.name(); }
  std::string describe() const override { return "a C++ function"; }
  Token compute_token() const override;
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override { return !has_broadcast(frames); }
  ExprPtr partition_source() const override { return partition_source_; }
  MetaPtr infer_meta() const override;

 private:
  mutable ExprPtr partition_source_;  // found when the node is made
};

// As the engine calls it.
Function::Run partition_runner(PartitionFunction::Run run);
void register_map_partitions_kernel();

}  // namespace plait
