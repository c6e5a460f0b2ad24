// A Python function on each partition: map_partitions, and whatever pandas does for us.
#pragma once

#include <string>
#include <vector>

#include "base/shared.h"
#include "collections/dataframe/frame_op.h"

namespace plait {

// Calls a Python function on values; defined by the Python face.
inline constinit KernelId<Shared<Value>> call_python{"call_python"};

// `function` is called with the partitions as pandas objects; operands of one partition serve every call.
struct PythonCall final : Op<PythonCall>, FrameOp {
  std::vector<ExprPtr> inputs;
  Shared<Value> function;
  Table schema;  // of the result, no rows
  std::string label;
  bool is_pandas = false;  // our call of a pandas method, rather than the user's function
  bool keeps_divisions = true;
  std::string reason;  // why pandas does it, for explain()
  static constexpr auto op_name = "map_partitions";
  static constexpr auto fields =
      std::tuple{&PythonCall::inputs,    &PythonCall::function,        &PythonCall::schema, &PythonCall::label,
                 &PythonCall::is_pandas, &PythonCall::keeps_divisions, &PythonCall::reason};

  std::string_view op() const override { return label; }
  std::string describe() const override { return reason; }
  Origin origin() const override { return is_pandas ? Origin::pandas : Origin::python; }
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override { return !has_broadcast(inputs); }
  ExprPtr partition_source() const override { return partition_source_; }
  MetaPtr infer_meta() const override;

 private:
  mutable ExprPtr partition_source_;  // found when the node is made
};

// `function` is called once with all partitions, frame after frame; the result is one partition.
struct PythonWhole final : Op<PythonWhole>, FrameOp {
  std::vector<ExprPtr> inputs;
  Shared<Value> function;
  Table schema;
  std::string label;
  std::string reason;  // why pandas does it, for explain()
  static constexpr auto op_name = "python_whole";
  static constexpr auto fields = std::tuple{&PythonWhole::inputs, &PythonWhole::function, &PythonWhole::schema,
                                            &PythonWhole::label, &PythonWhole::reason};

  std::string_view op() const override { return label; }
  std::string describe() const override { return reason; }
  Origin origin() const override { return Origin::pandas; }
  BlockTask block_task(std::int64_t block) const override;
  MetaPtr infer_meta() const override { return make_frame_meta(schema, 1); }
};

}  // namespace plait
