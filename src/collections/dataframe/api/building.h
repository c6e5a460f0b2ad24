// What the public classes of tables are made with.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "collections/dataframe/partition_ops.h"
#include "collections/source_line.h"

namespace plait {

// Whether a column's label is text, rather than a number or of several levels.
bool is_text_label(const std::string& name);
inline bool is_number_or_bool(const ColumnType& type) { return is_numeric(type.kind) || type.kind == TypeKind::bool_; }
// Throws Error(key) with near names.
void require_columns(const ExprPtr& frame, const std::vector<std::string>& columns, std::string_view what);
// A table kernel on each partition that changes columns or labels, not rows.
ExprPtr relabelled(ExprPtr frame, KernelCall kernel, std::string label, CallTraits traits);

// describe() of numbers; percentiles are sorted.
ExprPtr describe_plan(const ExprPtr& values, std::vector<double> percentiles);

}  // namespace plait
