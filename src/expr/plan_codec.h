// Plans as records: for pickling lazy objects and for sending them to another process. Every node is written once,
// operands before their consumers; reading makes each again, so that its checks run again.
#pragma once

#include <string_view>
#include <vector>

#include "base/records.h"
#include "expr/expr.h"

namespace plait {

Record encode_plan(const std::vector<ExprPtr>& roots);
// Throws Error(io) if the record is damaged or names an operation that this program does not have.
std::vector<ExprPtr> decode_plan(const Record& record);

// The names under which nodes of all types that this program has are written.
std::vector<std::string_view> node_types();

}  // namespace plait
