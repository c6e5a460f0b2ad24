// Where the batches of a stream come from.
#pragma once

#include <memory>
#include <optional>

#include "base/kernel.h"
#include "expr/expr.h"
#include "kernels/table/table_value.h"

namespace plait {

class BatchSource {
 public:
  virtual ~BatchSource() = default;
  // Nothing at the end.
  virtual std::optional<Table> next() = 0;
  // What a source without rows gives.
  virtual Table empty() const = 0;
};

// The rows that `call`, which takes no inputs, gives. Readers of files read a batch at a time; what others give is cut
// into batches.
std::unique_ptr<BatchSource> batch_source(const KernelCall& call, const TaskContext& context);

// Whether a stream may begin with this node.
bool is_batch_source(const ExprPtr& node);
// Whether its rows are in memory already, so that whoever wants them can have them as they are.
bool is_in_memory(const ExprPtr& source);
// The same reader, giving these text columns as codes where its format needs to be told.
ExprPtr with_encoded_text(const ExprPtr& reader, const std::vector<std::string>& columns);

}  // namespace plait
