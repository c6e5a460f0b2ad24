#include "collections/dataframe/api/building.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "collections/dataframe/reductions.h"
#include "kernels/table/native_types.h"
#include "plait/table.h"

namespace plait {
namespace {

// Labels other than text stand in names behind this mark (see python/plait/dataframe/_labels.py).
constexpr char kMark = '\x1e';

std::string part_text(const std::string& part) {
  return !part.empty() && part.front() == kMark ? part.substr(1) : "'" + part + "'";
}

// 'delay', ('delay', 'mean'), 3
std::string label_text(const std::string& name) {
  const auto parts = split_label(name);
  if (parts.size() == 1) return part_text(name);
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part_text(part);
  return "(" + text + ")";
}

}  // namespace

bool is_text_label(const std::string& name) {
  return name.find(kMark) == std::string::npos && name.find(kLabelSeparator) == std::string::npos;
}

void require_columns(const ExprPtr& frame, const std::vector<std::string>& columns, std::string_view what) {
  const auto names = frame_meta(frame).empty().names();
  for (const std::string& column : columns) {
    if (std::find(names.begin(), names.end(), column) != names.end()) continue;
    std::string hint = did_you_mean(column, names);
    if (hint.empty() && names.size() <= 20) {
      for (const std::string& name : names) hint += (hint.empty() ? "; the columns are " : ", ") + label_text(name);
    }
    throw key_error(fmt::format("{}: there is no column {}{}", what, label_text(column), hint));
  }
}

ExprPtr relabelled(ExprPtr frame, KernelCall kernel, std::string label, CallTraits traits) {
  return make_expr<PartitionCall>(std::vector{std::move(frame)}, std::move(kernel), std::move(label), std::string(),
                                  traits);
}

ExprPtr describe_plan(const ExprPtr& values, std::vector<double> percentiles) {
  for (const double percentile : percentiles) {
    if (!(percentile >= 0 && percentile <= 1))
      throw value_error(fmt::format("percentiles should all be in the interval [0, 1]; found {}", percentile));
  }
  std::sort(percentiles.begin(), percentiles.end());
  percentiles.erase(std::unique(percentiles.begin(), percentiles.end()), percentiles.end());
  const Table& known = frame_meta(values).empty();
  require_native_describe(known);
  std::vector<std::string> numbers = known.names();
  std::erase_if(numbers, [&](const std::string& name) { return !is_numeric(known.type(name).kind); });
  const bool is_frame = known.form() == TableForm::frame;
  return describe_expr(is_frame ? select_columns(values, std::move(numbers)) : values, {std::move(percentiles)});
}

}  // namespace plait
