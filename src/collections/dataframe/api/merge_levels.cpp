#include "collections/dataframe/api/merge_levels.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/contains.h"
#include "collections/dataframe/api/building.h"
#include "collections/dataframe/merge.h"
#include "kernels/table/columns.h"

namespace plait {
namespace {

// What keys are called while they are joined, so that none is called as a column of the other side.
std::string joined_name(std::size_t key, std::string_view side) { return fmt::format("__{}key_{}__", side, key); }

using Names = std::map<std::string, std::string>;

// The frame with some levels of its index as columns, before its own, and some columns under other names; the other
// levels are left out.
DataFrame with_levels_as_columns(const DataFrame& frame, const Names& levels, const Names& columns, Location where) {
  if (levels.empty()) return columns.empty() ? frame : frame.rename(columns, where);
  Names all;
  std::vector<std::string> kept;
  for (const std::string& level : levels_of(frame.meta())) {
    const auto found = levels.find(level);
    all[level] = found == levels.end() ? fmt::format("__level_{}__", all.size()) : found->second;
    if (found != levels.end()) kept.push_back(found->second);
  }
  for (const std::string& column : frame.columns()) {
    const auto found = columns.find(column);
    kept.push_back(found == columns.end() ? column : found->second);
  }
  return frame.rename(columns, where).rename_index(all, where).reset_index(false, where).select(kept, where);
}

DataFrame labelled_by(const DataFrame& frame, const std::vector<std::string>& columns) {
  const CallTraits traits{.rowwise = true, .keeps_divisions = false};
  return DataFrame(
      relabelled(frame.expr(), table_kernel::set_index(SetIndexParams{columns, true}), "set_index", traits));
}

// Labels that are numbers of rows, as values.
DataFrame with_labels_written_out(const DataFrame& frame, const std::vector<std::string>& keys, Location where) {
  const IndexSpec index = frame.meta().index();
  if (!index.is_range() || !contains(keys, index.range_name)) return frame;
  return labelled_by(frame.reset_index(false, where), {index.range_name});
}

// Under which names the keys of the two sides are joined.
struct KeyNames {
  Names left_levels, left_columns;
  Names right_levels, right_columns;
};

KeyNames name_keys(JoinParams& params, const std::vector<std::string>& of_left,
                   const std::vector<std::string>& of_right) {
  KeyNames names;
  for (std::size_t k = 0; k < params.left_on.size(); ++k) {
    std::string& left = params.left_on[k];
    std::string& right = params.right_on[k];
    const bool is_shared = left == right;
    const bool is_left_level = contains(of_left, left);
    const bool is_right_level = contains(of_right, right);
    const bool is_renamed = is_shared && (is_left_level || is_right_level);
    if (is_left_level || is_renamed) {
      const std::string name = joined_name(k, is_renamed ? "" : "left_");
      (is_left_level ? names.left_levels : names.left_columns)[left] = name;
      left = name;
    }
    if (is_right_level || is_renamed) {
      const std::string name = joined_name(k, is_renamed ? "" : "right_");
      (is_right_level ? names.right_levels : names.right_columns)[right] = name;
      right = name;
    }
  }
  return names;
}

}  // namespace

std::vector<std::string> levels_of(const Table& table) {
  const IndexSpec& index = table.index();
  return index.is_range() && !index.range_name.empty() ? std::vector{index.range_name} : index.columns;
}

bool has_level_keys(const DataFrame& left, const DataFrame& right, const JoinParams& params) {
  const auto has_one = [](const DataFrame& side, const std::vector<std::string>& keys) {
    const std::vector<std::string> levels = levels_of(side.meta());
    return std::any_of(keys.begin(), keys.end(), [&](const std::string& key) { return contains(levels, key); });
  };
  return has_one(left, params.left_on) || has_one(right, params.right_on);
}

bool are_all_labels(const DataFrame& left, const DataFrame& right, const JoinParams& params) {
  return params.left_on.size() == 1 && params.left_on == params.right_on && levels_of(left.meta()) == params.left_on &&
         levels_of(right.meta()) == params.right_on;
}

DataFrame merge_by_levels(const DataFrame& left, const DataFrame& right, JoinParams params, Location where) {
  if (params.how == JoinHow::leftsemi || params.how == JoinHow::leftanti)
    return DataFrame(merge_expr(with_labels_written_out(left, params.left_on, where).expr(),
                                with_labels_written_out(right, params.right_on, where).expr(), params));
  const std::vector<std::string> of_left = levels_of(left.meta());
  const std::vector<std::string> of_right = levels_of(right.meta());
  const std::vector<std::string> keys = params.left_on;
  const KeyNames names = name_keys(params, of_left, of_right);
  const DataFrame rows(merge_expr(with_levels_as_columns(left, names.left_levels, names.left_columns, where).expr(),
                                  with_levels_as_columns(right, names.right_levels, names.right_columns, where).expr(),
                                  params));
  std::vector<std::string> columns = rows.columns();
  std::erase_if(columns, [&](const std::string& column) {
    const auto is_it = [&](const auto& level) { return level.second == column; };
    return std::ranges::any_of(names.left_levels, is_it) ||
           (std::ranges::any_of(names.right_levels, is_it) && !contains(params.left_on, column));
  });
  Names given;  // what the keys that are joined under another name are called
  std::vector<std::string> labels;
  for (std::size_t k = 0; k < keys.size(); ++k) {
    const std::string& joined = params.left_on[k];
    if (joined == keys[k] || joined != params.right_on[k]) continue;
    given[joined] = keys[k];
    if (contains(columns, joined)) continue;
    columns.insert(columns.begin() + static_cast<std::ptrdiff_t>(std::min(k, columns.size())), joined);
    if (contains(of_right, keys[k])) labels.push_back(keys[k]);
  }
  const DataFrame placed = rows.select(columns, where).rename(given, where);
  return labels.empty() ? placed : labelled_by(placed, labels);
}

}  // namespace plait
