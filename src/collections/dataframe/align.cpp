#include "collections/dataframe/align.h"

#include <fmt/format.h>

#include <algorithm>

#include "collections/dataframe/frame_kernels.h"
#include "collections/dataframe/label_order.h"
#include "collections/dataframe/partition_ops.h"
#include "collections/dataframe/repartition.h"
#include "kernels/table/columns.h"
#include "kernels/table/label_kernels.h"

namespace plait {
namespace {

bool has_rows(const ExprPtr& operand) { return frame_meta(operand).form() != TableForm::scalar; }

bool is_index(const ExprPtr& operand) { return frame_meta(operand).form() == TableForm::index; }

bool is_same(const ExprPtr& a, const ExprPtr& b) { return a == b || a->token() == b->token(); }

// Whether source(operand) is the same node for all.
template <class Source>
bool have_one(const std::vector<ExprPtr>& rows, const Source& source) {
  const ExprPtr first = source({rows.front()});
  return std::all_of(rows.begin() + 1, rows.end(), [&](const ExprPtr& each) { return is_same(first, source({each})); });
}

bool have_equal_numbers(const std::vector<ExprPtr>& rows) {
  return std::all_of(rows.begin() + 1, rows.end(), [&](const ExprPtr& each) {
    return frame_meta(each).npartitions() == frame_meta(rows.front()).npartitions();
  });
}

bool have_divisions(const std::vector<ExprPtr>& rows) {
  return std::all_of(rows.begin(), rows.end(), [](const ExprPtr& each) { return frame_meta(each).known_divisions(); });
}

bool are_cut_alike(const std::vector<ExprPtr>& rows) {
  const FrameMeta& first = frame_meta(rows.front());
  if (!have_equal_numbers(rows)) return false;
  if (first.npartitions() == 1) return true;
  // Partitions of one source may have got other labels.
  if (!have_divisions(rows)) return have_one(rows, partition_source_of);
  return std::all_of(rows.begin(), rows.end(),
                     [&](const ExprPtr& each) { return frame_meta(each).divisions() == first.divisions(); });
}

void require_divisions(const std::vector<ExprPtr>& rows, std::string_view op) {
  for (const ExprPtr& each : rows) {
    if (frame_meta(each).known_divisions()) continue;
    const ExprPtr& other = each == rows.front() ? rows.back() : rows.front();
    throw value_error(fmt::format(
        "{}: the rows come from different frames of {} and {} partitions, and the divisions of at least one are not "
        "known, so that rows cannot be aligned by their labels; make them known with set_index(..., sorted=True), put "
        "all rows into one partition each with repartition(npartitions=1), or use merge",
        op, frame_meta(other).npartitions(), frame_meta(each).npartitions()));
  }
}

}  // namespace

Divisions all_divisions(const std::vector<ExprPtr>& rows, std::string_view op) {
  Divisions all;
  for (const ExprPtr& each : rows) {
    for (const Literal& label : frame_meta(each).divisions()) {
      if (!all.empty() && !are_comparable(all.front(), label))
        throw type_error(fmt::format("{}: labels such as {} and {} have no order, so that rows cannot be aligned", op,
                                     to_string(all.front()), to_string(label)));
      all.push_back(label);
    }
  }
  std::sort(all.begin(), all.end(), label_less);
  all.erase(std::unique(all.begin(), all.end(), [](const auto& a, const auto& b) { return !label_less(a, b); }),
            all.end());
  if (all.size() == 1) all.push_back(all.front());
  return all;
}

std::vector<ExprPtr> cut_alike(std::vector<ExprPtr> operands, std::string_view op, bool by_number) {
  std::vector<ExprPtr> rows;
  std::copy_if(operands.begin(), operands.end(), std::back_inserter(rows), has_rows);
  if (rows.size() < 2 || are_cut_alike(rows)) return operands;
  for (const ExprPtr& each : rows) {
    if (is_index(each))
      throw value_error(fmt::format("{}: an index has no labels by which it could be aligned with other rows", op));
  }
  if (by_number && have_equal_numbers(rows) && !have_divisions(rows)) return operands;
  require_divisions(rows, op);
  const Divisions divisions = all_divisions(rows, op);
  for (ExprPtr& operand : operands) {
    if (has_rows(operand)) operand = cut_expr(operand, divisions);
  }
  return operands;
}

std::vector<ExprPtr> aligned(std::vector<ExprPtr> operands, AlignHow how, std::string_view op, bool by_number) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    if (has_rows(operands[i])) rows.push_back(i);
  }
  const auto of_rows = [&](const std::vector<ExprPtr>& from) {
    std::vector<ExprPtr> chosen;
    for (const std::size_t i : rows) chosen.push_back(from[i]);
    return chosen;
  };
  if (rows.size() < 2 || have_one(of_rows(operands), row_source_of)) return operands;
  // An index has no labels of its own: where it is cut as the others are, it goes with them row by row, as in pandas.
  std::vector<ExprPtr> labelled = of_rows(operands);
  const bool has_index = std::erase_if(labelled, is_index) > 0;
  if (has_index && (labelled.empty() || have_one(labelled, row_source_of)) && are_cut_alike(of_rows(operands)))
    return operands;
  operands = cut_alike(std::move(operands), op, by_number);
  std::vector<ExprPtr> labels;
  for (const ExprPtr& each : of_rows(operands)) {
    if (is_index(each))
      throw value_error(fmt::format("{}: an index has no labels by which it could be aligned with other rows", op));
    labels.push_back(make_expr<PartitionCall>(std::vector{each}, table_kernel::index_of(), std::string("index"),
                                              std::string(), CallTraits{.rowwise = true, .keeps_rows = true}));
  }
  const CallTraits traits{.by_column = true, .reads_index = true};
  const bool keeps_left = how == AlignHow::left || how == AlignHow::left_and_whole;
  for (std::size_t own = keeps_left ? 1 : 0; own < rows.size(); ++own) {
    std::vector<ExprPtr> inputs = labels;
    inputs.erase(inputs.begin() + static_cast<std::ptrdiff_t>(own));
    inputs.insert(inputs.begin(), operands[rows[own]]);
    operands[rows[own]] =
        make_expr<PartitionCall>(std::move(inputs), table_kernel::align_rows({how, static_cast<std::int64_t>(own)}),
                                 std::string("align"), std::string(op), traits);
  }
  return operands;
}

}  // namespace plait
