// Plans as records: for pickling lazy objects and for sending them to another process. Every node is written once,
// operands before their consumers; reading makes each again, so that its checks run again.
#pragma once

#include "base/records.h"
#include "expr/expr.h"

namespace plait {

Record encode_plan(const std::vector<ExprPtr>& roots);
// Throws Error(io) if the record is damaged or names an operation that this program does not have.
std::vector<ExprPtr> decode_plan(const Record& record);

}  // namespace plait
