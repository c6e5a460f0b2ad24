#include "collections/source_line.h"

#include <fmt/format.h>

namespace plait {

SourceScope source_scope(const std::source_location& where) {
  if (where.line() == 0 || !SourceScope::current().empty()) return SourceScope("");
  return SourceScope(fmt::format("{}:{}, in {}", where.file_name(), where.line(), where.function_name()));
}

}  // namespace plait
