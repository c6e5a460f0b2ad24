#include <algorithm>

#include "collections/dataframe/frame_building.h"
#include "collections/dataframe/reductions.h"
#include "plait/dataframe.h"

namespace plait {

GroupBy::GroupBy(std::shared_ptr<const Expr> frame, std::vector<std::string> by, std::vector<std::string> columns)
    : frame_(std::move(frame)), by_(std::move(by)), columns_(std::move(columns)) {
  require_columns(frame_, by_, "groupby");
  require_columns(frame_, columns_, "groupby");
}

GroupBy GroupBy::operator[](const std::vector<std::string>& columns) const { return GroupBy(frame_, by_, columns); }
GroupBy GroupBy::operator[](const std::string& column) const { return GroupBy(frame_, by_, {column}); }

GroupBy GroupBy::operator[](std::initializer_list<const char*> columns) const {
  return GroupBy(frame_, by_, std::vector<std::string>(columns.begin(), columns.end()));
}
GroupBy GroupBy::operator[](const char* column) const { return (*this)[std::string(column)]; }

DataFrame GroupBy::agg(const AggSpec& spec) const {
  GroupBySpec groups{.keys = by_};
  for (const auto& [column, functions] : spec) {
    require_columns(frame_, {column}, "agg");
    for (const std::string& function : functions) {
      groups.aggregates.push_back(
          {.column = column, .function = parse_aggregation(function), .output = join_label({column, function})});
    }
  }
  return DataFrame(groupby_expr(frame_, std::move(groups)));
}

DataFrame GroupBy::agg(const std::string& function) const {
  GroupBySpec groups{.keys = by_};
  const Aggregation aggregation = parse_aggregation(function);
  for (const std::string& column : columns_.empty() ? frame_meta(frame_).empty().names() : columns_) {
    if (std::find(by_.begin(), by_.end(), column) != by_.end()) continue;
    groups.aggregates.push_back({.column = column, .function = aggregation, .output = column});
  }
  return DataFrame(groupby_expr(frame_, std::move(groups)));
}

Series GroupBy::size() const {
  GroupBySpec groups{.keys = by_, .as_series = true};
  groups.aggregates.push_back({.column = "", .function = Aggregation::size, .output = std::string(kUnnamed)});
  return Series(groupby_expr(frame_, std::move(groups)));
}

}  // namespace plait
