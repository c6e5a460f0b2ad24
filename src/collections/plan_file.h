// Plans in files: what save_plan and load_plan of both faces call.
#pragma once

#include <string>
#include <vector>

#include "expr/expr.h"

namespace plait {

// Throws Error(io) if the file cannot be written.
void write_plan_file(const std::string& path, const std::vector<ExprPtr>& roots);
// Throws Error(file_not_found), and Error(io) if the file is damaged or names operations that this program does not
// have.
std::vector<ExprPtr> read_plan_file(const std::string& path);

}  // namespace plait
