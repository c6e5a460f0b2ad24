// What tests of the dataframe collection share: frames in given partitions, and results as rows of text.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "collections/dataframe/frame_op.h"
#include "collections/dataframe/sources.h"
#include "collections/start.h"
#include "expr/plan.h"

namespace plait::testing_frames {

// These very partitions, which may be empty; their size is known.
inline ExprPtr frame_of(const std::vector<Table>& partitions) {
  start();
  std::vector<Value> values;
  for (const Table& table : partitions) values.push_back(Value::of(table));
  return make_expr<FromTables>(std::move(values), Table::empty(partitions.front().schema()), Divisions{});
}

// The same, of a size that nobody knows.
inline ExprPtr frame_of_unknown_size(const std::vector<Table>& partitions) {
  start();
  std::vector<Value> values;
  for (const Table& table : partitions) values.push_back(Value::of(table));
  const auto n = static_cast<std::int64_t>(partitions.size());
  return blocks_expr(make_frame_meta(Table::empty(partitions.front().schema()), n), std::move(values), unique_token(),
                     "given");
}

inline Table computed(const ExprPtr& expr, bool optimize = true) {
  return compute({expr}, {.scheduler = "sync", .optimize = optimize}).front().as<Table>();
}

// Every partition by itself.
inline std::vector<Table> partitions_of(const ExprPtr& expr) {
  Roots roots;
  for (std::int64_t i = 0; i < frame_meta(expr).npartitions(); ++i)
    roots.push_back(make_expr<Partitions>(expr, std::vector{i}));
  std::vector<Table> tables;
  for (const Value& value : compute(roots, {.scheduler = "sync"})) tables.push_back(value.as<Table>());
  return tables;
}

// "1|a|NaN": the columns of each row, without the index.
inline std::vector<std::string> rows_of(const Table& table) {
  std::vector<std::string> rows;
  for (std::int64_t i = 0; i < table.num_rows(); ++i) {
    std::string row;
    for (const std::string& name : table.names()) row += (row.empty() ? "" : "|") + to_string(table.at(name, i));
    rows.push_back(std::move(row));
  }
  return rows;
}
inline std::vector<std::string> sorted_rows_of(const Table& table) {
  auto rows = rows_of(table);
  std::sort(rows.begin(), rows.end());
  return rows;
}

// The plan after the passes, before it is lowered.
inline ExprPtr after_passes(ExprPtr root) {
  Roots roots{std::move(root)};
  for (const Pass& pass : passes()) {
    if (pass.name == "lower") break;
    roots = pass.run(std::move(roots));
  }
  return roots.front();
}

// The first node of a type, looked for from the root down; null if there is none.
template <class T>
std::shared_ptr<const T> find_op(const ExprPtr& root) {
  if (auto found = std::dynamic_pointer_cast<const T>(root)) return found;
  for (const ExprPtr& operand : root->operands()) {
    if (auto found = find_op<T>(operand)) return found;
  }
  return nullptr;
}

// A folder of a test's own, removed at its end.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "plait-frames-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace plait::testing_frames
