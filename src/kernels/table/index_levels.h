// The levels of an index while a result is built: which names they may have. Include only in .cpp files.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "kernels/table/arrow_table.h"

namespace plait {

inline constexpr std::string_view kUnnamedLevel = "__index_level_";
inline bool is_unnamed_level(std::string_view name) { return name.starts_with(kUnnamedLevel); }
inline std::string unnamed_level(std::size_t level) {
  return std::string(kUnnamedLevel) + std::to_string(level) + "__";
}

// Adds a level below the others. A column or another level may be called as it is: it gets a mark, which labels lose on
// their way to pandas.
inline void append_level(NamedColumn level, IndexSpec& index, std::vector<NamedColumn>& columns) {
  const auto is_taken = [&](const NamedColumn& column) { return column.name == level.name; };
  while (std::ranges::any_of(columns, is_taken)) level.name = std::string(kIndexPrefix) + level.name;
  index.columns.push_back(level.name);
  columns.push_back(std::move(level));
}

// Adds the levels of a table whose index is written out.
inline void append_levels_of(const Table& table, IndexSpec& index, std::vector<NamedColumn>& columns) {
  for (const std::string& name : table.index().columns) {
    NamedColumn level = named_column_of(table, name);
    if (is_unnamed_level(name)) level.name = unnamed_level(index.columns.size());
    append_level(std::move(level), index, columns);
  }
}

}  // namespace plait
